#include "stores/redis/redis_command.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace assay::stores {

namespace {

using Kind = RedisFault::Kind;

struct Word {
  std::string_view text;
  Kind kind;
};

constexpr std::array kWords{
    Word{"MOVED", Kind::moved},        Word{"ASK", Kind::ask},
    Word{"TRYAGAIN", Kind::not_now},   Word{"CLUSTERDOWN", Kind::not_now},
    Word{"LOADING", Kind::not_now},    Word{"MASTERDOWN", Kind::not_now},
    Word{"READONLY", Kind::read_only}, Word{"NOSCRIPT", Kind::script_gone},
};

std::string_view word_in(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return word;
}

// `host:port`; an IPv6 address has no brackets here. An empty host is that of the node asked.
std::optional<RedisEndpoint> node_in(std::string_view text, const RedisEndpoint& asked) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  RedisEndpoint node{host.empty() || host == "?" ? asked.host : std::string(host), 0};
  const auto [end, error] = std::from_chars(port.begin(), port.end(), node.port);
  if (error != std::errc() || end != port.end() || node.port == 0) return std::nullopt;
  return node;
}

} // namespace

void append_redis_command(std::string& bytes, const std::vector<std::string_view>& arguments) {
  fmt::format_to(std::back_inserter(bytes), "*{}\r\n", arguments.size());
  for (const std::string_view argument : arguments) {
    fmt::format_to(std::back_inserter(bytes), "${}\r\n", argument.size());
    bytes.append(argument).append("\r\n");
  }
}

RedisFault RedisFault::of(std::string_view error, const RedisEndpoint& asked) {
  const auto* const word = std::ranges::find(kWords, word_in(error), &Word::text);
  if (word == kWords.end()) return {};
  if (word->kind != Kind::moved && word->kind != Kind::ask) return {word->kind, {}};

  word_in(error); // the slot: we know it
  auto node = node_in(word_in(error), asked);
  if (!node) return {};
  return {word->kind, *std::move(node)};
}

} // namespace assay::stores
