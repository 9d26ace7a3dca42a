#include "registry/client_metadata.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "registry/record_limits.h"
#include "registry/record_reader.h"

namespace assay::registry {

namespace {

constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::size_t kScopeTextBytesMax = 64 * 1024;
constexpr std::size_t kContactsMax = 20;
constexpr std::size_t kUnusedNamesMax = 20; // of response types

// RFC 7591 section 2 has the grants by the names of RFC 6749, which for one is a URN.
std::string_view metadata_name(GrantType grant) {
  return grant == GrantType::jwt_bearer ? kJwtBearer : name(grant);
}

std::optional<GrantType> grant_of(std::string_view text) {
  const auto found = std::ranges::find(kGrantTypes, text, metadata_name);
  if (found == kGrantTypes.end()) return std::nullopt;
  return *found;
}

template <class Range> std::string listed(const Range& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

template <class Value> bool is_among(const std::vector<Value>& values, const Value& value) {
  return std::ranges::find(values, value) != values.end();
}

std::vector<std::string_view> names_of(const std::vector<GrantType>& grants) {
  std::vector<std::string_view> names;
  names.reserve(grants.size());
  for (const GrantType grant : grants)
    names.push_back(metadata_name(grant));
  return names;
}

std::vector<std::string_view> names_of(const std::vector<AuthMethod>& methods) {
  std::vector<std::string_view> names;
  names.reserve(methods.size());
  for (const AuthMethod method : methods)
    names.push_back(name(method));
  return names;
}

bool is_empty_list(const json::value& value) {
  return value.is_array() && value.get_array().empty();
}

// RFC 7592 section 2.2: what is null or empty is as good as left out.
bool counts_as_absent(const json::value& value) {
  return value.is_null() || (value.is_string() && value.get_string().empty());
}

// Reads one client's metadata into the members of its record.
class MetadataReader {
public:
  MetadataReader(const json::object& metadata, const MetadataRules& rules)
      : rules_(rules), sent_(metadata, "", faults_) {}

  std::expected<json::object, MetadataRefusal> read() {
    const AuthMethod method = read_auth_method();
    members_["auth_methods"] = json::array{name(method)};
    members_["grants"] = read_grants(method);
    read_description();
    read_keys(method);
    members_["scopes"] = read_scopes();
    read_certificate_names(method);
    members_["dpop_bound_access_tokens"] =
        read_binding("dpop_bound_access_tokens", rules_.ceiling.dpop_bound);
    members_["tls_client_certificate_bound_access_tokens"] =
        read_binding("tls_client_certificate_bound_access_tokens", rules_.ceiling.tls_bound);
    check_algorithms();
    check_response_types();
    if (faults_.empty()) return std::move(members_);
    return std::unexpected(MetadataRefusal{MetadataFault::invalid, std::move(faults_)});
  }

private:
  // RFC 7591 section 2: "If unspecified or omitted, the default is client_secret_basic".
  AuthMethod read_auth_method() {
    constexpr std::string_view kMember = "token_endpoint_auth_method";
    const auto sent = sent_.text(kMember, {kTextBytesMax});
    const auto method =
        sent_.has(kMember) ? auth_method_named(sent.value_or("")) : AuthMethod::client_secret_basic;
    if (method && is_among(rules_.ceiling.auth_methods, *method)) return *method;
    const std::string_view which =
        sent_.has(kMember) ? "must be" : "is client_secret_basic where it is absent, and must be";
    sent_.fault_of(
        kMember, fmt::format("{} one of {}", which, listed(names_of(rules_.ceiling.auth_methods))));
    return AuthMethod::none;
  }

  // Its default in RFC 7591, authorization_code, is not to be had here: then it is all that is.
  json::array read_grants(AuthMethod method) {
    json::array grants;
    const auto items = sent_.texts("grant_types", {kGrantTypes.size(), kTextBytesMax});
    for (const TextItem& item : items) {
      const auto grant = grant_of(item.text);
      if (!grant || !is_among(rules_.ceiling.grants, *grant))
        sent_.fault_at(item.field, "must be one of " + listed(names_of(rules_.ceiling.grants)));
      else if (!suits(*grant, method))
        sent_.fault_at(item.field, "needs a client that authenticates (RFC 6749 section 4.4)");
      else
        grants.emplace_back(name(*grant));
    }
    if (!sent_.has("grant_types"))
      for (const GrantType grant : rules_.ceiling.grants)
        if (suits(grant, method)) grants.emplace_back(name(grant));
    if (grants.empty()) sent_.fault_of("grant_types", "must have one that the client can use");
    return grants;
  }

  static bool suits(GrantType grant, AuthMethod method) {
    return grant != GrantType::client_credentials || method != AuthMethod::none;
  }

  void read_description() {
    copy_text("client_name", "name");
    copy_text("client_uri", "website");
    copy_text("logo_uri", "logo");
    const auto contacts = sent_.texts("contacts", {kContactsMax, kTextBytesMax});
    if (!contacts.empty()) members_["contact_email"] = contacts.front().text;
  }

  void copy_text(std::string_view metadata, std::string_view member) {
    if (const auto text = sent_.text(metadata, {kTextBytesMax})) members_[member] = *text;
  }

  void read_keys(AuthMethod method) {
    if (sent_.has("jwks") && sent_.has("jwks_uri"))
      sent_.fault_of("jwks_uri", "cannot stand beside jwks (RFC 7591 section 2)");
    if (const auto uri = sent_.text("jwks_uri", {kUriBytesMax})) members_["jwks_uri"] = *uri;
    if (const json::value* set = sent_.member("jwks")) members_["keys"] = keys_in(*set);

    const bool is_by_key =
        method == AuthMethod::private_key_jwt || method == AuthMethod::self_signed_tls_client_auth;
    const json::value* keys = members_.if_contains("keys");
    if (is_by_key && !sent_.has("jwks_uri") && (!keys || is_empty_list(*keys)))
      sent_.fault_of("jwks",
                     fmt::format("with a key, or jwks_uri, is needed for {}", name(method)));
  }

  json::array keys_in(const json::value& set) {
    json::array keys;
    const json::object* object = set.if_object();
    const json::value* list = object ? object->if_contains("keys") : nullptr;
    if (!list || !list->is_array()) {
      sent_.fault_of("jwks", "must be a JWK Set: an object with a list named keys");
      return keys;
    }
    for (const json::value& jwk : list->get_array()) {
      const std::string field = fmt::format("jwks.keys[{}]", keys.size());
      if (!jwk.is_object())
        sent_.fault_at(field, "must be a JWK");
      else if (is_secret(jwk.get_object()))
        sent_.fault_at(field, "is a private or a symmetric key; send public keys alone");
      keys.push_back(json::object{{"jwk", jwk}});
    }
    return keys;
  }

  // Whoever sent one has given it away: it must not become a key that counts (RFC 7517 section
  // 9.2).
  static bool is_secret(const json::object& jwk) {
    constexpr std::array<std::string_view, 9> kPrivateMembers{"d",  "p",   "q", "dp",  "dq",
                                                              "qi", "oth", "k", "priv"};
    return std::ranges::any_of(kPrivateMembers,
                               [&](std::string_view member) { return jwk.contains(member); });
  }

  json::array read_scopes() {
    json::array scopes;
    const auto sent = sent_.text("scope", {kScopeTextBytesMax});
    std::vector<std::string> wanted = words_of(sent.value_or(""));
    if (!sent_.has("scope"))
      for (const RegisteredScope& scope : rules_.ceiling.scopes)
        if (scope.is_default) wanted.push_back(scope.name);

    for (const std::string& word : wanted) {
      const auto scope = std::ranges::find(rules_.ceiling.scopes, word, &RegisteredScope::name);
      if (scope == rules_.ceiling.scopes.end()) {
        sent_.fault_of("scope", "asks for more than the token for registration allows");
        return {};
      }
      scopes.push_back({{"name", scope->name}, {"default", scope->is_default}});
    }
    return scopes;
  }

  // Each once, in their order: a scope is a set (RFC 6749 section 3.3).
  static std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(' '), text.size());
      std::string word(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (!word.empty() && !is_among(words, word)) words.push_back(std::move(word));
    }
    return words;
  }

  // RFC 8705 section 2.1.2: exactly one; that there is not another is for the record to check.
  void read_certificate_names(AuthMethod method) {
    bool has_one = false;
    for (const CertificateNameKind kind : kCertificateNameKinds) {
      const auto text = sent_.text(name(kind), {kTextBytesMax});
      if (!text) continue;
      members_[name(kind)] = *text;
      has_one = true;
    }
    if (method == AuthMethod::tls_client_auth && !has_one)
      sent_.fault_of("tls_client_auth_subject_dn", "or one of tls_client_auth_san_dns, _uri, _ip "
                                                   "and _email is needed for tls_client_auth");
  }

  bool read_binding(std::string_view member, bool is_demanded) {
    const auto sent = sent_.flag(member);
    if (is_demanded && sent == false)
      sent_.fault_of(member, "must be true: the token for registration demands it");
    return is_demanded || sent.value_or(false);
  }

  void check_algorithms() {
    constexpr std::string_view kSigning = "token_endpoint_auth_signing_alg";
    if (const auto algorithm = sent_.text(kSigning, {kTextBytesMax})) {
      if (jose::algorithm_named(*algorithm))
        members_["algorithms"] = json::array{*algorithm};
      else
        sent_.fault_of(kSigning, "is no algorithm that is accepted here");
    }
    constexpr std::string_view kIntrospection = "introspection_signed_response_alg";
    const auto own = name(rules_.introspection_algorithm);
    const auto sent = sent_.text(kIntrospection, {kTextBytesMax});
    if (sent && *sent != own) sent_.fault_of(kIntrospection, fmt::format("must be {}", own));
  }

  // There is no authorization endpoint that would answer one.
  void check_response_types() {
    if (!sent_.texts("response_types", {kUnusedNamesMax, kTextBytesMax}).empty())
      sent_.fault_of("response_types", "must be empty: none is supported here");
  }

  const MetadataRules& rules_;
  FieldFaults faults_;
  RecordReader sent_;
  json::object members_;
};

// The key as it was sent; of one that an operator registered as PEM, its JWK.
std::optional<json::object> jwk_of(const RegisteredKey& key) {
  const bool is_jwk = key.text.starts_with('{');
  const auto parsed = is_jwk ? std::nullopt : std::optional(parse(key));
  if (parsed && !*parsed) return std::nullopt;
  auto jwk = parse_strict_json(is_jwk ? key.text : (*parsed)->to_jwk());
  if (!jwk || !jwk->is_object()) return std::nullopt;
  if (key.key_id) jwk->get_object()["kid"] = *key.key_id;
  return std::move(jwk->get_object());
}

json::array jwks_of(const Application& application) {
  json::array keys;
  for (const RegisteredKey& key : application.keys)
    if (auto jwk = key.enabled ? jwk_of(key) : std::nullopt) keys.push_back(std::move(*jwk));
  return keys;
}

std::string scope_of(const Application& application) {
  std::vector<std::string_view> names;
  names.reserve(application.scopes.size());
  for (const RegisteredScope& scope : application.scopes)
    names.push_back(scope.name);
  return fmt::format("{}", fmt::join(names, " "));
}

} // namespace

std::expected<json::object, MetadataRefusal> to_client_members(const json::object& metadata,
                                                               const MetadataRules& rules) {
  json::object sent;
  for (const auto& [name, value] : metadata)
    if (!counts_as_absent(value)) sent[name] = value;
  if (sent.contains("software_statement"))
    return std::unexpected(
        MetadataRefusal{MetadataFault::software_statement, {{"software_statement", ""}}});
  const json::value* redirects = sent.if_contains("redirect_uris");
  if (redirects && !is_empty_list(*redirects))
    return std::unexpected(MetadataRefusal{MetadataFault::redirect_uri, {{"redirect_uris", ""}}});
  return MetadataReader(sent, rules).read();
}

FieldFaults in_metadata(FieldFaults faults) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kNames{
      {{"name", "client_name"},
       {"website", "client_uri"},
       {"logo", "logo_uri"},
       {"contact_email", "contacts[0]"},
       {"scopes", "scope"},
       {"grants", "grant_types"},
       {"auth_methods", "token_endpoint_auth_method"},
       {"algorithms", "token_endpoint_auth_signing_alg"}}};
  for (FieldFault& fault : faults) {
    const std::string member = fault.field.substr(0, fault.field.find_first_of("[."));
    const auto named =
        std::ranges::find(kNames, std::string_view(member), &decltype(kNames)::value_type::first);
    if (named != kNames.end()) fault.field = named->second;
    if (member != "keys") continue;
    fault.field.insert(0, "jwks.");
    if (fault.field.ends_with(".jwk")) fault.field.resize(fault.field.size() - 4);
  }
  return faults;
}

json::object to_metadata(const Application& application, jose::Algorithm introspection_algorithm) {
  json::object metadata;
  const auto add_text = [&](std::string_view member, const std::string& text) {
    if (!text.empty()) metadata[member] = text;
  };
  add_text("client_name", application.name);
  add_text("client_uri", application.website);
  add_text("logo_uri", application.logo);
  if (!application.contact_email.empty())
    metadata["contacts"] = json::array{application.contact_email};
  metadata["scope"] = scope_of(application);
  const auto grants = names_of(application.grants);
  metadata["grant_types"] = json::array(grants.begin(), grants.end());
  metadata["response_types"] = json::array();
  if (!application.auth_methods.empty())
    metadata["token_endpoint_auth_method"] = name(application.auth_methods.front());
  if (!application.algorithms.empty())
    metadata["token_endpoint_auth_signing_alg"] = name(application.algorithms.front());
  add_text("jwks_uri", application.jwks_uri);
  if (application.jwks_uri.empty() && !application.keys.empty())
    metadata["jwks"] = json::object{{"keys", jwks_of(application)}};
  if (const auto& certificate = application.certificate_name)
    metadata[name(certificate->kind)] = certificate->value;
  metadata["dpop_bound_access_tokens"] = application.dpop_bound_access_tokens;
  metadata["tls_client_certificate_bound_access_tokens"] =
      application.tls_client_certificate_bound_access_tokens;
  metadata["introspection_signed_response_alg"] = name(introspection_algorithm);
  return metadata;
}

RegistrationCeiling ceiling_of(const Application& application) {
  return {.scopes = application.scopes,
          .grants = application.grants,
          .auth_methods = application.auth_methods,
          .resources = application.resources,
          .dpop_bound = application.dpop_bound_access_tokens,
          .tls_bound = application.tls_client_certificate_bound_access_tokens};
}

bool uses_secret(AuthMethod method) {
  return method == AuthMethod::client_secret_basic || method == AuthMethod::client_secret_post;
}

} // namespace assay::registry
