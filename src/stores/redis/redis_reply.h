// What a Redis answers (RESP2), read by hiredis.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hiredis/read.h>

namespace assay::stores {

struct RedisReply {
  enum class Kind { nothing, text, integer, array, error };

  Kind kind = Kind::nothing;
  std::string text; // of an error as well
  std::int64_t integer = 0;
  std::vector<RedisReply> elements;

  bool is_error() const { return kind == Kind::error; }
};

// Bytes in, replies out.
class RedisReader {
public:
  RedisReader();
  ~RedisReader();
  RedisReader(const RedisReader&) = delete;
  RedisReader& operator=(const RedisReader&) = delete;

  void feed(std::string_view bytes);

  // None: there is not yet a whole one. Throws Unavailable for what is no RESP, and for a reply
  // that is too big for anything we ask.
  std::optional<RedisReply> next();

private:
  struct Freed {
    void operator()(redisReader* reader) const;
  };
  std::unique_ptr<redisReader, Freed> reader_;
  std::size_t unread_bytes_ = 0;
};

} // namespace assay::stores
