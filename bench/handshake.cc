// Makes full TLS 1.3 handshakes with a server on this machine, one after the other, each on a
// connection of its own. How much of the server's time they took, who runs this measures.
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "bench/wire.h"

int main(int argument_count, char** arguments) try {
  CLI::App program("Makes TLS handshakes with a server on 127.0.0.1.");
  std::uint16_t port = 0;
  std::size_t count = 0;
  program.add_option("--port", port)->required()->check(CLI::Range(1, 65535));
  program.add_option("--count", count)->required()->check(CLI::Range(1, 100'000));
  CLI11_PARSE(program, argument_count, arguments);

  const std::optional<assay::bench::TlsSide> tls(std::in_place);
  for (std::size_t made = 0; made < count; ++made)
    assay::bench::Wire(port, tls).end();
} catch (const std::exception& error) {
  fmt::print(stderr, "handshake: {}\n", error.what());
  return 1;
}
