#include "server/config_consistency.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "server/config_kind.h"
#include "server/config_table.h"

namespace assay::server {

namespace {

// A setting's path, and its value as text.
using Valued = std::pair<std::string, std::string>;

// Two services at one path: which of them would answer?
std::vector<Valued> service_paths(const Settings& settings) {
  std::vector<Valued> paths;
  paths.reserve(settings.token_services.size());
  for (std::size_t index = 0; index < settings.token_services.size(); ++index)
    paths.emplace_back(member_path(item_path(kServiceList, index), "path"),
                       settings.token_services[index].path);
  return paths;
}

// The manager's endpoints must not be open to clients by a slip.
std::vector<Valued> ports(const Settings& settings) {
  const auto is_any = [](std::string_view address) {
    return address == "0.0.0.0" || address == "::";
  };
  const auto& [listen, manager] = std::pair(settings.listen, settings.manager);
  const bool one_address =
      listen.address == manager.address || is_any(listen.address) || is_any(manager.address);
  if (listen.port == 0 || !one_address) return {};
  return {{"listen.port", std::to_string(listen.port)},
          {"manager.port", std::to_string(manager.port)}};
}

// SQLite has one writer a file: the stores would wait for each other.
std::vector<Valued> store_files(const Settings& settings) {
  std::vector<Valued> files;
  for (const auto& [path, url] : {Valued("stores.registry", settings.stores.registry),
                                  Valued("stores.tokens", settings.stores.tokens),
                                  Valued("stores.usage", settings.stores.usage)})
    if (url.starts_with("sqlite:")) files.emplace_back(path, url);
  return files;
}

// A setting, whether it is in force, and one that it is nothing without.
struct Needed {
  std::string_view path;
  bool is_set;
  std::string_view needed;
  bool is_there;
};

std::vector<Needed> tls_needs(const TlsSettings& tls) {
  const bool has_certificate = !tls.certificate.empty();
  const bool has_key = !tls.key.empty();
  const bool has_ca = !tls.client_ca.empty();
  return {{"listen.tls.certificate", has_certificate, "listen.tls.key", has_key},
          {"listen.tls.key", has_key, "listen.tls.certificate", has_certificate},
          {"listen.tls.ask_client_certificate", tls.ask_client_certificate,
           "listen.tls.certificate", has_certificate},
          {"listen.tls.client_ca", has_ca, "listen.tls.ask_client_certificate",
           tls.ask_client_certificate}};
}

class Consistency {
public:
  Consistency(const ConfigReading& reading, ConfigFaults& faults)
      : reading_(reading), faults_(faults) {}

  void all_differ(const std::vector<Valued>& settings) {
    for (std::size_t later = 1; later < settings.size(); ++later)
      for (std::size_t earlier = 0; earlier < later; ++earlier)
        if (settings[later].second == settings[earlier].second)
          note(settings[earlier].first, settings[later].first, settings[later].second);
  }

  void have_what_they_need(const std::vector<Needed>& settings) {
    for (const Needed& each : settings)
      if (each.is_set && !each.is_there && !reading_.is_refused(std::string(each.needed)))
        FaultNotes(std::string(each.path), faults_)
            .note(reading_.place_of(std::string(each.path)), fmt::format("needs {}", each.needed));
  }

private:
  void note(const std::string& earlier, const std::string& later, std::string_view value) {
    if (reading_.is_refused(earlier) || reading_.is_refused(later)) return;
    const bool only_earlier = reading_.places.contains(earlier) && !reading_.places.contains(later);
    const std::string& at = only_earlier ? earlier : later;
    const std::string& other = only_earlier ? later : earlier;
    FaultNotes(at, faults_)
        .note(reading_.place_of(at),
              fmt::format("\"{}\" is also {}; they must differ", value, other));
  }

  const ConfigReading& reading_;
  ConfigFaults& faults_;
};

} // namespace

void check_consistency(const ConfigReading& reading, ConfigFaults& faults) {
  Consistency consistency(reading, faults);
  consistency.all_differ(service_paths(reading.settings));
  consistency.all_differ(ports(reading.settings));
  consistency.all_differ(store_files(reading.settings));
  consistency.have_what_they_need(tls_needs(reading.settings.listen.tls));
}

} // namespace assay::server
