#include "base/strict_json.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>

namespace assay {

namespace {

using Error = boost::system::error_code;

// Builds the value where it will stand, from the outside in: so a name that is already in its
// object is noticed by the very insertion, whatever its spelling was, and at no further cost.
class StrictBuilder {
public:
  // The text as a whole is bounded (JsonLimits::bytes), and with it all that is in it.
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  explicit StrictBuilder(json::storage_ptr storage)
      : root_(std::move(storage)), open_(root_.storage().get()) {
    open_.reserve(kUsualDepth);
  }

  json::value release() { return std::move(root_); }

  // Why one of the functions below stopped the parser; none if it was the parser itself.
  const char* complaint() const { return complaint_; }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }

  bool on_array_begin(Error& error) { return open(json::array(root_.storage()), error); }
  bool on_array_end(std::size_t, Error&) { return close(); }
  bool on_object_begin(Error& error) {
    json::object members(root_.storage());
    members.reserve(kUsualMembers);
    return open(std::move(members), error);
  }
  bool on_object_end(std::size_t, Error&) { return close(); }

  bool on_key_part(json::string_view part, std::size_t, Error&) { return append(part); }
  bool on_key(json::string_view rest, std::size_t, Error&) {
    name_.assign(text_.begin(), text_.end());
    name_.append(rest.begin(), rest.end());
    text_.clear();
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t, Error&) { return append(part); }
  bool on_string(json::string_view rest, std::size_t, Error& error) {
    if (text_.empty()) return add(json::string(rest, root_.storage()), error);
    append(rest);
    const bool added = add(json::string(text_, root_.storage()), error);
    text_.clear();
    return added;
  }

  bool on_number_part(json::string_view, Error&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, Error& error) { return add(number, error); }
  bool on_uint64(std::uint64_t number, json::string_view, Error& error) {
    return add(number, error);
  }
  bool on_double(double number, json::string_view text, Error& error) {
    // Boost.JSON 1.81 rounds some numbers twice; from_chars gives the nearest double.
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc{} || !std::isfinite(number))
      return refuse("a number does not fit a double", error);
    return add(number, error);
  }
  bool on_bool(bool truth, Error& error) { return add(truth, error); }
  bool on_null(Error& error) { return add(nullptr, error); }
  bool on_comment_part(json::string_view, Error&) { return true; }
  bool on_comment(json::string_view, Error&) { return true; }

private:
  static constexpr std::size_t kUsualDepth = 8;
  static constexpr std::size_t kUsualMembers = 8;

  bool append(json::string_view part) {
    text_.append(part.begin(), part.end());
    return true;
  }

  // Where a value went. None if its name is taken.
  template <class Value> json::value* place(Value&& value) {
    if (open_.empty()) return &(root_ = json::value(std::forward<Value>(value), root_.storage()));
    if (json::array* elements = open_.back()->if_array())
      return &elements->emplace_back(std::forward<Value>(value));
    const auto [member, inserted] =
        open_.back()->get_object().emplace(name_, std::forward<Value>(value));
    return inserted ? &member->value() : nullptr;
  }

  template <class Value> bool add(Value&& value, Error& error) {
    return place(std::forward<Value>(value)) || refuse("a member name occurs twice", error);
  }

  // A container that is open does not move: only the innermost one grows.
  template <class Container> bool open(Container&& container, Error& error) {
    json::value* placed = place(std::forward<Container>(container));
    if (!placed) return refuse("a member name occurs twice", error);
    open_.push_back(placed);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool refuse(const char* sentence, Error& error) {
    complaint_ = sentence;
    error = json::make_error_code(json::error::syntax);
    return false;
  }

  json::value root_;
  std::vector<json::value*, json::polymorphic_allocator<json::value*>> open_;
  std::string name_; // of the member that comes next
  std::string text_; // what there is so far of a text with escapes
  const char* complaint_ = nullptr;
};

} // namespace

std::expected<json::value, JsonFault> parse_strict_json(std::string_view text, JsonLimits limits,
                                                        json::storage_ptr storage) {
  if (text.size() > limits.bytes) return std::unexpected(JsonFault{"the text is too long", 0});

  json::parse_options options; // no comments, no trailing commas, UTF-8 checked
  options.max_depth = limits.depth;
  json::basic_parser<StrictBuilder> parser(options, std::move(storage));
  Error error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (error) {
    const char* complaint = parser.handler().complaint();
    return std::unexpected(JsonFault{complaint ? complaint : error.message(), read});
  }
  if (read < text.size()) return std::unexpected(JsonFault{"there is text after the value", read});
  return parser.handler().release();
}

} // namespace assay
