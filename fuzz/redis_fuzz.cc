// Whatever a Redis answers is read or refused, and leads to a node that can be connected to;
// whatever the settings have for its URL is refused or names one.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/unavailable.h"
#include "stores/redis/redis_command.h"
#include "stores/redis/redis_record.h"
#include "stores/redis/redis_slots.h"
#include "stores/redis/redis_url.h"

namespace {

using namespace assay;

const stores::RedisEndpoint kAsked{"127.0.0.1", 6379};

void try_reply(std::string_view bytes) {
  stores::RedisReader reader;
  reader.feed(bytes);
  while (const auto reply = reader.next()) {
    const auto slots = stores::RedisSlots::of(*reply, kAsked);
    for (const stores::RedisEndpoint& master : slots.masters())
      ASSAY_ASSERT(!master.host.empty() && master.port != 0, "a node that has a name");
  }
}

void try_fault(std::string_view text) {
  using Kind = stores::RedisFault::Kind;
  const auto fault = stores::RedisFault::of(text, kAsked);
  if (fault.kind == Kind::moved || fault.kind == Kind::ask)
    ASSAY_ASSERT(!fault.node.host.empty() && fault.node.port != 0, "a node that has a name");
}

void try_record(std::string_view text) {
  const auto record = stores::decode_redis_record(text);
  const auto again = stores::decode_redis_record(stores::encode_redis_record(record));
  ASSAY_ASSERT(again.client_id == record.client_id && again.expires_at == record.expires_at &&
                   again.parameters == record.parameters,
               "what is written is what was read");
}

template <class Act> void unless_unavailable(Act act) {
  try {
    act();
  } catch (const Unavailable&) { // NOLINT(bugprone-empty-catch)
    // Refused.
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  unless_unavailable([&] { try_reply(text); });
  unless_unavailable([&] { try_record(text); });
  try_fault(text);
  if (const auto url = stores::parse_redis_url(text)) {
    ASSAY_ASSERT(!url->endpoints.empty(), "somebody to ask");
    for (const auto& endpoint : url->endpoints)
      ASSAY_ASSERT(!endpoint.host.empty() && endpoint.port != 0, "a node that has a name");
  }
  return 0;
}
