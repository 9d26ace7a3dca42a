// The parameters of a statement, in PostgreSQL's binary form.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crypto/digest.h"

namespace assay::stores {

// The types that our statements have; the numbers are PostgreSQL's own, the same everywhere.
enum class PostgresType : unsigned {
  boolean = 16,
  bytes = 17,
  number = 20, // of 64 bits
  text = 25,
};

inline std::string_view view_of(const crypto::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes().data()), digest.bytes().size()};
}

// One column of many calls: what `unnest` makes rows of.
class PostgresArray {
public:
  explicit PostgresArray(PostgresType type) : type_(type) {}

  void add(std::int64_t number);
  void add(TimePoint time) { add(std::int64_t{time.time_since_epoch().count()}); }
  void add(std::string_view bytes);
  void add(const crypto::Digest& digest) { add(view_of(digest)); }
  void add_null();
  void add(const std::optional<std::string_view>& bytes) { bytes ? add(*bytes) : add_null(); }

  PostgresType type() const { return type_; }
  std::string encoded() const;

private:
  PostgresType type_;
  std::uint32_t elements_ = 0;
  bool has_null_ = false;
  std::string content_;
};

class PostgresParameters {
public:
  PostgresParameters& add(std::int64_t number);
  PostgresParameters& add(TimePoint time);
  PostgresParameters& add_text(std::string_view text);
  PostgresParameters& add_bytes(std::string_view bytes);
  PostgresParameters& add(const PostgresArray& array);

  // As libpq wants them; good as long as nothing is added.
  int count() const { return static_cast<int>(values_.size()); }
  const unsigned* types() const { return types_.data(); }
  std::vector<const char*> values() const;
  std::vector<int> lengths() const;
  std::vector<int> formats() const;

private:
  PostgresParameters& put(unsigned type, std::string value);

  std::vector<unsigned> types_;
  std::vector<std::string> values_;
};

} // namespace assay::stores
