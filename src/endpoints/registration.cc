#include "endpoints/registration.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "endpoints/answer.h"
#include "endpoints/form_request.h"
#include "endpoints/json_request.h"
#include "oauth/presented_token.h"
#include "oauth/public_face.h"

namespace assay::endpoints {

namespace {

constexpr std::size_t kDescriptionBytesMax = 1000;

// Both kinds of token come in the same way.
Result<Secret> token_of(const http::Request& request) {
  const auto authorization = authorization_of(request);
  if (!authorization) return std::unexpected(authorization.error());
  auto token = oauth::read_presented_token(*authorization);
  if (!token) return refuse(Reason::registration_token_missing, token.error().detail);
  if (token->scheme != oauth::TokenScheme::bearer)
    return refuse(Reason::registration_token_missing, "expected the scheme Bearer");
  return std::move(token->text);
}

// RFC 6749 section 5.2 has no others in an error_description.
std::string described(std::string text) {
  text.resize(std::min(text.size(), kDescriptionBytesMax));
  std::ranges::replace(text, '"', '\'');
  std::ranges::replace(text, '\\', '/');
  std::ranges::replace_if(
      text, [](char character) { return character < ' ' || character > '~'; }, '?');
  return text;
}

// RFC 6750 section 3.1: no error code for one who sent no token.
std::string challenge(Reason reason) {
  return reason == Reason::registration_token_missing
             ? R"(Bearer realm="assay")"
             : R"(Bearer realm="assay", error="invalid_token")";
}

http::Response refusal_answer(const Refusal& refusal) {
  const oauth::PublicFace face = oauth::public_face(refusal.reason);
  std::string description(face.description);
  // RFC 7591 section 3.2.2: for the developer of the client, who has to know which members.
  if (refusal.reason == Reason::client_metadata_invalid)
    description += " " + described(refusal.detail);
  auto response = answer(AnswerFormat::json, face.status,
                         {{"error", face.error}, {"error_description", std::move(description)}});
  if (face.status == 401) response.with("WWW-Authenticate", challenge(refusal.reason));
  return response;
}

http::Response no_content() {
  http::Response response;
  response.status = 204;
  response.with("Cache-Control", "no-store").with("Pragma", "no-cache");
  return response;
}

http::Response method_not_allowed() {
  return answer(AnswerFormat::json, 405,
                {{"error", "invalid_request"},
                 {"error_description", "This path does not answer that method."}})
      .with("Allow", "GET, PUT, DELETE, HEAD");
}

// RFC 7591 section 3.2.1. Secrets that are made here do not end by themselves.
void add_secret(json::object& members, const registry::Registered& registered) {
  if (registered.client_secret.empty()) return;
  members["client_secret"] = registered.client_secret.reveal();
  members["client_secret_expires_at"] = 0;
}

// Writes down what was decided, and tells it.
http::Response conclude(Result<http::Response> response, Decision& decision) {
  if (!response) {
    decision.refused(response.error());
    return refusal_answer(response.error());
  }
  decision.granted();
  return std::move(*response);
}

} // namespace

RegistrationEndpoint::RegistrationEndpoint(Parts parts, std::string location, std::string path)
    : parts_(std::move(parts)), location_(std::move(location)), path_(std::move(path)),
      matter_{.event = "registration", .service = {}} {}

Task<http::Response> RegistrationEndpoint::handle(const http::Request& request) {
  Decision decision = co_await Decision::begin(parts_.books, matter_, request);
  auto response = co_await decide(request, decision);
  co_return conclude(std::move(response), decision);
}

Task<http::Response> RegistrationEndpoint::handle_client(const http::Request& request) {
  constexpr std::array<std::string_view, 4> kMethods{"GET", "HEAD", "PUT", "DELETE"};
  if (std::ranges::find(kMethods, request.method) == kMethods.end()) co_return method_not_allowed();
  Decision decision = co_await Decision::begin(parts_.books, matter_, request);
  auto response = co_await decide_on_client(request, decision);
  co_return conclude(std::move(response), decision);
}

Task<RegistrationEndpoint::Answer> RegistrationEndpoint::decide(const http::Request& request,
                                                                Decision& decision) {
  const auto token = token_of(request);
  if (!token) co_return std::unexpected(token.error());
  const auto metadata = read_json_request(request);
  if (!metadata) co_return std::unexpected(metadata.error());

  const TimePoint now = parts_.books.clock();
  auto response = co_await ask([&]() -> Answer {
    const auto registered = parts_.registrar.create(*token, *metadata);
    if (!registered) return std::unexpected(registered.error());
    const registry::Application& application = registered->application;
    decision.trace().client_id = application.id;
    decision.notes(fmt::format("registered by {}", application.registered_by));
    json::object members = members_of(application);
    members["client_id_issued_at"] = unix_seconds(now);
    members["registration_access_token"] = registered->registration_access_token.reveal();
    add_secret(members, *registered);
    return answer(AnswerFormat::json, 201, members);
  });
  co_return response;
}

Task<RegistrationEndpoint::Answer>
RegistrationEndpoint::decide_on_client(const http::Request& request, Decision& decision) {
  const auto token = token_of(request);
  if (!token) co_return std::unexpected(token.error());
  std::optional<json::object> metadata;
  if (request.method == "PUT") {
    auto sent = read_json_request(request);
    if (!sent) co_return std::unexpected(std::move(sent.error()));
    metadata = std::move(*sent);
  }

  const std::string client_id =
      request.path.substr(std::min(path_.size() + 1, request.path.size()));
  auto response = co_await ask([&]() -> Answer {
    if (metadata) return replace(client_id, *token, *metadata, decision);
    if (request.method == "DELETE") return remove(client_id, *token, decision);
    return show(client_id, *token, decision);
  });
  co_return response;
}

Task<RegistrationEndpoint::Answer> RegistrationEndpoint::ask(Ask question) {
  std::optional<Answer> answer;
  co_await parts_.work.run([&] { answer = question(); });
  co_return std::move(*answer);
}

RegistrationEndpoint::Answer RegistrationEndpoint::show(const std::string& client_id,
                                                        const Secret& token, Decision& decision) {
  const auto application = parts_.registrar.show(client_id, token);
  if (!application) return std::unexpected(application.error());
  decision.trace().client_id = application->id;
  decision.notes("read");
  json::object members = members_of(*application);
  members["registration_access_token"] = token.reveal();
  return answer(AnswerFormat::json, 200, members);
}

RegistrationEndpoint::Answer RegistrationEndpoint::replace(const std::string& client_id,
                                                           const Secret& token,
                                                           const json::object& metadata,
                                                           Decision& decision) {
  const auto registered = parts_.registrar.replace(client_id, token, metadata);
  if (!registered) return std::unexpected(registered.error());
  decision.trace().client_id = registered->application.id;
  decision.notes("updated");
  json::object members = members_of(registered->application);
  members["registration_access_token"] = token.reveal();
  add_secret(members, *registered);
  return answer(AnswerFormat::json, 200, members);
}

RegistrationEndpoint::Answer RegistrationEndpoint::remove(const std::string& client_id,
                                                          const Secret& token, Decision& decision) {
  const auto removed = parts_.registrar.remove(client_id, token);
  if (!removed) return std::unexpected(removed.error());
  decision.trace().client_id = client_id;
  decision.notes("deleted");
  return no_content();
}

// RFC 7592 section 3. A client's secret is known here by its digest alone: only the answer in which
// it was made has it.
json::object RegistrationEndpoint::members_of(const registry::Application& application) const {
  json::object members =
      registry::to_metadata(application, parts_.registrar.introspection_algorithm());
  members["client_id"] = application.id;
  members["registration_client_uri"] = fmt::format("{}/{}", location_, application.id);
  return members;
}

} // namespace assay::endpoints
