#include "stores/postgres/postgres_parameters.h"

#include <utility>

#include "base/assert.h"

namespace assay::stores {

namespace {

// The one format of values that is not text.
constexpr int kBinary = 1;

// The highest byte first.
template <class Number> void append(std::string& bytes, Number number) {
  constexpr unsigned kByteBits = 8;
  for (std::size_t byte = sizeof(Number); byte-- > 0;)
    bytes.push_back(static_cast<char>(number >> (kByteBits * byte)));
}

unsigned array_of(PostgresType type) {
  constexpr unsigned kBooleans = 1000;
  constexpr unsigned kByteses = 1001;
  constexpr unsigned kNumbers = 1016;
  constexpr unsigned kTexts = 1009;
  switch (type) {
  case PostgresType::boolean: return kBooleans;
  case PostgresType::bytes: return kByteses;
  case PostgresType::number: return kNumbers;
  case PostgresType::text: return kTexts;
  }
  ASSAY_ASSERT(false, "a type of the list");
}

} // namespace

void PostgresArray::add(std::int64_t number) {
  std::string bytes;
  append(bytes, static_cast<std::uint64_t>(number));
  add(std::string_view(bytes));
}

void PostgresArray::add(std::string_view bytes) {
  ++elements_;
  append(content_, static_cast<std::uint32_t>(bytes.size()));
  content_.append(bytes);
}

void PostgresArray::add_null() {
  ++elements_;
  has_null_ = true;
  append(content_, ~std::uint32_t{0}); // instead of a length
}

std::string PostgresArray::encoded() const {
  std::string bytes;
  constexpr std::size_t kHeaderBytes = 20;
  bytes.reserve(kHeaderBytes + content_.size());
  append(bytes, std::uint32_t{elements_ > 0}); // dimensions
  append(bytes, std::uint32_t{has_null_});
  append(bytes, static_cast<std::uint32_t>(type_));
  if (elements_ == 0) return bytes;
  append(bytes, elements_);
  append(bytes, std::uint32_t{1}); // the first index
  return bytes.append(content_);
}

PostgresParameters& PostgresParameters::add(std::int64_t number) {
  std::string bytes;
  append(bytes, static_cast<std::uint64_t>(number));
  return put(static_cast<unsigned>(PostgresType::number), std::move(bytes));
}

PostgresParameters& PostgresParameters::add(TimePoint time) {
  return add(std::int64_t{time.time_since_epoch().count()});
}

PostgresParameters& PostgresParameters::add_text(std::string_view text) {
  return put(static_cast<unsigned>(PostgresType::text), std::string(text));
}

PostgresParameters& PostgresParameters::add_bytes(std::string_view bytes) {
  return put(static_cast<unsigned>(PostgresType::bytes), std::string(bytes));
}

PostgresParameters& PostgresParameters::add(const PostgresArray& array) {
  return put(array_of(array.type()), array.encoded());
}

PostgresParameters& PostgresParameters::put(unsigned type, std::string value) {
  types_.push_back(type);
  values_.push_back(std::move(value));
  return *this;
}

std::vector<const char*> PostgresParameters::values() const {
  std::vector<const char*> pointers;
  pointers.reserve(values_.size());
  for (const std::string& value : values_)
    pointers.push_back(value.data());
  return pointers;
}

std::vector<int> PostgresParameters::lengths() const {
  std::vector<int> lengths;
  lengths.reserve(values_.size());
  for (const std::string& value : values_)
    lengths.push_back(static_cast<int>(value.size()));
  return lengths;
}

std::vector<int> PostgresParameters::formats() const {
  return std::vector<int>(values_.size(), kBinary);
}

} // namespace assay::stores
