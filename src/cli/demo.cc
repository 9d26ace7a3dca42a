// assay demo: the protocol at work, on this machine, step by step.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <stdlib.h>

#include <fmt/format.h>

#include "base/base64url.h"
#include "base/form_text.h"
#include "base/strict_json.h"
#include "cli/assertion_options.h"
#include "cli/child_server.h"
#include "cli/program.h"
#include "cli/sample_api.h"
#include "crypto/random.h"
#include "fetch/http_client.h"
#include "jose/private_key.h"
#include "oauth/grants/jwt_bearer.h"
#include "observe/audit_search.h"
#include "registry/application_editor.h"
#include "registry/application_registry.h"
#include "stores/open.h"

namespace assay::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfig =
    "listen: {port: 0}\nmanager: {port: 0}\n"
    "token_services: [{audience: [\"http://127.0.0.1:${port}/api/oauth/token\"]}]\n";

class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string path = (fs::temp_directory_path() / "assay-demo-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) throw CommandFault("no temporary folder can be made");
    path_ = path;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw CommandFault(fmt::format("{} cannot be written", path.string()));
}

// The demo's secrets die with its folder a second later; still, what they look like is enough.
std::string shortened(std::string_view text) {
  constexpr std::size_t kShown = 12;
  return fmt::format("{}...({} characters)", text.substr(0, kShown), text.size());
}

std::string text_of(const json::object& members, std::string_view name) {
  const json::value* value = members.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::object shown(json::object members) {
  if (const std::string token = text_of(members, "access_token"); !token.empty())
    members["access_token"] = shortened(token);
  return members;
}

struct Answer {
  long status = 0;
  std::string correlation_id;
  json::object members;
};

Answer send(const fetch::FetchRequest& request) {
  const auto fetched = fetch::fetch(request);
  if (!fetched) throw CommandFault(fmt::format("{}: {}", request.url, fetched.error().what));
  Answer answer{.status = fetched->status, .correlation_id = {}, .members = {}};
  for (const auto& [name, value] : fetched->fields)
    if (name == "x-correlation-id") answer.correlation_id = value;
  const auto body = parse_strict_json(fetched->body);
  if (body && body->is_object()) answer.members = body->get_object();
  return answer;
}

void print_answer(const Answer& answer) {
  fmt::print("   <- {} {}\n", answer.status, json::serialize(shown(answer.members)));
}

void expect(bool held, std::string_view what) {
  if (!held) throw CommandFault(fmt::format("the demo failed: {}", what));
  fmt::print("   ok {}\n", what);
}

class Demo {
public:
  void run() {
    start();
    register_applications();
    sign();
    get_token();
    call_api();
    use_twice();
    fmt::print("\nThat was all: the server is stopped, and its folder is removed.\n");
  }

private:
  void step(std::string_view title) { fmt::print("\n{}. {}\n", ++step_, title); }

  void start() {
    step("A server starts, on the embedded defaults, in a folder of its own");
    write_file(config_, kConfig);
    fs::create_directory(data_);
    server_.emplace(config_, data_);
    fmt::print("   $ assay serve --config assay.yaml --data {}\n   {}\n", data_.string(),
               server_->ready_line());
  }

  void register_applications() {
    step("A workload's public key is registered; the private one never leaves the workload");
    const auto key = jose::generate_private_key(jose::KeyType::ec_p256, "demo-key");
    write_file(key_file_, key.to_jwk().reveal());
    const auto store = stores::open_property_store("sqlite:registry.db", data_);
    registry::ApplicationEditor editor(*store, std::string(registry::kDefaultApplicationTable),
                                       crypto::secure_random, system_now);
    const auto jwk = parse_strict_json(key.public_key().to_jwk());
    const json::array scopes{{{"name", "invoices.read"}, {"default", true}}};
    create(editor, {{"client_id", "billing"},
                    {"name", "Billing"},
                    {"keys", {{{"jwk", *jwk}}}},
                    {"scopes", scopes}});
    fmt::print("   $ assay app create --id billing --name Billing --jwk billing.jwk "
               "--default-scope invoices.read\n   {}\n",
               key.public_key().to_jwk());

    const auto secret = registry::make_client_secret(crypto::secure_random);
    create(editor,
           {{"client_id", "invoice-api"},
            {"name", "Invoice API"},
            {"secrets", {{{"sha256", std::get<crypto::Digest>(secret.registered.kept).hex()}}}},
            {"grants", json::array()},
            {"may_introspect", true}});
    fmt::print("   $ assay app create --id invoice-api --name \"Invoice API\" --secret "
               "--may-introspect\n   (the protected API: it may ask what a token is worth)\n");
    api_.emplace(SampleApiSettings{.introspection_url = server_->url() + "/api/oauth/introspect",
                                   .client_id = "invoice-api",
                                   .client_secret = std::string(secret.text.reveal()),
                                   .scope = "invoices.read"});
    await_registration(std::string(secret.text.reveal()));
  }

  static void create(registry::ApplicationEditor& editor, json::object record) {
    if (!editor.create(std::move(record))) throw CommandFault("the registration was refused");
  }

  // The running server takes a change over within a second.
  void await_registration(const std::string& secret) const {
    using namespace std::chrono_literals;
    for (auto waited = 0ms; waited < 5s; waited += 20ms) {
      const Answer answer =
          send({.url = server_->url() + "/api/oauth/introspect",
                .method = "POST",
                .fields = {"Content-Type: application/x-www-form-urlencoded"},
                .body = fmt::format("client_id=invoice-api&client_secret={}&token=none", secret)});
      if (answer.status == 200) return;
      std::this_thread::sleep_for(20ms);
    }
    throw CommandFault("the server did not take over the registration");
  }

  void sign() {
    step("The workload signs an assertion with its private key");
    AssertionOptions options;
    options.key_file = key_file_.string();
    options.issuer = "billing";
    options.audiences = {token_url()};
    assertion_ = sign_assertion(options, system_now());
    const std::size_t dot = assertion_.find('.');
    const std::size_t second = assertion_.find('.', dot + 1);
    const auto header = base64url_decode(std::string_view(assertion_).substr(0, dot));
    const auto claims =
        base64url_decode(std::string_view(assertion_).substr(dot + 1, second - dot - 1));
    fmt::print("   $ assay jwt sign --key billing.jwk --iss billing --aud {}\n"
               "   header {}\n   claims {}\n",
               token_url(), *header, *claims);
  }

  void get_token() {
    step("It sends the assertion and gets an access token (RFC 7523)");
    const Answer answer = post_assertion();
    print_answer(answer);
    expect(answer.status == 200, "the signature is by the registered key, the audience is this "
                                 "server, and the times and the jti are good");
    token_ = text_of(answer.members, "access_token");
    expect(text_of(answer.members, "scope") == "invoices.read",
           "no scope was asked for, so it got its default one");
  }

  void call_api() {
    step("It calls a protected API, which asks the server about the token (RFC 7662)");
    fmt::print("   -> GET {} without a token\n", api_->url());
    const Answer without = send({.url = api_->url()});
    print_answer(without);
    expect(without.status == 401, "nobody gets in without a token");

    fmt::print("   -> GET {} with Authorization: Bearer {}\n", api_->url(), shortened(token_));
    const Answer with = send({.url = api_->url(), .fields = {"Authorization: Bearer " + token_}});
    print_answer(with);
    expect(with.status == 200, "the token is live and carries the scope that the API wants");
  }

  void use_twice() {
    step("Somebody who got hold of the assertion sends it once more");
    const Answer answer = post_assertion();
    print_answer(answer);
    expect(answer.status == 400 && text_of(answer.members, "error") == "invalid_grant",
           "an assertion is good for one token: its jti is remembered");

    fmt::print("\n   The client is told no more than that. Why it was refused stands in the audit "
               "log:\n   $ assay explain --request {}\n",
               answer.correlation_id);
    const json::object line = audit_line(answer.correlation_id);
    for (const std::string_view member : {"client_id", "gate", "reason", "detail"})
      fmt::print("   {:<10} {}\n", member, text_of(line, member));
    expect(text_of(line, "reason") == "assertion_replayed", "the log has the reason");
  }

  // Lines are written a fifth of a second after the decision at the latest.
  json::object audit_line(const std::string& request_id) const {
    using namespace std::chrono_literals;
    for (auto waited = 0ms; waited < 5s; waited += 20ms) {
      if (auto line = observe::find_audit_line(data_ / "audit.jsonl", request_id)) return *line;
      std::this_thread::sleep_for(20ms);
    }
    throw CommandFault("the audit log has no line of the request");
  }

  Answer post_assertion() const {
    fmt::print("   -> POST {}\n      grant_type={}&assertion={}\n", token_url(),
               oauth::kJwtBearerGrantType, shortened(assertion_));
    return send({.url = token_url(),
                 .method = "POST",
                 .fields = {"Content-Type: application/x-www-form-urlencoded"},
                 .body = fmt::format("grant_type={}&assertion={}",
                                     form_encode(oauth::kJwtBearerGrantType), assertion_)});
  }

  std::string token_url() const { return server_->url() + "/api/oauth/token"; }

  TemporaryFolder folder_;
  fs::path config_ = folder_.path() / "assay.yaml";
  fs::path data_ = folder_.path() / "data";
  fs::path key_file_ = folder_.path() / "billing.jwk";
  std::optional<ChildServer> server_;
  std::optional<SampleApi> api_;
  std::string assertion_;
  std::string token_;
  int step_ = 0;
};

int run_demo() {
  Demo().run();
  return kDone;
}

} // namespace

void add_demo(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand(
      "demo", "Show the protocol at work: a server, a key, an assertion, a token, a replay");
  command->callback([&chosen] { chosen = run_demo; });
}

} // namespace assay::cli
