#include "server/config_consistency.h"

#include <algorithm>
#include <chrono>
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
using Lasting = std::pair<std::string, std::chrono::seconds>;
using Names = std::pair<std::string, std::vector<std::string>>;

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
  std::string path;
  bool is_set;
  std::string needed;
  bool is_there;
  std::string_view to_be = ""; // which value of it
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

// Nobody could tell what an opaque token that is not stored is worth.
std::vector<Needed> outage_needs(const Settings& settings) {
  std::vector<Needed> needs;
  for (std::size_t index = 0; index < settings.token_services.size(); ++index) {
    const oauth::AccessTokenSettings& tokens = settings.token_services[index].access_token;
    const std::string path = item_path(kServiceList, index);
    needs.push_back({member_path(path, "access_token.store_outage"),
                     tokens.store_outage == oauth::StoreOutage::mint,
                     member_path(path, "access_token.format"),
                     tokens.format == oauth::TokenFormat::jwt, ": jwt"});
  }
  return needs;
}

class Consistency {
public:
  Consistency(const ConfigReading& reading, ConfigFaults& faults)
      : reading_(reading), faults_(faults) {}

  void all_differ(const std::vector<Valued>& settings) {
    for (std::size_t later = 1; later < settings.size(); ++later)
      for (std::size_t earlier = 0; earlier < later; ++earlier)
        if (settings[later].second == settings[earlier].second)
          note_equal(settings[earlier].first, settings[later].first, settings[later].second);
  }

  void is_longer(const Lasting& longer, const Lasting& shorter, std::string_view why) {
    if (longer.second > shorter.second || is_refused(longer.first, shorter.first)) return;
    const bool at_longer = where_to_say_it(shorter.first, longer.first) == longer.first;
    const auto& [at, other] = at_longer ? std::pair(longer, shorter) : std::pair(shorter, longer);
    note(at.first,
         fmt::format("{}s must be {} than {}, which is {}s: {}", at.second.count(),
                     at_longer ? "longer" : "shorter", other.first, other.second.count(), why));
  }

  // All names of the list are names of the map.
  void all_are_in(const Names& list, const Names& map, std::string_view why) {
    if (is_refused(list.first, map.first)) return;
    for (const std::string& name : list.second)
      if (std::ranges::find(map.second, name) == map.second.end())
        note(list.first, fmt::format("\"{}\" is not in {}: {}", name, map.first, why));
  }

  void have_what_they_need(const std::vector<Needed>& settings) {
    for (const Needed& each : settings)
      if (each.is_set && !each.is_there && !is_refused(each.path, each.needed))
        note(each.path, fmt::format("needs {}{}", each.needed, each.to_be));
  }

private:
  bool is_refused(const std::string& one, const std::string& other) const {
    return reading_.is_refused(one) || reading_.is_refused(other);
  }

  // At the later of two settings, unless only the earlier one was set.
  const std::string& where_to_say_it(const std::string& earlier, const std::string& later) const {
    const bool only_earlier = reading_.places.contains(earlier) && !reading_.places.contains(later);
    return only_earlier ? earlier : later;
  }

  void note_equal(const std::string& earlier, const std::string& later, std::string_view value) {
    if (is_refused(earlier, later)) return;
    const std::string& at = where_to_say_it(earlier, later);
    note(at, fmt::format("\"{}\" is also {}; they must differ", value,
                         at == earlier ? later : earlier));
  }

  void note(const std::string& at, std::string what) {
    FaultNotes(at, faults_).note(reading_.place_of(at), std::move(what));
  }

  const ConfigReading& reading_;
  ConfigFaults& faults_;
};

// Whoever checks tokens by himself must have met a key before its first token, however long he
// keeps the key set; and a successor cannot be announced before its predecessor began.
void check_signing_keys(const SigningKeySettings& keys, Consistency& consistency) {
  const Lasting announced("signing_keys.announce_for", keys.announce_for);
  consistency.is_longer(announced, {"signing_keys.max_age", keys.max_age},
                        "a key set that was fetched just before must be over when the new key "
                        "signs");
  consistency.is_longer({"signing_keys.rotate_every", keys.rotate_every}, announced,
                        "a successor is announced while the key signs");
}

// A claim that nothing stands behind would be missed by the APIs that rely on it.
void check_claims(const Settings& settings, Consistency& consistency) {
  for (std::size_t index = 0; index < settings.token_services.size(); ++index) {
    const oauth::TokenServiceSettings& service = settings.token_services[index];
    const std::string path = item_path(kServiceList, index);
    Names parameters(member_path(path, "parameters"), {});
    for (const auto& [name, value] : service.parameters)
      parameters.second.push_back(name);
    consistency.all_are_in({member_path(path, "access_token.claims"), service.access_token.claims},
                           parameters, "a claim is a parameter of the service");
  }
}

} // namespace

void check_consistency(const ConfigReading& reading, ConfigFaults& faults) {
  Consistency consistency(reading, faults);
  consistency.all_differ(service_paths(reading.settings));
  consistency.all_differ(ports(reading.settings));
  consistency.all_differ(store_files(reading.settings));
  consistency.have_what_they_need(tls_needs(reading.settings.listen.tls));
  consistency.have_what_they_need(outage_needs(reading.settings));
  check_signing_keys(reading.settings.signing_keys, consistency);
  check_claims(reading.settings, consistency);
}

} // namespace assay::server
