// What PostgreSQL answered to a statement: rows in binary form, or a fault.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <libpq-fe.h>

#include "base/clock.h"
#include "crypto/digest.h"

namespace assay::stores {

// Owns what libpq gave. May be empty: libpq has nothing more to say of a statement.
class PostgresResult {
public:
  explicit PostgresResult(PGresult* result = nullptr) : result_(result) {}

  explicit operator bool() const { return result_ != nullptr; }
  ExecStatusType status() const { return PQresultStatus(result_.get()); }
  bool is_good() const;

  // Five characters (PostgreSQL's appendix A); empty if the engine has not said one.
  std::string sqlstate() const;

  // In one line, without the details, in which the engine quotes values.
  std::string fault() const;

  int rows() const { return PQntuples(result_.get()); }
  bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::int64_t number(int row, int column) const; // of an integer of any size, or a boolean
  TimePoint time(int row, int column) const {
    return TimePoint(std::chrono::microseconds(number(row, column)));
  }
  std::span<const unsigned char> bytes(int row, int column) const;
  std::string text(int row, int column) const;
  crypto::Digest digest(int row, int column) const; // of other bytes, one that nothing has

private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

} // namespace assay::stores
