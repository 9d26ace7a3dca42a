#include "cli/sample_api.h"

#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "base/form_text.h"
#include "base/strict_json.h"
#include "fetch/http_client.h"
#include "http/listener.h"

namespace assay::cli {

namespace {

// RFC 6750 section 3.
http::Response challenge(unsigned status, const std::string& problem) {
  auto response =
      http::json_response(status, problem.empty() ? "{}" : "{\"error\":\"" + problem + "\"}");
  response.with("WWW-Authenticate",
                problem.empty() ? "Bearer" : fmt::format("Bearer error=\"{}\"", problem));
  return response;
}

std::optional<std::string> bearer_token(const http::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto authorization = request.field("Authorization");
  if (!authorization || !authorization->starts_with(kScheme)) return std::nullopt;
  return std::string(authorization->substr(kScheme.size()));
}

bool has_scope(std::string_view granted, std::string_view wanted) {
  return fmt::format(" {} ", granted).contains(fmt::format(" {} ", wanted));
}

http::FaultAnswers plain_faults() {
  return {.unavailable = http::json_response(503, "{}"),
          .broken = http::json_response(500, "{}"),
          .malformed = http::json_response(400, "{}"),
          .header_too_large = http::json_response(431, "{}"),
          .body_too_large = http::json_response(413, "{}")};
}

} // namespace

class SampleApi::Service {
public:
  explicit Service(SampleApiSettings settings)
      : settings_(std::move(settings)),
        parts_{.limits = {},
               .faults = plain_faults(),
               .report = [](const std::string&, const std::string&) {}},
        listener_({&context_}, "127.0.0.1", 0, parts_) {
    auto router = std::make_shared<http::Router>();
    // It blocks while it asks: fit for a demo with one caller.
    router->add("/invoices", {"GET"}, http::ImmediateHandler([this](const http::Request& request) {
                  return answer(request);
                }));
    listener_.start(router);
    thread_ = std::thread([this] { context_.run(); });
  }

  ~Service() {
    context_.stop();
    thread_.join();
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  std::uint16_t port() const { return listener_.port(); }

private:
  http::Response answer(const http::Request& request) {
    const auto token = bearer_token(request);
    if (!token) return challenge(401, "");
    const auto facts = introspect(*token);
    if (!facts) return http::json_response(503, "{}");
    const json::value* active = facts->if_contains("active");
    if (!active || !active->is_bool() || !active->get_bool())
      return challenge(401, "invalid_token");
    if (!has_scope(facts->at("scope").as_string(), settings_.scope))
      return challenge(403, "insufficient_scope");
    return http::json_response(200, R"({"invoices":[{"number":1,"total":"12.50"}]})");
  }

  std::optional<json::object> introspect(const std::string& token) const {
    const auto answer = fetch::fetch(
        {.url = settings_.introspection_url,
         .method = "POST",
         .fields = {"Content-Type: application/x-www-form-urlencoded"},
         .body =
             fmt::format("client_id={}&client_secret={}&token={}", form_encode(settings_.client_id),
                         form_encode(settings_.client_secret), form_encode(token))});
    if (!answer || answer->status != 200) return std::nullopt;
    const auto value = parse_strict_json(answer->body);
    if (!value || !value->is_object()) return std::nullopt;
    return value->get_object();
  }

  SampleApiSettings settings_;
  http::ServiceParts parts_;
  boost::asio::io_context context_{1};
  http::Listener listener_;
  std::thread thread_;
};

SampleApi::SampleApi(SampleApiSettings settings)
    : service_(std::make_unique<Service>(std::move(settings))) {}

SampleApi::~SampleApi() = default;

std::string SampleApi::url() const {
  return fmt::format("http://127.0.0.1:{}/invoices", service_->port());
}

} // namespace assay::cli
