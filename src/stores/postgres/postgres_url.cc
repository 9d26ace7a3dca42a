#include "stores/postgres/postgres_url.h"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace assay::stores {

namespace {

constexpr std::array<std::string_view, 2> kSchemes{"postgresql://", "postgres://"};

constexpr std::size_t kSchemaBytesMax = 48;

// A transaction that its node left open holds locks that others wait for.
constexpr std::chrono::milliseconds kIdleInTransactionMax{10'000};

// What is not in the URL. A peer that does not acknowledge what is sent is taken for gone in 5 s,
// and one that says nothing after 20; a standby, which cannot commit, is no server for us.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kDefaults{{
    {"fallback_application_name", "assay"},
    {"target_session_attrs", "read-write"},
    {"connect_timeout", "5"},
    {"tcp_user_timeout", "5000"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "2"},
}};

// It stands in statements, where a quote would end the name.
bool is_schema(std::string_view name) {
  return !name.empty() && name.size() <= kSchemaBytesMax && !name.starts_with("pg_") &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

// Where the parameters begin; as libpq reads it, a password may have a `?` in it.
std::size_t query_mark(std::string_view url) {
  const std::size_t authority = url.find("://") + 3;
  const std::size_t stop = url.find_first_of("@/", authority);
  const bool has_user = stop != std::string_view::npos && url[stop] == '@';
  return url.find('?', has_user ? stop : authority);
}

using Conninfo = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

PostgresUrl::Options options_in(const PQconninfoOption* option) {
  PostgresUrl::Options options;
  for (; option->keyword != nullptr; ++option)
    if (option->val != nullptr) options.emplace_back(option->keyword, option->val);
  return options;
}

std::string* value_of(PostgresUrl::Options& options, std::string_view keyword) {
  const auto found = std::ranges::find(
      options, keyword, [](const auto& each) -> std::string_view { return each.first; });
  return found == options.end() ? nullptr : &found->second;
}

std::string shown_of(PostgresUrl::Options options) {
  const auto value = [&](std::string_view keyword) {
    const std::string* found = value_of(options, keyword);
    return found ? *found : std::string();
  };
  const std::string port = value("port");
  return fmt::format("postgresql://{}{}{}/{}", value("host"), port.empty() ? "" : ":", port,
                     value("dbname"));
}

} // namespace

bool PostgresUrl::has_scheme(std::string_view url) {
  return std::ranges::any_of(kSchemes,
                             [&](std::string_view each) { return url.starts_with(each); });
}

std::optional<PostgresUrl> PostgresUrl::parse(std::string_view url) {
  if (!has_scheme(url)) return std::nullopt;
  PostgresUrl read;
  const std::size_t mark = query_mark(url);
  std::string for_libpq(url.substr(0, mark));
  char separator = '?';
  for (std::string_view rest = mark == std::string_view::npos ? "" : url.substr(mark + 1);
       !rest.empty();) {
    const std::string_view parameter = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), parameter.size() + 1));
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view name = parameter.substr(0, equals);
    const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    if (name == "schema") {
      if (!is_schema(value)) return std::nullopt;
      read.schema_ = value;
    } else if (name == "pooler") {
      if (value != "transaction") return std::nullopt;
      read.pooling_ = Pooling::transaction;
    } else {
      for_libpq.append(1, separator).append(parameter);
      separator = '&';
    }
  }
  // Its own words could quote the password.
  const Conninfo conninfo(PQconninfoParse(for_libpq.c_str(), nullptr), PQconninfoFree);
  if (!conninfo) return std::nullopt;
  read.options_ = options_in(conninfo.get());
  read.shown_ = shown_of(read.options_);
  return read;
}

PostgresUrl::Options PostgresUrl::options(std::chrono::milliseconds statement_wait) const {
  Options options = options_;
  for (const auto& [keyword, value] : kDefaults)
    if (!value_of(options, keyword)) options.emplace_back(keyword, value);
  std::erase_if(options, [](const auto& each) { return each.first == "client_encoding"; });
  options.emplace_back("client_encoding", "UTF8");
  if (pooling_ == Pooling::transaction) return options;

  const std::string limits =
      fmt::format("-c statement_timeout={} -c idle_in_transaction_session_timeout={}",
                  statement_wait.count(), kIdleInTransactionMax.count());
  if (std::string* given = value_of(options, "options"))
    *given = fmt::format("{} {}", limits, *given); // the later one counts
  else
    options.emplace_back("options", limits);
  return options;
}

std::string PostgresUrl::with_schema(std::string_view sql) const {
  constexpr std::string_view kMark = "{schema}";
  const std::string quoted = '"' + schema_ + '"';
  std::string text;
  for (std::size_t mark = sql.find(kMark); mark != std::string_view::npos; mark = sql.find(kMark)) {
    text.append(sql.substr(0, mark)).append(quoted);
    sql.remove_prefix(mark + kMark.size());
  }
  return text.append(sql);
}

} // namespace assay::stores
