#include "cli/app_fields.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "cli/program.h"
#include "cli/text_input.h"
#include "jose/jwk.h"
#include "jose/jwk_set.h"
#include "jose/pem.h"

namespace assay::cli {

namespace {

void set(json::object& record, std::string_view member, const std::optional<std::string>& value) {
  if (value) record[member] = *value;
}

void set(json::object& record, std::string_view member, const std::vector<std::string>& values) {
  if (!values.empty()) record[member] = json::array(values.begin(), values.end());
}

json::array& list_in(json::object& record, std::string_view member) {
  json::value& list = record[member];
  if (!list.is_array()) list = json::array();
  return list.as_array();
}

jose::PublicKey must_parse(jose::KeyResult<jose::PublicKey> key, const std::string& path) {
  if (!key) throw CommandFault(fmt::format("{}: {}", path, key.error().what));
  return std::move(*key);
}

json::object key_entry(const jose::PublicKey& key) {
  json::object entry{{"jwk", *parse_strict_json(key.to_jwk())}};
  if (key.key_id()) entry["kid"] = *key.key_id();
  return entry;
}

void add_keys(const AppFields& fields, json::object& record) {
  for (const std::string& path : fields.certificates) {
    const std::string pem = read_file(path);
    must_parse(jose::parse_pem(pem), path);
    list_in(record, "keys").push_back(json::object{{"pem", pem}});
  }
  for (const std::string& path : fields.jwks)
    list_in(record, "keys")
        .push_back(key_entry(must_parse(jose::parse_jwk(read_file(path)), path)));
  for (const std::string& path : fields.jwk_sets) {
    const auto keys = jose::parse_jwk_set(read_file(path));
    if (!keys) throw CommandFault(fmt::format("{}: {}", path, keys.error().what));
    for (const jose::PublicKey& key : *keys)
      list_in(record, "keys").push_back(key_entry(key));
  }
}

bool is_named(const json::object& entry, const std::string& key_name) {
  if (const json::value* kid = entry.if_contains("kid"); kid && kid->is_string())
    if (kid->as_string() == key_name) return true;
  const json::value* pem = entry.if_contains("pem");
  const json::value* jwk = entry.if_contains("jwk");
  const auto key = pem ? jose::parse_pem(pem->as_string()) : jose::parse_jwk(jwk->as_object());
  return key && key->thumbprint().base64url() == key_name;
}

void drop_keys(const AppFields& fields, json::object& record) {
  for (const std::string& key_name : fields.dropped_keys) {
    json::array& keys = list_in(record, "keys");
    const auto found = std::ranges::find_if(
        keys, [&](const json::value& entry) { return is_named(entry.as_object(), key_name); });
    if (found == keys.end())
      throw CommandFault(fmt::format("the application has no key {}", key_name));
    keys.erase(found);
  }
}

void set_scopes(const AppFields& fields, json::object& record) {
  if (fields.scopes.empty() && fields.default_scopes.empty()) return;
  json::array scopes;
  for (const std::string& name : fields.default_scopes)
    scopes.push_back(json::object{{"name", name}, {"default", true}});
  for (const std::string& name : fields.scopes)
    if (std::ranges::find(fields.default_scopes, name) == fields.default_scopes.end())
      scopes.push_back(json::object{{"name", name}, {"default", false}});
  record["scopes"] = std::move(scopes);
}

// An empty text takes the member away.
void set_or_erase(json::object& record, std::string_view member,
                  const std::optional<std::string>& value) {
  if (!value) return;
  if (value->empty())
    record.erase(member);
  else
    record[member] = *value;
}

// Without the URL, its CA is of no use either.
void set_key_source(const AppFields& fields, json::object& record) {
  set_or_erase(record, "jwks_uri", fields.jwks_uri);
  auto ca = fields.jwks_ca;
  if (ca && !ca->empty()) ca = read_file(*ca);
  if (fields.jwks_uri && fields.jwks_uri->empty()) ca = "";
  set_or_erase(record, "jwks_ca", ca);
}

// Not CLI11's own add_option: it takes an empty text for an optional that was not given.
CLI::Option* add_text(CLI::App& command, const std::string& name, std::optional<std::string>& text,
                      const std::string& help) {
  return command.add_option_function<std::string>(
      name, [&text](const std::string& given) { text = given; }, help);
}

// Not CLI11's own add_flag: it takes an optional for a counter, and sets it to zero at once.
void add_switch(CLI::App& command, const std::string& names, std::optional<bool>& chosen,
                const std::string& help) {
  command.add_flag_function(names, [&chosen](std::int64_t count) { chosen = count > 0; }, help);
}

void add_description_options(CLI::App& command, AppFields& fields) {
  command.add_option("--name", fields.name, "A name for people");
  command.add_option("--description", fields.description, "What it is for");
  command.add_option("--logo", fields.logo, "URL of its logo");
  command.add_option("--website", fields.website, "URL of its web site");
  command.add_option("--contact-email", fields.contact_email, "Whom to write to");
  command.add_option("--contact-phone", fields.contact_phone, "Whom to call");
}

void add_key_options(CLI::App& command, AppFields& fields) {
  command
      .add_option("--cert", fields.certificates,
                  "PEM file with a certificate or a public key; adds a key")
      ->type_name("FILE");
  command.add_option("--jwk", fields.jwks, "File with a public JWK; adds a key")->type_name("FILE");
  command.add_option("--jwks", fields.jwk_sets, "File with a JWK Set; adds its keys")
      ->type_name("FILE");
  add_text(command, "--jwks-uri", fields.jwks_uri,
           "https URL of a JWK Set with more of its keys; an empty one takes it away")
      ->type_name("URL");
  add_text(command, "--jwks-ca", fields.jwks_ca,
           "PEM file with the CA of that URL's host (default: those of the system)")
      ->type_name("FILE");
}

void add_right_options(CLI::App& command, AppFields& fields) {
  command.add_option("--scope", fields.scopes, "A scope that it may ask for")->type_name("S");
  command
      .add_option("--default-scope", fields.default_scopes,
                  "A scope that it gets when it asks for none")
      ->type_name("S");
  command.add_option("--subject", fields.subjects, "A subject that it may speak for")
      ->type_name("S");
  command
      .add_option("--alg", fields.algorithms,
                  "An algorithm that it may sign with (default: what its keys accept)")
      ->type_name("A");
  command
      .add_option("--grant", fields.grants,
                  "jwt-bearer, refresh_token or client_credentials (default: jwt-bearer)")
      ->type_name("G");
  command
      .add_option(
          "--auth", fields.auth_methods,
          "client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth, "
          "self_signed_tls_client_auth or none: how it may authenticate (default: by what it "
          "has)")
      ->type_name("M");
  command.add_option("--serves", fields.serves, "URI of a protected API that it is")
      ->type_name("URI");
  command
      .add_option(
          "--resource", fields.resources,
          "URI of an API that it may get tokens for, and of no other (default: those of the "
          "service)")
      ->type_name("URI");
  add_switch(command, "--may-introspect,!--no-may-introspect", fields.may_introspect,
             "It may ask about tokens for the APIs that it serves");
}

void add_possession_options(CLI::App& command, AppFields& fields) {
  const auto add_name = [&](const std::string& option, std::string_view member,
                            const std::string& what) {
    command
        .add_option_function<std::string>(
            option,
            [&fields, member](const std::string& given) {
              fields.certificate_names.emplace_back(member, given);
            },
            what + " of its client certificates (tls_client_auth); empty takes it away")
        ->type_name("NAME");
  };
  add_name("--tls-subject-dn", "tls_client_auth_subject_dn", "The subject, as RFC 4514 writes it,");
  add_name("--tls-san-dns", "tls_client_auth_san_dns", "The DNS name");
  add_name("--tls-san-uri", "tls_client_auth_san_uri", "The URI");
  add_name("--tls-san-ip", "tls_client_auth_san_ip", "The IP address");
  add_name("--tls-san-email", "tls_client_auth_san_email", "The e-mail address");
  add_switch(command, "--dpop-bound,!--no-dpop-bound", fields.dpop_bound,
             "Its access tokens must be bound to the key of a DPoP proof");
  add_switch(command, "--tls-bound,!--no-tls-bound", fields.tls_bound,
             "Its access tokens must be bound to its client certificate");
}

void add_assertion_rules(CLI::App& command, AppFields& fields) {
  command
      .add_option("--longest-assertion-life", fields.longest_assertion_life,
                  "Seconds that `exp` may lie ahead, instead of the service's setting")
      ->type_name("N");
  add_text(command, "--token-url-audience-until", fields.token_url_audience_until,
           "Until then its client assertions may name the token endpoint as audience; empty takes "
           "it away")
      ->type_name("TIME");
  add_switch(command, "--require-jti,!--no-require-jti", fields.require_jti,
             "Its assertions must have a jti");
}

} // namespace

void add_app_fields(CLI::App& command, AppFields& fields, FieldsFor use) {
  add_description_options(command, fields);
  add_key_options(command, fields);
  add_right_options(command, fields);
  add_possession_options(command, fields);
  add_assertion_rules(command, fields);
  add_secret_options(command, fields.secret);
  if (use == FieldsFor::update)
    command
        .add_option("--drop-key", fields.dropped_keys, "Remove the key with that kid or thumbprint")
        ->type_name("KID");
}

void apply_fields(const AppFields& fields, json::object& record) {
  set(record, "name", fields.name);
  set(record, "description", fields.description);
  set(record, "logo", fields.logo);
  set(record, "website", fields.website);
  set(record, "contact_email", fields.contact_email);
  set(record, "contact_phone", fields.contact_phone);
  drop_keys(fields, record);
  add_keys(fields, record);
  set_key_source(fields, record);
  set_scopes(fields, record);
  set(record, "subjects", fields.subjects);
  set(record, "grants", fields.grants);
  set(record, "auth_methods", fields.auth_methods);
  set(record, "algorithms", fields.algorithms);
  set(record, "serves", fields.serves);
  set(record, "resources", fields.resources);
  set_or_erase(record, "token_url_audience_until", fields.token_url_audience_until);
  if (fields.longest_assertion_life)
    record["longest_assertion_life"] = *fields.longest_assertion_life;
  if (fields.may_introspect) record["may_introspect"] = *fields.may_introspect;
  if (fields.require_jti) record["require_jti"] = *fields.require_jti;
  for (const auto& [member, name] : fields.certificate_names)
    set_or_erase(record, member, name);
  if (fields.dpop_bound) record["dpop_bound_access_tokens"] = *fields.dpop_bound;
  if (fields.tls_bound) record["tls_client_certificate_bound_access_tokens"] = *fields.tls_bound;
}

} // namespace assay::cli
