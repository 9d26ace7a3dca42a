#include "stores/redis/redis_token_transfer.h"

#include <charconv>
#include <chrono>
#include <set>
#include <utility>

#include "stores/redis/redis_family.h"

namespace assay::stores {

using oauth::TransferPage;
using oauth::TransferredToken;

namespace {

// No key is without an end. A copy that nobody went on with for so long has lost its mark.
constexpr std::chrono::seconds kMarkLife = std::chrono::days(31);

// Commands that may wait at once, whatever the URL's `queue` says.
constexpr std::size_t kCommandsMax = 1000;

TimePoint time_in(const std::string& text) {
  std::int64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc())
    throw Unavailable("Redis: what it holds of a used assertion cannot be read");
  return TimePoint(std::chrono::microseconds(number));
}

// Of that database, in what INFO says: a line `db0:keys=12,expires=...` for each.
std::uint64_t keys_of(std::string_view info, std::uint32_t database) {
  const std::string begin = "db" + std::to_string(database) + ":keys=";
  const std::size_t found = info.find(begin);
  if (found == std::string_view::npos) return 0;
  info.remove_prefix(found + begin.size());
  std::uint64_t keys = 0;
  std::from_chars(info.data(), info.data() + info.size(), keys);
  return keys;
}

RedisReplies ask(RedisClient& client, std::vector<RedisCommand> commands) {
  RedisReplies replies;
  replies.reserve(commands.size());
  std::vector<RedisCommand> some;
  for (std::size_t index = 0; index < commands.size(); ++index) {
    some.push_back(std::move(commands[index]));
    if (some.size() < kCommandsMax && index + 1 < commands.size()) continue;
    for (RedisReply& reply : client.call_and_wait(std::exchange(some, {})))
      replies.push_back(std::move(reply));
  }
  return replies;
}

RedisReplies get_all(RedisClient& client, const std::vector<std::string>& keys) {
  std::vector<RedisCommand> queries;
  queries.reserve(keys.size());
  for (const std::string& key : keys)
    queries.push_back(RedisCommand::read(key, {"GET", key}));
  return ask(client, std::move(queries));
}

// Tokens of all masters first, then claims.
class RedisTransferReader final : public oauth::TransferReader {
public:
  RedisTransferReader(RedisClient& client, const RedisPlanner& planner)
      : client_(client), planner_(planner), masters_(client.masters()) {}

  std::optional<TransferPage> next(std::size_t limit, TimePoint now) override {
    if (master_ == masters_.size()) {
      if (of_claims_) return std::nullopt;
      of_claims_ = true;
      master_ = 0;
    }
    TransferPage page;
    const std::vector<std::string> keys = scan(limit);
    if (of_claims_)
      read_claims(page, keys, now);
    else
      read_tokens(page, keys, now);
    return page;
  }

private:
  // The keys of one page, none twice.
  std::vector<std::string> scan(std::size_t limit) {
    const RedisReply reply = client_.call_and_wait(RedisCommand::to(
        masters_.at(master_),
        {"SCAN", cursor_, "MATCH", of_claims_ ? planner_.claim_pattern() : planner_.token_pattern(),
         "COUNT", std::to_string(limit)}));
    constexpr std::size_t kParts = 2;
    if (reply.elements.size() != kParts) throw Unavailable("Redis: SCAN answered no page");
    cursor_ = reply.elements[0].text;
    if (cursor_ == "0") ++master_;
    std::set<std::string> keys;
    for (const RedisReply& key : reply.elements[1].elements)
      keys.insert(key.text);
    return {keys.begin(), keys.end()};
  }

  void read_claims(TransferPage& page, const std::vector<std::string>& keys, TimePoint now) {
    auto reply = get_all(client_, keys);
    for (std::size_t index = 0; index < keys.size(); ++index) {
      if (reply[index].kind != RedisReply::Kind::text) continue;
      const TimePoint until = time_in(reply[index].text);
      if (until > now) page.claims.push_back({digest_from(planner_.digest_in(keys[index])), until});
    }
  }

  void read_tokens(TransferPage& page, const std::vector<std::string>& keys, TimePoint now) {
    const auto replies = get_all(client_, keys);
    for (std::size_t index = 0; index < keys.size(); ++index) {
      if (replies[index].kind != RedisReply::Kind::text) continue;
      TransferredToken token{
          .record = decode_redis_record(replies[index].text), .answer = {}, .place = {}};
      token.record.key = {.digest = digest_from(planner_.digest_in(keys[index])), .locator = {}};
      page.tokens.push_back(std::move(token));
    }
    leave_out_revoked(page.tokens);
    std::erase_if(page.tokens, [&](const auto& each) { return each.record.expires_at <= now; });
    find_answers(page.tokens, now);
  }

  void leave_out_revoked(std::vector<TransferredToken>& tokens) {
    std::vector<RedisCommand> queries;
    for (const TransferredToken& each : tokens)
      if (const auto family = family_of(each)) queries.push_back(family_query(*family, name(each)));
    const RedisReplies replies = ask(client_, std::move(queries));
    auto reply = replies.begin();
    std::erase_if(tokens, [&](TransferredToken& each) {
      return family_of(each) && !apply_family(*reply++, each.record);
    });
  }

  void find_answers(std::vector<TransferredToken>& tokens, TimePoint now) {
    std::vector<std::string> keys;
    for (const TransferredToken& each : tokens)
      if (each.record.is_rotated) keys.push_back(planner_.answer_key(each.record, name(each)));
    const RedisReplies replies = get_all(client_, keys);
    auto reply = replies.begin();
    for (TransferredToken& each : tokens) {
      if (!each.record.is_rotated) continue;
      const RedisReply& kept = *reply++;
      if (kept.kind != RedisReply::Kind::text) continue;
      auto answer = decode_redis_answer(kept.text);
      if (answer.repeatable_until > now) each.answer = std::move(answer);
    }
  }

  static std::string name(const TransferredToken& token) {
    return token.record.key.digest.base64url();
  }

  std::optional<std::string> family_of(const TransferredToken& token) const {
    return planner_.family_key(token.record, name(token));
  }

  RedisClient& client_;
  const RedisPlanner& planner_;
  std::vector<RedisEndpoint> masters_;
  std::size_t master_ = 0;
  std::string cursor_ = "0";
  bool of_claims_ = false;
};

} // namespace

RedisTokenTransfer::RedisTokenTransfer(RedisUrl url, const std::filesystem::path& folder)
    : client_(std::move(url), folder), planner_(client_.url().prefix) {
  mark(); // so that there is a map of the slots when the masters are asked
}

std::unique_ptr<oauth::TransferReader> RedisTokenTransfer::read() {
  return std::make_unique<RedisTransferReader>(client_, planner_);
}

// Those of families and of others count as well.
std::uint64_t RedisTokenTransfer::size() {
  std::uint64_t keys = 0;
  for (const RedisEndpoint& master : client_.masters()) {
    RedisCommand command = RedisCommand::to(master, {"INFO", "keyspace"});
    command.errors = RedisCommand::Errors::answered;
    const RedisReply reply = client_.call_and_wait(std::move(command));
    if (!reply.is_error()) keys += keys_of(reply.text, client_.url().database);
  }
  return keys;
}

void RedisTokenTransfer::put(const TransferPage& page, TimePoint now) {
  std::vector<RedisCommand> commands;
  for (const TransferredToken& token : page.tokens)
    for (const RedisStep& step : planner_.copied(token, now))
      commands.push_back(redis_script({step}, now));
  for (const oauth::ReplayClaim& claim : page.claims)
    commands.push_back(redis_script({planner_.take(claim, now)}, now));
  ask(client_, std::move(commands));
}

// The family stays: others can belong to it, and it ends by itself.
void RedisTokenTransfer::remove(std::span<const TransferredToken> tokens) {
  std::vector<RedisCommand> commands;
  for (const TransferredToken& token : tokens) {
    const oauth::TokenRecord& record = token.record;
    const std::string digest = record.key.digest.base64url();
    const std::string key = planner_.token_key(record.key.digest);
    commands.push_back(RedisCommand::write(key, {"UNLINK", key}));
    if (record.kind == oauth::TokenKind::access) continue;
    const std::string family = *planner_.family_key(record, digest);
    commands.push_back(RedisCommand::write(family, {"HDEL", family, digest}));
    const std::string answer = planner_.answer_key(record, digest);
    commands.push_back(RedisCommand::write(answer, {"UNLINK", answer}));
  }
  ask(client_, std::move(commands));
}

std::optional<std::string> RedisTokenTransfer::mark() {
  const std::string key = planner_.mark_key();
  const RedisReply kept = client_.call_and_wait(RedisCommand::read(key, {"GET", key}));
  return kept.kind == RedisReply::Kind::text ? std::optional(kept.text) : std::nullopt;
}

void RedisTokenTransfer::set_mark(const std::optional<std::string>& text) {
  const std::string key = planner_.mark_key();
  std::vector<std::string> words{"UNLINK", key};
  if (text) words = {"SET", key, *text, "EX", std::to_string(kMarkLife.count())};
  client_.call_and_wait(RedisCommand::write(key, std::move(words)));
}

} // namespace assay::stores
