#include "stores/redis/redis_reply.h"

#include <new>

#include <fmt/format.h>

#include "base/unavailable.h"

namespace assay::stores {

namespace {

// The record of a token is some thousand times smaller, and so is a page of SCAN.
constexpr std::size_t kReplyBytesMax = 64UL * 1024 * 1024;
constexpr int kElementsMax = 1'000'000;

// hiredis tells which part of the reply it has read; the parts are put where they belong. None
// throws: that would pass through C.

using Kind = RedisReply::Kind;

// What is not within another one belongs to the reader until it is whole.
RedisReply* place_of(const redisReadTask* task) noexcept {
  if (!task->parent) return new (std::nothrow) RedisReply;
  auto* const parent = static_cast<RedisReply*>(task->parent->obj);
  return &parent->elements[static_cast<std::size_t>(task->idx)];
}

void* made_text(const redisReadTask* task, char* text, std::size_t bytes) noexcept {
  RedisReply* const reply = place_of(task);
  if (!reply) return nullptr;
  reply->kind = task->type == REDIS_REPLY_ERROR ? Kind::error : Kind::text;
  reply->text.assign(text, bytes);
  return reply;
}

void* made_array(const redisReadTask* task, int elements) noexcept {
  if (elements > kElementsMax) return nullptr;
  RedisReply* const reply = place_of(task);
  if (!reply) return nullptr;
  reply->kind = Kind::array;
  reply->elements.resize(static_cast<std::size_t>(elements));
  return reply;
}

void* made_integer(const redisReadTask* task, long long number) noexcept {
  RedisReply* const reply = place_of(task);
  if (!reply) return nullptr;
  reply->kind = Kind::integer;
  reply->integer = number;
  return reply;
}

void* made_nothing(const redisReadTask* task) noexcept { return place_of(task); }

void free_reply(void* reply) noexcept { delete static_cast<RedisReply*>(reply); }

redisReplyObjectFunctions functions{made_text, made_array, made_integer, made_nothing, free_reply};

} // namespace

void RedisReader::Freed::operator()(redisReader* reader) const { redisReaderFree(reader); }

RedisReader::RedisReader() : reader_(redisReaderCreateWithFunctions(&functions)) {
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
  const std::unique_ptr<RedisReply> reply(static_cast<RedisReply*>(raw));
  if (reply) {
    unread_bytes_ = 0;
    return std::move(*reply);
  }
  if (unread_bytes_ > kReplyBytesMax) throw Unavailable("its answer is too big");
  return std::nullopt;
}

} // namespace assay::stores
