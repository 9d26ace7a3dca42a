#include "server/config_consistency.h"

#include <utility>

#include <fmt/format.h>

#include "server/config_kind.h"
#include "server/config_table.h"

namespace assay::server {

namespace {

class Consistency {
public:
  Consistency(const ConfigReading& reading, ConfigFaults& faults)
      : reading_(reading), settings_(reading.settings), faults_(faults) {}

  // Two services at one path: which of them would answer?
  void check_service_paths() {
    const auto& services = settings_.token_services;
    for (std::size_t later = 1; later < services.size(); ++later)
      for (std::size_t earlier = 0; earlier < later; ++earlier)
        if (services[later].path == services[earlier].path)
          note(path_of(earlier), path_of(later),
               fmt::format("\"{}\" is also that of {}", services[later].path, path_of(earlier)));
  }

  // The manager's endpoints must not be open to clients by a slip.
  void check_ports() {
    const auto& [listen, manager] = std::pair{settings_.listen, settings_.manager};
    if (listen.port == 0 || listen.port != manager.port) return;
    if (listen.address == manager.address || is_any(listen.address) || is_any(manager.address))
      note("listen.port", "manager.port",
           fmt::format("{} is also listen.port, at the same address", manager.port));
  }

  // SQLite has one writer a file: the stores would wait for each other.
  void check_store_files() {
    const std::pair<std::string, std::string> stores[] = {
        {"stores.registry", settings_.stores.registry},
        {"stores.tokens", settings_.stores.tokens},
        {"stores.usage", settings_.stores.usage}};
    for (std::size_t later = 1; later < std::size(stores); ++later)
      for (std::size_t earlier = 0; earlier < later; ++earlier)
        if (stores[later].second.starts_with("sqlite:") &&
            stores[later].second == stores[earlier].second)
          note(stores[earlier].first, stores[later].first,
               fmt::format("is the file of {} too; each store has one of its own",
                           stores[earlier].first));
  }

private:
  static bool is_any(const std::string& address) { return address == "0.0.0.0" || address == "::"; }

  static std::string path_of(std::size_t service) {
    return member_path(item_path(kServiceList, service), "path");
  }

  void note(const std::string& earlier, const std::string& later, std::string what) {
    if (reading_.refused.contains(earlier) || reading_.refused.contains(later)) return;
    FaultNotes(later, faults_).note(reading_.place_of(later), std::move(what));
  }

  const ConfigReading& reading_;
  const Settings& settings_;
  ConfigFaults& faults_;
};

} // namespace

void check_consistency(const ConfigReading& reading, ConfigFaults& faults) {
  Consistency consistency(reading, faults);
  consistency.check_service_paths();
  consistency.check_ports();
  consistency.check_store_files();
}

} // namespace assay::server
