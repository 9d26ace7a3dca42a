#include "registry/application.h"

namespace assay::registry {

namespace {

json::array secrets_of(const Application& application) {
  json::array items;
  for (const RegisteredSecret& secret : application.secrets) {
    json::object item;
    if (const auto* digest = std::get_if<crypto::Digest>(&secret.kept))
      item["sha256"] = digest->hex();
    else
      item["argon2id"] = std::get<crypto::PasswordHash>(secret.kept).text();
    if (secret.not_after) item["not_after"] = rfc3339(*secret.not_after);
    items.push_back(std::move(item));
  }
  return items;
}

json::array scopes_of(const Application& application) {
  json::array items;
  for (const RegisteredScope& scope : application.scopes)
    items.push_back({{"name", scope.name}, {"default", scope.is_default}});
  return items;
}

json::array keys_of(const Application& application) {
  json::array items;
  for (const RegisteredKey& key : application.keys)
    items.push_back(to_record(key));
  return items;
}

// The names of enumerators, as the record spells them.
template <class Enum> json::array names_of(const std::vector<Enum>& values) {
  json::array items;
  for (const Enum value : values)
    items.emplace_back(name(value));
  return items;
}

json::array texts_of(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

} // namespace

json::object to_record(const Application& application) {
  json::object record{
      {"client_id", application.id},
      {"name", application.name},
      {"description", application.description},
      {"logo", application.logo},
      {"website", application.website},
      {"contact_email", application.contact_email},
      {"contact_phone", application.contact_phone},
      {"enabled", application.enabled},
      {"keys", keys_of(application)},
      {"secrets", secrets_of(application)},
      {"scopes", scopes_of(application)},
      {"subjects", texts_of(application.subjects)},
      {"grants", names_of(application.grants)},
      {"auth_methods", names_of(application.auth_methods)},
      {"algorithms", names_of(application.algorithms)},
  };
  if (application.longest_assertion_life)
    record["longest_assertion_life"] = application.longest_assertion_life->count();
  if (!application.jwks_uri.empty()) record["jwks_uri"] = application.jwks_uri;
  if (!application.jwks_ca.empty()) record["jwks_ca"] = application.jwks_ca;
  if (application.token_url_audience_until)
    record["token_url_audience_until"] = rfc3339(*application.token_url_audience_until);
  record["require_jti"] = application.require_jti;
  record["may_introspect"] = application.may_introspect;
  record["serves"] = texts_of(application.serves);
  record["resources"] = texts_of(application.resources);
  if (const auto& certificate = application.certificate_name)
    record[name(certificate->kind)] = certificate->value;
  record["dpop_bound_access_tokens"] = application.dpop_bound_access_tokens;
  record["tls_client_certificate_bound_access_tokens"] =
      application.tls_client_certificate_bound_access_tokens;
  if (const auto& token = application.registration_token_sha256)
    record["registration_token_sha256"] = token->hex();
  if (!application.registered_by.empty()) record["registered_by"] = application.registered_by;
  return record;
}

} // namespace assay::registry
