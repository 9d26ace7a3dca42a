#include "registry/application.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/url.h"
#include "jose/distinguished_name.h"
#include "registry/key_reader.h"
#include "registry/record_limits.h"
#include "registry/record_reader.h"
#include "registry/scope_library.h"

namespace assay::registry {

namespace {

std::string read_client_id(RecordReader& record) {
  auto id = record.text("client_id", {kClientIdBytesMax});
  if (!id) return {};
  if (is_client_id(*id)) return std::move(*id);
  record.fault_of("client_id", "must be printable ASCII without space, \" and \\, and not . or ..");
  return {};
}

std::string read_text(RecordReader& record, std::string_view name) {
  return record.text(name, {kTextBytesMax}).value_or("");
}

std::string read_url(RecordReader& record, std::string_view name) {
  std::string url = read_text(record, name);
  if (!url.empty() && !parse_http_url(url)) record.fault_of(name, "must be an http or https URL");
  return url;
}

// Enough to catch a slip: whether mail arrives there only mail can tell.
bool is_email_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && at == text.rfind('@') &&
         !text.contains(' ');
}

std::string read_email(RecordReader& record) {
  std::string email = read_text(record, "contact_email");
  if (!email.empty() && !is_email_address(email))
    record.fault_of("contact_email", "must be one address, such as ops@example.com");
  return email;
}

// Of one secret, what is kept of it; its field and text are its identity among the others.
struct SecretItem {
  std::string member;
  std::string text;
  KeptSecret kept;
};

std::optional<SecretItem> read_secret(RecordReader& item) {
  const bool is_chosen = item.has("argon2id");
  const std::string member = is_chosen ? "argon2id" : "sha256";
  const auto text = item.text(member, {kTextBytesMax});
  if (item.has("argon2id") && item.has("sha256")) {
    item.fault_of("sha256", "cannot stand beside argon2id");
    return std::nullopt;
  }
  if (item.has(member) && !text) return std::nullopt;
  if (is_chosen) {
    if (auto hash = crypto::PasswordHash::parse(*text))
      return SecretItem{member, *text, std::move(*hash)};
    item.fault_of(member, "must be an Argon2id hash: $argon2id$v=19$m=...,t=...,p=1$...$...");
  } else {
    if (const auto digest = text ? parse_secret_digest(*text) : std::nullopt)
      return SecretItem{member, *text, *digest};
    item.fault_of(member, "must be the SHA-256 of a secret: 64 lower-case hexadecimal digits");
  }
  return std::nullopt;
}

std::vector<RegisteredSecret> read_secrets(RecordReader& record) {
  std::vector<RegisteredSecret> secrets;
  std::map<std::string, std::string> fields;
  for (RecordReader& item : record.objects("secrets", kSecretsMax)) {
    auto secret = read_secret(item);
    const auto not_after = item.time("not_after");
    item.refuse_unknown_members();
    if (!secret) continue;
    const auto [first, is_new] = fields.emplace(secret->text, item.field());
    if (is_new)
      secrets.push_back({std::move(secret->kept), not_after});
    else
      item.fault_of(secret->member, fmt::format("is that of {} already", first->second));
  }
  return secrets;
}

std::vector<RegisteredScope> read_scopes(RecordReader& record) {
  std::vector<RegisteredScope> scopes;
  std::map<std::string, std::string> fields;
  for (RecordReader& item : record.objects("scopes", kScopesMax)) {
    auto name = item.text("name", {kScopeBytesMax});
    const bool is_default = item.flag("default").value_or(false);
    item.refuse_unknown_members();
    if (!item.has("name") || (name && !is_scope_token(*name))) {
      item.fault_of("name",
                    "must be a scope of RFC 6749: printable ASCII without space, \" and \\");
    } else if (name) {
      const auto [first, is_new] = fields.emplace(*name, item.field());
      if (is_new)
        scopes.push_back({std::move(*name), is_default});
      else
        item.fault_of("name", fmt::format("is that of {} already", first->second));
    }
  }
  return scopes;
}

std::vector<std::string> read_subjects(RecordReader& record) {
  std::vector<std::string> subjects;
  for (TextItem& item : record.texts("subjects", {kSubjectsMax, kSubjectBytesMax}))
    subjects.push_back(std::move(item.text));
  return subjects;
}

// What a closed table allows: `jwt-bearer, refresh_token, ...`.
template <class Table> std::string names_of(const Table& table) {
  std::string names;
  for (const auto& entry : table)
    names += (names.empty() ? "" : ", ") + std::string(name(entry));
  return names;
}

std::vector<GrantType> read_grants(RecordReader& record) {
  const auto items = record.texts("grants", {kGrantTypes.size(), kTextBytesMax});
  if (!record.has("grants")) return Application{}.grants;
  std::vector<GrantType> grants;
  for (const TextItem& item : items) {
    if (const auto grant = grant_type_named(item.text))
      grants.push_back(*grant);
    else
      record.fault_at(item.field, "must be one of " + names_of(kGrantTypes));
  }
  return grants;
}

std::vector<AuthMethod> read_auth_methods(RecordReader& record) {
  std::vector<AuthMethod> methods;
  for (const TextItem& item : record.texts("auth_methods", {kAuthMethods.size(), kTextBytesMax})) {
    if (const auto method = auth_method_named(item.text))
      methods.push_back(*method);
    else
      record.fault_at(item.field, "must be one of " + names_of(kAuthMethods));
  }
  return methods;
}

// HTTPS alone: whoever could change the keys on their way would be the application.
std::string read_jwks_uri(RecordReader& record) {
  std::string uri = record.text("jwks_uri", {kUriBytesMax}).value_or("");
  const auto url = parse_http_url(uri);
  if (!uri.empty() && (!url || url->scheme != "https"))
    record.fault_of("jwks_uri", "must be an https URL");
  return uri;
}

std::string read_jwks_ca(RecordReader& record) {
  std::string pem = record.text("jwks_ca", {kCaBytesMax, Lines::many}).value_or("");
  if (!pem.empty() && !pem.contains("-----BEGIN CERTIFICATE-----"))
    record.fault_of("jwks_ca", "must be certificates in PEM");
  return pem;
}

std::vector<jose::Algorithm> read_algorithms(RecordReader& record) {
  std::vector<jose::Algorithm> algorithms;
  for (const TextItem& item : record.texts("algorithms", {jose::kAlgorithmCount, kTextBytesMax})) {
    if (const auto algorithm = jose::algorithm_named(item.text))
      algorithms.push_back(*algorithm);
    else
      record.fault_at(item.field, "must be one of " + names_of(jose::all_algorithms()));
  }
  return algorithms;
}

// RFC 8707 section 2.
std::vector<std::string> read_uris(RecordReader& record, std::string_view name, std::size_t most) {
  std::vector<std::string> uris;
  for (TextItem& item : record.texts(name, {most, kUriBytesMax})) {
    if (is_absolute_uri(item.text))
      uris.push_back(std::move(item.text));
    else
      record.fault_at(item.field, "must be an absolute URI without a fragment");
  }
  return uris;
}

std::optional<CertificateName> read_certificate_name(RecordReader& record) {
  std::optional<CertificateName> found;
  for (const CertificateNameKind kind : kCertificateNameKinds) {
    auto value = record.text(name(kind), {kTextBytesMax});
    if (!value || value->empty()) continue;
    if (found)
      record.fault_of(name(kind), fmt::format("cannot stand beside {}", name(found->kind)));
    else
      found = CertificateName{kind, std::move(*value)};
  }
  if (!found || found->kind != CertificateNameKind::subject_dn) return found;
  if (const auto subject = jose::DistinguishedName::parse(found->value); !subject)
    record.fault_of(name(found->kind), subject.error().what);
  return found;
}

std::optional<crypto::Digest> read_registration_token(RecordReader& record) {
  const auto text = record.text("registration_token_sha256", {kTextBytesMax});
  if (!text) return std::nullopt;
  auto digest = parse_secret_digest(*text);
  if (!digest)
    record.fault_of("registration_token_sha256",
                    "must be the SHA-256 of a token: 64 lower-case hexadecimal digits");
  return digest;
}

std::expected<Application, FieldFaults> read_application(const json::value& value, KeyTrust trust) {
  const json::object* object = value.if_object();
  if (!object) return std::unexpected(FieldFaults{{"", "must be a JSON object"}});

  FieldFaults faults;
  RecordReader record(*object, "", faults);
  Application application{
      .id = read_client_id(record),
      .name = read_text(record, "name"),
      .description = record.text("description", {kDescriptionBytesMax, Lines::many}).value_or(""),
      .logo = read_url(record, "logo"),
      .website = read_url(record, "website"),
      .contact_email = read_email(record),
      .contact_phone = read_text(record, "contact_phone"),
      .enabled = record.flag("enabled").value_or(true),
      .keys = read_keys(record, trust),
      .jwks_uri = read_jwks_uri(record),
      .jwks_ca = read_jwks_ca(record),
      .secrets = read_secrets(record),
      .scopes = read_scopes(record),
      .subjects = read_subjects(record),
      .grants = read_grants(record),
      .auth_methods = read_auth_methods(record),
      .token_url_audience_until = record.time("token_url_audience_until"),
      .algorithms = read_algorithms(record),
      .longest_assertion_life = record.seconds("longest_assertion_life", kLongestAssertionLifeMax),
      .require_jti = record.flag("require_jti").value_or(false),
      .may_introspect = record.flag("may_introspect").value_or(false),
      .serves = read_uris(record, "serves", kServesMax),
      .resources = read_uris(record, "resources", kResourcesMax),
      .certificate_name = read_certificate_name(record),
      .dpop_bound_access_tokens = record.flag("dpop_bound_access_tokens").value_or(false),
      .tls_client_certificate_bound_access_tokens =
          record.flag("tls_client_certificate_bound_access_tokens").value_or(false),
      .registration_token_sha256 = read_registration_token(record),
      .registered_by = read_text(record, "registered_by"),
  };
  record.refuse_unknown_members();
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return application;
}

} // namespace

std::expected<Application, FieldFaults> parse_application(const json::value& record) {
  return read_application(record, KeyTrust::parse);
}

std::expected<Application, FieldFaults> load_application(std::string_view row_key,
                                                         std::string_view record) {
  const auto value = parse_strict_json(record, {.bytes = kRecordBytesMax});
  if (!value) {
    return std::unexpected(
        FieldFaults{{"", fmt::format("not good JSON at byte {}: {}", value.error().offset,
                                     value.error().what)}});
  }
  auto application = read_application(*value, KeyTrust::written_by_us);
  if (!application) return application;
  if (application->id.empty()) application->id = row_key;
  if (application->id != row_key || !is_client_id(row_key))
    return std::unexpected(FieldFaults{{"client_id", "must be the key of its row"}});
  return application;
}

} // namespace assay::registry
