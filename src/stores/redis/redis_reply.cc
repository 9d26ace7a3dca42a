#include "stores/redis/redis_reply.h"

#include <new>

#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include "base/unavailable.h"

namespace assay::stores {

namespace {

// A page of SCAN or the record of a token is some thousand times smaller.
constexpr std::size_t kReplyBytesMax = 64UL * 1024 * 1024;

RedisReply value_of(const redisReply& reply) {
  using Kind = RedisReply::Kind;
  RedisReply value;
  switch (reply.type) {
  case REDIS_REPLY_STRING:
  case REDIS_REPLY_STATUS:
    value.kind = Kind::text;
    value.text.assign(reply.str, reply.len);
    break;
  case REDIS_REPLY_ERROR:
    value.kind = Kind::error;
    value.text.assign(reply.str, reply.len);
    break;
  case REDIS_REPLY_INTEGER:
    value.kind = Kind::integer;
    value.integer = reply.integer;
    break;
  case REDIS_REPLY_ARRAY:
    value.kind = Kind::array;
    value.elements.reserve(reply.elements);
    for (std::size_t index = 0; index < reply.elements; ++index)
      value.elements.push_back(value_of(*reply.element[index]));
    break;
  default: // REDIS_REPLY_NIL
    break;
  }
  return value;
}

struct ReplyFreed {
  void operator()(void* reply) const { freeReplyObject(reply); }
};

} // namespace

void RedisReader::Freed::operator()(redisReader* reader) const { redisReaderFree(reader); }

RedisReader::RedisReader() : reader_(redisReaderCreate()) {
  if (!reader_) throw std::bad_alloc();
}

RedisReader::~RedisReader() = default;

void RedisReader::feed(std::string_view bytes) {
  redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
  unread_bytes_ += bytes.size();
}

std::optional<RedisReply> RedisReader::next() {
  void* raw = nullptr;
  if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK)
    throw Unavailable(fmt::format("what it answers is no RESP: {}", reader_->errstr));
  const std::unique_ptr<void, ReplyFreed> reply(raw);
  if (reply) {
    unread_bytes_ = 0;
    return value_of(*static_cast<const redisReply*>(reply.get()));
  }
  if (unread_bytes_ > kReplyBytesMax) throw Unavailable("its answer is too big");
  return std::nullopt;
}

} // namespace assay::stores
