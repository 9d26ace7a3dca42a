// What a row of the table of settings is made with. Internal to the table's files.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jose/algorithm.h"
#include "server/config_table.h"
#include "server/config_text.h"

namespace assay::server {

// Where a setting's value is.
template <class T> struct Member {
  std::function<T&(Settings&, std::size_t service)> of;
};

template <class T> Member<T> at(T Settings::* member) {
  return {[=](Settings& all, std::size_t) -> T& { return all.*member; }};
}

template <class Group, class T> Member<T> at(Group Settings::* group, T Group::* member) {
  return {[=](Settings& all, std::size_t) -> T& { return all.*group.*member; }};
}

template <class Group, class Part, class T>
Member<T> at(Group Settings::* group, Part Group::* part, T Part::* member) {
  return {[=](Settings& all, std::size_t) -> T& { return all.*group.*part.*member; }};
}

template <class T> Member<T> at(T oauth::TokenServiceSettings::* member) {
  return {[=](Settings& all, std::size_t service) -> T& {
    return all.token_services[service].*member;
  }};
}

template <class Group, class T>
Member<T> at(Group oauth::TokenServiceSettings::* group, T Group::* member) {
  return {[=](Settings& all, std::size_t service) -> T& {
    return all.token_services[service].*group.*member;
  }};
}

template <class T>
Setting setting(std::string_view path, Change change, const Member<T>& member, const Kind<T>& kind,
                std::string_view help) {
  const auto read = [member, read_value = kind.read](const ConfigNode& node,
                                                     const FaultNotes& faults, Settings& all,
                                                     std::size_t service) {
    auto value = read_value(node, faults);
    if (!value) return false;
    member.of(all, service) = *std::move(value);
    return true;
  };
  const auto value = [member, write = kind.write](Settings all, std::size_t service) {
    return write(member.of(all, service));
  };
  return {.path = std::string(path),
          .change = change,
          .help = std::string(help),
          .allowed = kind.allowed,
          .schema = kind.schema,
          .read = read,
          .value = value};
}

// Those that JWT access tokens and signed answers are made with; RS256 costs a thread most.
inline Kind<jose::Algorithm> signing_algorithm() {
  return choice_of<jose::Algorithm>({{"ES256", jose::Algorithm::es256},
                                     {"EdDSA", jose::Algorithm::eddsa},
                                     {"RS256", jose::Algorithm::rs256},
                                     {"PS256", jose::Algorithm::ps256}});
}

} // namespace assay::server
