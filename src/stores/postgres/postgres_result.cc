#include "stores/postgres/postgres_result.h"

#include <algorithm>
#include <array>

namespace assay::stores {

bool PostgresResult::is_good() const {
  const ExecStatusType now = status();
  return now == PGRES_TUPLES_OK || now == PGRES_COMMAND_OK || now == PGRES_SINGLE_TUPLE;
}

std::string PostgresResult::sqlstate() const {
  const char* const state = PQresultErrorField(result_.get(), PG_DIAG_SQLSTATE);
  return state ? state : "";
}

std::string PostgresResult::fault() const {
  const char* const said = PQresultErrorField(result_.get(), PG_DIAG_MESSAGE_PRIMARY);
  std::string text = said ? said : PQresultErrorMessage(result_.get());
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  const std::string state = sqlstate();
  return state.empty() ? text : text + " (" + state + ")";
}

// Two's complement, the highest byte first.
std::int64_t PostgresResult::number(int row, int column) const {
  constexpr unsigned kByteBits = 8;
  constexpr unsigned char kSignBit = 0x80;
  const auto value = bytes(row, column);
  const bool is_negative = value.size() > 1 && (value.front() & kSignBit) != 0;
  std::uint64_t number = is_negative ? ~std::uint64_t{0} : 0;
  for (const unsigned char byte : value)
    number = number << kByteBits | byte;
  return static_cast<std::int64_t>(number);
}

std::span<const unsigned char> PostgresResult::bytes(int row, int column) const {
  return {reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row, column)),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::string PostgresResult::text(int row, int column) const {
  const auto value = bytes(row, column);
  return {value.begin(), value.end()};
}

crypto::Digest PostgresResult::digest(int row, int column) const {
  std::array<unsigned char, crypto::Digest::kBytes> digest{};
  const auto value = bytes(row, column);
  if (value.size() == crypto::Digest::kBytes) std::ranges::copy(value, digest.begin());
  return crypto::Digest(digest);
}

} // namespace assay::stores
