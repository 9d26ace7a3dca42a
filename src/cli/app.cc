// assay app: the registry of applications.
#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/app_fields.h"
#include "cli/app_keys.h"
#include "cli/program.h"
#include "cli/text_input.h"
#include "cli/workplace.h"
#include "crypto/random.h"
#include "registry/application_editor.h"
#include "registry/key_source_store.h"

namespace assay::cli {

namespace {

// One for all of the group's commands: only one of them runs.
struct AppOptions {
  WorkplaceOptions workplace;
  std::string table;
  std::string client_id;
  std::string file;
  AppFields fields;
  bool as_json = false;
};

using Options = std::shared_ptr<AppOptions>;

// The editor on the registry that the options name, for as long as the command runs.
class Editing {
public:
  explicit Editing(const AppOptions& options)
      : workplace_(options.workplace), store_(workplace_.open_registry()),
        table_(options.table.empty() ? workplace_.service({}).registry : options.table),
        editor_(*store_, table_, crypto::secure_random, system_now) {}
  registry::ApplicationEditor* operator->() { return &editor_; }

  KnownKeys keys_of(const registry::Application& application) const {
    return {application, registry::KeySourceStore(*store_, table_).find(application.id)};
  }

private:
  Workplace workplace_;
  std::unique_ptr<registry::PropertyStore> store_;
  std::string table_;
  registry::ApplicationEditor editor_;
};

std::string lines_of(const registry::FieldFaults& faults) {
  std::string lines;
  for (const registry::FieldFault& fault : faults)
    lines += fmt::format("\n  {}: {}", fault.field, fault.what);
  return lines;
}

[[noreturn]] void fail(const registry::EditRefusal& refusal, const std::string& client_id) {
  switch (refusal.fault) {
  case registry::EditFault::not_found:
    throw CommandFault(fmt::format("there is no application {}", client_id));
  case registry::EditFault::exists_already:
    throw CommandFault(fmt::format("there is an application {} already", client_id));
  case registry::EditFault::changed_meanwhile:
    throw CommandFault("somebody else changed it at the same moment: try again");
  case registry::EditFault::bad_record: break;
  }
  throw CommandFault("the record is refused; nothing was changed" + lines_of(refusal.fields));
}

template <class T> T accepted(registry::EditResult<T> result, const std::string& client_id = {}) {
  if (!result) fail(result.error(), client_id);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string scopes_of(const registry::Application& application) {
  std::string names;
  for (const auto& scope : application.scopes)
    names += (names.empty() ? "" : " ") + scope.name + (scope.is_default ? "*" : "");
  return names;
}

// Of grants and of methods, as the record spells them.
template <class Enum> std::string names_of(const std::vector<Enum>& values) {
  std::string names;
  for (const Enum value : values)
    names.append(names.empty() ? "" : " ").append(name(value));
  return names;
}

std::string describe(const registry::RegisteredSecret& secret) {
  const bool is_chosen = std::holds_alternative<crypto::PasswordHash>(secret.kept);
  std::string text = is_chosen ? "chosen by a person" : "made here";
  if (secret.not_after) text += ", until " + rfc3339(*secret.not_after);
  return text;
}

// What the record keeps of a key, and what it turns out to be.
std::string describe(const registry::RegisteredKey& registered) {
  const auto key = registry::parse(registered);
  if (!key) return "unreadable";
  std::string text =
      fmt::format("{} {} bits, kid {}, thumbprint {}", name(key->type()), key->bits(),
                  registered.key_id.value_or("none"), key->thumbprint().base64url());
  if (const auto& facts = key->certificate())
    text += fmt::format(", certificate of {} until {}", facts->subject, rfc3339(facts->not_after));
  if (registered.not_after) text += fmt::format(", until {}", rfc3339(*registered.not_after));
  if (!registered.enabled) text += ", disabled";
  return text;
}

void print_application(const registry::Application& application) {
  const auto line = [](std::string_view label, std::string_view value) {
    if (!value.empty()) fmt::print("{:<24}{}\n", label, value);
  };
  line("client_id", application.id);
  line("name", application.name);
  line("description", application.description);
  line("state", application.enabled ? "enabled" : "disabled");
  for (const auto& key : application.keys)
    line("key", describe(key));
  if (application.keys.empty() && application.jwks_uri.empty()) line("key", "none");
  line("jwks_uri", application.jwks_uri);
  line("jwks_ca", application.jwks_ca.empty() ? "" : "its own");
  for (const auto& secret : application.secrets)
    line("secret", describe(secret));
  line("scopes (* default)", scopes_of(application));
  line("subjects", fmt::format("{}", fmt::join(application.subjects, " ")));
  line("grants", names_of(application.grants));
  line("auth_methods", names_of(application.auth_methods));
  if (application.token_url_audience_until)
    line("token_url_audience", "until " + rfc3339(*application.token_url_audience_until));
  if (application.longest_assertion_life)
    line("longest_assertion_life",
         fmt::format("{} s", application.longest_assertion_life->count()));
  line("require_jti", application.require_jti ? "yes" : "");
  line("may_introspect", application.may_introspect ? "yes" : "");
  line("serves", fmt::format("{}", fmt::join(application.serves, " ")));
  line("resources", fmt::format("{}", fmt::join(application.resources, " ")));
}

int print_changed(const registry::Application& application, const AppOptions& options,
                  const std::optional<GivenSecret>& secret) {
  if (options.as_json) {
    json::object record = registry::to_record(application);
    if (secret && secret->made) record["client_secret"] = secret->made->reveal();
    fmt::print("{}\n", json::serialize(record));
    return kDone;
  }
  print_application(application);
  if (secret && secret->made)
    fmt::print("{:<24}{}\n{:<24}{}\n", "client_secret", secret->made->reveal(), "",
               "(shown this once: only its digest is kept)");
  return kDone;
}

int create(const AppOptions& options) {
  Editing editing(options);
  const auto secret = given_secret(options.fields.secret);
  json::object record;
  if (!options.client_id.empty()) record["client_id"] = options.client_id;
  apply_fields(options.fields, record);
  if (secret) put_secret(*secret, record);
  return print_changed(accepted(editing->create(std::move(record)), options.client_id), options,
                       secret);
}

int update(const AppOptions& options) {
  Editing editing(options);
  const auto secret = given_secret(options.fields.secret);
  const auto changed = editing->update(options.client_id, [&](json::object& record) {
    apply_fields(options.fields, record);
    if (secret) put_secret(*secret, record);
  });
  return print_changed(accepted(changed, options.client_id), options, secret);
}

int set_enabled(const AppOptions& options, bool enabled) {
  Editing editing(options);
  const auto changed = editing->update(options.client_id,
                                       [&](json::object& record) { record["enabled"] = enabled; });
  return print_changed(accepted(changed, options.client_id), options, {});
}

// A stored record that somebody wrote around this program.
registry::Application readable(registry::EditResult<registry::Application> found,
                               const std::string& client_id) {
  if (!found && found.error().fault == registry::EditFault::bad_record)
    throw CommandFault("the record is bad, and counts as absent" + lines_of(found.error().fields));
  return accepted(std::move(found), client_id);
}

int show(const AppOptions& options) {
  Editing editing(options);
  const auto application = readable(editing->show(options.client_id), options.client_id);
  print_changed(application, options, {});
  if (!options.as_json && !application.jwks_uri.empty())
    fmt::print("{:<24}{}\n", "keys at jwks_uri",
               describe_source(editing.keys_of(application), system_now()));
  return kDone;
}

int show_keys(const AppOptions& options) {
  Editing editing(options);
  const auto known = editing.keys_of(readable(editing->show(options.client_id), options.client_id));
  if (options.as_json)
    fmt::print("{}\n", json::serialize(keys_as_json(known, system_now())));
  else
    print_keys(known, system_now());
  return kDone;
}

int remove(const AppOptions& options) {
  Editing editing(options);
  accepted(editing->remove(options.client_id), options.client_id);
  if (options.as_json)
    fmt::print("{}\n", json::serialize(json::object{{"client_id", options.client_id}}));
  else
    fmt::print("deleted {}\n", options.client_id);
  return kDone;
}

json::object exported(const std::vector<registry::Application>& applications) {
  json::array records;
  for (const auto& application : applications)
    records.push_back(registry::to_record(application));
  return {{"applications", std::move(records)}};
}

int list(const AppOptions& options) {
  Editing editing(options);
  const auto applications = editing->list();
  if (options.as_json) {
    fmt::print("{}\n", json::serialize(exported(applications)));
    return kDone;
  }
  fmt::print("{:<34} {:<9} {:>4}  {:<24} {}\n", "CLIENT_ID", "STATE", "KEYS", "NAME", "SCOPES");
  for (const auto& application : applications)
    fmt::print("{:<34} {:<9} {:>4}  {:<24} {}\n", application.id,
               application.enabled ? "enabled" : "disabled", application.keys.size(),
               application.name, scopes_of(application));
  return kDone;
}

int export_records(const AppOptions& options) {
  Editing editing(options);
  std::vector<registry::Application> applications;
  if (options.client_id.empty())
    applications = editing->list();
  else
    applications.push_back(readable(editing->show(options.client_id), options.client_id));
  fmt::print("{}\n", json::serialize(exported(applications)));
  return kDone;
}

int import_records(const AppOptions& options) {
  const auto file =
      parse_strict_json(read_file(options.file), {.depth = 16, .bytes = kInputBytesMax});
  if (!file)
    throw CommandFault(fmt::format("{}: not JSON: {} at byte {}", options.file, file.error().what,
                                   file.error().offset));
  const auto* members = file->if_object();
  const json::value* records = members ? members->if_contains("applications") : nullptr;
  if (!records || !records->is_array() || members->size() != 1)
    throw CommandFault(fmt::format(
        "{}: expected {{\"applications\": [...]}}, as `app export` writes it", options.file));
  Editing editing(options);
  const std::size_t count = accepted(editing->import(records->as_array()));
  if (options.as_json)
    fmt::print("{}\n", json::serialize(json::object{{"imported", count}}));
  else
    fmt::print("imported {} applications\n", count);
  return kDone;
}

// What every command of the group has.
CLI::App* completed(CLI::App* command, const Options& options, Chosen& chosen,
                    int (*run)(const AppOptions&)) {
  add_workplace_options(*command, options->workplace);
  command
      ->add_option("--table", options->table,
                   "The registry's table (default: that of the first token service)")
      ->type_name("NAME");
  command->add_flag("--json", options->as_json, "Print JSON");
  command->callback(choose(chosen, options, run));
  return command;
}

} // namespace

void add_app(CLI::App& program, Chosen& chosen) {
  CLI::App* group = program.add_subcommand("app", "Register applications and change them");
  group->require_subcommand(1);
  const auto options = std::make_shared<AppOptions>();
  const auto add = [&](const std::string& name, const std::string& help, auto run) {
    return completed(group->add_subcommand(name, help), options, chosen, run);
  };
  const auto with_id = [&](CLI::App* command) {
    command->add_option("ID", options->client_id, "The client_id")->required();
    return command;
  };

  CLI::App* creating = add("create", "Register an application", create);
  creating->add_option("--id", options->client_id, "The client_id (default: a random one)");
  add_app_fields(*creating, options->fields, FieldsFor::create);
  CLI::App* updating = with_id(add("update", "Change what the given options say", update));
  add_app_fields(*updating, options->fields, FieldsFor::update);
  add("list", "List all applications", list);
  with_id(add("show", "Show one application", show));
  with_id(add("keys", "Show its keys, and how those at its jwks_uri are", show_keys));
  with_id(add("enable", "Let it get tokens again",
              [](const AppOptions& given) { return set_enabled(given, true); }));
  with_id(add("disable", "Refuse it, and treat its tokens as inactive",
              [](const AppOptions& given) { return set_enabled(given, false); }));
  with_id(add("delete", "Remove it", remove));
  add("export", "Print all records, or one, as JSON", export_records)
      ->add_option("ID", options->client_id, "The client_id");
  add("import", "Add or replace records from a file, all or none", import_records)
      ->add_option("FILE", options->file, "What `app export` wrote")
      ->required();
}

} // namespace assay::cli
