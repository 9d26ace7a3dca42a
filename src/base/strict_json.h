// JSON from outside (RFC 8259), refused wherever two readers could see two things in it: members
// twice in one object, bytes that are not UTF-8, text after the value. The one header that names
// Boost.JSON.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace assay {

namespace json = boost::json;

struct JsonLimits {
  std::size_t depth = 16;
  std::size_t bytes = 1 << 20;
};

// What is wrong with the text, and where (a byte offset). Never quotes the text.
struct JsonFault {
  std::string what;
  std::size_t offset = 0;
};

// `storage` may be a monotonic resource on the caller's stack; the value must not outlive it.
std::expected<json::value, JsonFault>
parse_strict_json(std::string_view text, JsonLimits limits = {}, json::storage_ptr storage = {});

} // namespace assay
