#include "stores/redis/redis_url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/form_text.h"

namespace assay::stores {

namespace {

constexpr std::uint16_t kUsualPort = 6379;
constexpr std::size_t kEndpointsMax = 64;
constexpr std::size_t kPrefixBytesMax = 64;

using Fault = std::optional<std::string>;

struct Scheme {
  std::string_view text;
  RedisTopology topology;
  RedisTransport transport;
};

constexpr std::array kSchemes{
    Scheme{"redis://", RedisTopology::single, RedisTransport::plain},
    Scheme{"rediss://", RedisTopology::single, RedisTransport::tls},
    Scheme{"redis+cluster://", RedisTopology::cluster, RedisTransport::plain},
    Scheme{"rediss+cluster://", RedisTopology::cluster, RedisTransport::tls},
};

const Scheme* scheme_of(std::string_view url) {
  const auto* const scheme =
      std::ranges::find_if(kSchemes, [&](const auto& each) { return url.starts_with(each.text); });
  return scheme == kSchemes.end() ? nullptr : scheme;
}

// What comes before the separator, or all; takes both off the text.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

template <class Number>
std::optional<Number> number_in(std::string_view text, Number least, Number most) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || read_to != end || number < least || number > most)
    return std::nullopt;
  return number;
}

// RFC 3986 section 2.1: in a URI, unlike in a form, a '+' stands for itself.
std::optional<std::string> decoded(std::string_view text) {
  std::string plus_escaped;
  for (const char character : text) {
    if (character == '+')
      plus_escaped += "%2B";
    else
      plus_escaped += character;
  }
  return form_decode(plus_escaped);
}

std::optional<RedisEndpoint> endpoint_in(std::string_view text) {
  RedisEndpoint endpoint{.host = {}, .port = kUsualPort};
  std::string_view port;
  if (text.starts_with('[')) {
    if (!text.contains(']')) return std::nullopt;
    text.remove_prefix(1);
    endpoint.host = take_until(text, ']');
    if (!text.empty() && !text.starts_with(':')) return std::nullopt;
    port = text;
  } else {
    const std::size_t colon = text.find(':');
    endpoint.host = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  const bool is_host = std::ranges::all_of(endpoint.host, [](char character) {
    return character > ' ' && character < '\x7F' && character != '/' && character != '@';
  });
  if (endpoint.host.empty() || !is_host) return std::nullopt;
  if (port.empty()) return endpoint;

  const auto number =
      number_in<std::uint16_t>(port.substr(1), 1, std::numeric_limits<std::uint16_t>::max());
  if (!number) return std::nullopt;
  endpoint.port = *number;
  return endpoint;
}

Fault read_endpoints(RedisUrl& url, std::string_view text) {
  while (!text.empty()) {
    auto endpoint = endpoint_in(take_until(text, ','));
    if (!endpoint) return "has no host:port where one is expected";
    url.endpoints.push_back(*std::move(endpoint));
  }
  if (url.endpoints.empty()) return "names no host";
  if (url.endpoints.size() > kEndpointsMax)
    return fmt::format("names more than {} hosts", kEndpointsMax);
  if (url.topology == RedisTopology::single && url.endpoints.size() > 1)
    return "names several hosts, which only redis+cluster:// and rediss+cluster:// may";
  return std::nullopt;
}

Fault read_user(RedisUrl& url, std::string_view text) {
  const auto user = decoded(take_until(text, ':'));
  auto password = decoded(text);
  if (!user || !password) return "has a broken escape before the @";
  url.user = *user;
  url.password = Secret(*std::move(password));
  return std::nullopt;
}

Fault read_database(RedisUrl& url, std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (url.topology == RedisTopology::cluster) return "has a database, of which a cluster has none";
  const auto number = number_in<std::uint32_t>(text, 0, 1U << 20);
  if (!number) return "has a database that is no number";
  url.database = *number;
  return std::nullopt;
}

bool is_prefix(std::string_view text) {
  // Nothing that has a meaning in a pattern of SCAN or in a key's hash tag.
  return text.size() <= kPrefixBytesMax && std::ranges::all_of(text, [](char character) {
           return (character >= '0' && character <= '9') ||
                  (character >= 'A' && character <= 'Z') ||
                  (character >= 'a' && character <= 'z') ||
                  std::string_view("-._:").contains(character);
         });
}

struct Parameter {
  std::string_view name;
  bool (*read)(RedisUrl& url, const std::string& value);
};

template <auto member> bool read_file_name(RedisUrl& url, const std::string& value) {
  url.*member = value;
  return !value.empty();
}

template <auto member, auto least, auto most>
bool read_count(RedisUrl& url, const std::string& value) {
  const auto number = number_in<std::uint32_t>(value, least, most);
  if (number) url.*member = *number;
  return number.has_value();
}

template <auto member> bool read_wait(RedisUrl& url, const std::string& value) {
  const auto number = number_in<std::uint32_t>(value, 1, 60'000);
  if (number) url.*member = std::chrono::milliseconds(*number);
  return number.has_value();
}

bool read_prefix(RedisUrl& url, const std::string& value) {
  url.prefix = value;
  return is_prefix(value);
}

constexpr std::array kParameters{
    Parameter{"ca", read_file_name<&RedisUrl::ca_file>},
    Parameter{"cert", read_file_name<&RedisUrl::certificate_file>},
    Parameter{"connections", read_count<&RedisUrl::connections, 1U, 16U>},
    Parameter{"key", read_file_name<&RedisUrl::key_file>},
    Parameter{"password_file", read_file_name<&RedisUrl::password_file>},
    Parameter{"prefix", read_prefix},
    Parameter{"queue", read_count<&RedisUrl::waiting_max, 1U, 1'000'000U>},
    Parameter{"timeout", read_wait<&RedisUrl::timeout>},
    Parameter{"wait", read_count<&RedisUrl::replicas, 0U, 16U>},
    Parameter{"wait_timeout", read_wait<&RedisUrl::replicas_wait>},
};

Fault read_parameters(RedisUrl& url, std::string_view text) {
  std::set<std::string_view> names;
  while (!text.empty()) {
    std::string_view value = take_until(text, '&');
    const std::string_view name = take_until(value, '=');
    const auto* const known = std::ranges::find(kParameters, name, &Parameter::name);
    if (known == kParameters.end()) return "has a parameter that is not known";
    if (!names.insert(name).second) return fmt::format("has the parameter {} twice", name);
    const auto text_of_value = decoded(value);
    if (!text_of_value || !known->read(url, *text_of_value))
      return fmt::format("has a parameter {} that is not allowed", name);
  }
  return std::nullopt;
}

Fault contradiction(const RedisUrl& url) {
  if (!url.password.empty() && !url.password_file.empty())
    return "has a password and a password_file";
  if (!url.user.empty() && url.password.empty() && url.password_file.empty())
    return "has a user without a password";
  const bool names_tls_files = !url.ca_file.empty() || !url.certificate_file.empty();
  if (url.transport == RedisTransport::plain && names_tls_files)
    return "has files for TLS, which only rediss:// and rediss+cluster:// speak";
  if (url.certificate_file.empty() != url.key_file.empty()) return "has one of cert and key alone";
  return std::nullopt;
}

} // namespace

std::string RedisEndpoint::text() const {
  return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

bool is_redis_url(std::string_view url) { return scheme_of(url) != nullptr; }

std::expected<RedisUrl, std::string> parse_redis_url(std::string_view text) {
  const Scheme* const scheme = scheme_of(text);
  if (!scheme) return std::unexpected("is no URL of a Redis");
  RedisUrl url;
  url.topology = scheme->topology;
  url.transport = scheme->transport;
  text.remove_prefix(scheme->text.size());

  std::string_view parameters = text;
  std::string_view path = take_until(parameters, '?');
  std::string_view authority = take_until(path, '/');
  Fault fault;
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    fault = read_user(url, authority.substr(0, at));
    authority.remove_prefix(at + 1);
  }
  if (!fault) fault = read_endpoints(url, authority);
  if (!fault) fault = read_database(url, path);
  if (!fault) fault = read_parameters(url, parameters);
  if (!fault) fault = contradiction(url);
  if (fault) return std::unexpected(*std::move(fault));
  return url;
}

} // namespace assay::stores
