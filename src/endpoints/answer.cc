#include "endpoints/answer.h"

#include <string>

#include "base/form_text.h"
#include "oauth/public_face.h"

namespace assay::endpoints {

namespace {

// Of a list (audiences), its texts with a space between, as scopes have it.
std::string text_of(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  const auto* list = value.if_array();
  if (!list) return json::serialize(value);
  std::string joined;
  for (const json::value& each : *list)
    joined.append(joined.empty() ? "" : " ").append(each.as_string());
  return joined;
}

std::string to_urlencoded(const json::object& members) {
  std::string body;
  for (const auto& [name, value] : members) {
    if (!body.empty()) body += '&';
    body += form_encode(name) + '=' + form_encode(text_of(value));
  }
  return body;
}

// XML 1.0 section 2.2 has no way at all to write most control characters.
bool is_xml(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte >= 0x20U || character == '\t' || character == '\n' || character == '\r';
}

constexpr std::string_view kNoCharacter = "\xEF\xBF\xBD"; // U+FFFD in UTF-8

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    switch (character) {
    case '&': escaped += "&amp;"; break;
    case '<': escaped += "&lt;"; break;
    case '>': escaped += "&gt;"; break;
    default: escaped += is_xml(character) ? std::string_view(&character, 1) : kNoCharacter;
    }
  }
  return escaped;
}

// The names are names in XML too: our own, and those of parameters, which the config checked.
std::string to_xml(const json::object& members) {
  std::string body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<oauth>";
  for (const auto& [name, value] : members) {
    body.append("<").append(name).append(">");
    body += xml_escaped(text_of(value));
    body.append("</").append(name).append(">");
  }
  return body + "</oauth>\n";
}

} // namespace

std::optional<AnswerFormat> answer_format_named(std::string_view name) {
  if (name == "json") return AnswerFormat::json;
  if (name == "urlencoded") return AnswerFormat::urlencoded;
  if (name == "xml") return AnswerFormat::xml;
  return std::nullopt;
}

http::Response answer(AnswerFormat format, unsigned status, const json::object& members) {
  http::Response response;
  response.status = status;
  switch (format) {
  case AnswerFormat::json:
    response.with("Content-Type", "application/json").body = json::serialize(members);
    break;
  case AnswerFormat::urlencoded:
    response.with("Content-Type", "application/x-www-form-urlencoded").body =
        to_urlencoded(members);
    break;
  case AnswerFormat::xml:
    response.with("Content-Type", "application/xml;charset=UTF-8").body = to_xml(members);
    break;
  }
  response.with("Cache-Control", "no-store").with("Pragma", "no-cache");
  return response;
}

http::Response error_answer(AnswerFormat format, Reason reason) {
  const oauth::PublicFace face = oauth::public_face(reason);
  auto response =
      answer(format, face.status, {{"error", face.error}, {"error_description", face.description}});
  if (face.status == 429) response.with("Retry-After", "10");
  if (face.status == 401) response.with("WWW-Authenticate", "Basic realm=\"assay\"");
  return response;
}

} // namespace assay::endpoints
