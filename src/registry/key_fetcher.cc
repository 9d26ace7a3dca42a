#include "registry/key_fetcher.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "registry/key_set_answer.h"

namespace assay::registry {

namespace {

// Of one source. More than come while one fetch lasts, and few enough to cost little.
constexpr std::size_t kWaitingMax = 1024;
constexpr std::size_t kMissedMax = 100;

// A client may sign with a key a little before it is published: its key id must not be taken for
// made up until the next day.
constexpr int kMissedPauses = 10;

std::vector<fetch::AddressRange> ranges_of(const std::vector<std::string>& texts) {
  std::vector<fetch::AddressRange> ranges;
  for (const std::string& text : texts) {
    const auto range = fetch::AddressRange::parse(text);
    ASSAY_ASSERT(range.has_value(), "the settings' ranges can be read");
    ranges.push_back(*range);
  }
  return ranges;
}

// Whether a key goes by that id that may still be used, or that the operator disabled.
bool has_key(const Application& application, const std::string& key_id, TimePoint now) {
  return std::ranges::any_of(application.keys, [&](const RegisteredKey& key) {
    return key.key_id == key_id && (!key.not_after || *key.not_after > now);
  });
}

} // namespace

KeyFetch key_fetch_over_https(const KeySourceSettings& settings) {
  const auto rule =
      std::make_shared<const fetch::AddressRule>(ranges_of(settings.allowed_addresses));
  const fetch::FetchLimits limits{.wait = settings.wait, .answer_bytes = settings.answer_bytes};
  return [rule, limits](const std::string& uri, const std::string& ca) {
    return fetch::fetch({.url = uri,
                         .fields = {"Accept: application/jwk-set+json, application/json"},
                         .ca = ca,
                         .guard = rule.get()},
                        limits);
  };
}

KeyFetcher::KeyFetcher(Parts parts, KeySourceSettings settings)
    : parts_(std::move(parts)), settings_(std::move(settings)) {}

void KeyFetcher::run_due(TimePoint now) {
  for (const std::string& client_id : parts_.applications.sourced().due(now)) {
    const std::lock_guard lock(mutex_);
    State& state = states_[client_id];
    if (!state.fetching.expired() || now < state.any_from) continue;
    const auto fetching = std::make_shared<Fetching>();
    state.fetching = fetching;
    order(client_id, fetching, fetch::Urgency::routine);
  }
}

bool KeyFetcher::could_bring(const Application& application,
                             const std::optional<std::string>& key_id, TimePoint now) const {
  if (application.jwks_uri.empty() || !application.enabled) return false;
  if (key_id ? has_key(application, *key_id, now) : has_fetched_keys(application, now))
    return false;
  const std::lock_guard lock(mutex_);
  const auto state = states_.find(application.id);
  return state == states_.end() || could_bring_now(state->second, key_id, now);
}

Task<void> KeyFetcher::fetch_for(std::shared_ptr<const Application> application,
                                 std::optional<std::string> key_id, TimePoint now) {
  if (!could_bring(*application, key_id, now)) co_return;
  auto end = join(*application, key_id, now);
  if (end) co_await SharedWait::wait(std::move(end), settings_.wait);
}

bool KeyFetcher::could_bring_now(const State& state, const std::optional<std::string>& key_id,
                                 TimePoint now) const {
  if (key_id)
    if (const auto missed = state.missed.find(*key_id);
        missed != state.missed.end() && now < missed->second)
      return false;
  if (const auto fetching = state.fetching.lock()) return fetching->waiting < kWaitingMax;
  return state.awaited_from <= now && state.any_from <= now;
}

bool KeyFetcher::has_fetched_keys(const Application& application, TimePoint now) const {
  const auto source = parts_.applications.sourced().find(application.id).source;
  return source && source->fetched_at && source->keep_until > now;
}

// Null if others were faster, and the pause has begun.
std::shared_ptr<SharedWait> KeyFetcher::join(const Application& application,
                                             const std::optional<std::string>& key_id,
                                             TimePoint now) {
  const std::lock_guard lock(mutex_);
  State& state = states_[application.id];
  if (!could_bring_now(state, key_id, now)) return nullptr;
  auto fetching = state.fetching.lock();
  if (!fetching) {
    fetching = std::make_shared<Fetching>();
    state.fetching = fetching;
    state.awaited_from = now + settings_.unknown_key_pause;
  }
  // One that is due may wait behind many others: then this order overtakes that one.
  if (!fetching->begun && fetching->waiting == 0)
    order(application.id, fetching, fetch::Urgency::awaited);
  ++fetching->waiting;
  if (key_id) fetching->wanted.insert(*key_id);
  return {fetching, &fetching->end};
}

void KeyFetcher::order(const std::string& client_id, const std::shared_ptr<Fetching>& fetching,
                       fetch::Urgency urgency) {
  parts_.threads.post(urgency, [this, client_id, fetching] { run(client_id, fetching); });
}

void KeyFetcher::run(const std::string& client_id, const std::shared_ptr<Fetching>& fetching) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(fetching->begun, true)) return;
  }
  TimePoint next_from = TimePoint::min();
  try {
    renew(client_id, *fetching);
  } catch (const std::exception& fault) {
    parts_.report(client_id, fault.what());
    // Their server must not be asked again and again because our store does not take the answer.
    next_from = parts_.clock() + settings_.refresh_least;
  }
  {
    const std::lock_guard lock(mutex_);
    if (const auto state = states_.find(client_id); state != states_.end()) {
      state->second.fetching.reset();
      state->second.any_from = next_from;
    }
  }
  // Not left to its end: an order that was overtaken still holds it.
  fetching->end.release();
}

void KeyFetcher::renew(const std::string& client_id, Fetching& fetching) {
  const auto [record, known] = parts_.applications.sourced().find(client_id);
  if (!record) return forget(client_id);

  const KeyOrigin origin = KeyOrigin::of(*record);
  const auto answer = parts_.fetch(record->jwks_uri, record->jwks_ca);
  const TimePoint now = parts_.clock();
  const auto fetched = read_key_set(answer, now);
  const KeySource after = parts_.rows.update(client_id, [&](std::optional<KeySource> before) {
    if (!before || before->origin != origin) before = KeySource{.origin = origin};
    return after_fetch(std::move(*before), fetched, settings_, now);
  });
  parts_.applications.refresh();
  if (fetched) note_missed(client_id, fetching, now);
  if (after.fault && after.fault->failures == 1)
    parts_.report(client_id, fmt::format("no keys from {}: {}", origin.uri, after.fault->what));
}

void KeyFetcher::forget(const std::string& client_id) {
  parts_.rows.erase(client_id);
  parts_.applications.refresh();
  const std::lock_guard lock(mutex_);
  states_.erase(client_id);
}

void KeyFetcher::note_missed(const std::string& client_id, const Fetching& fetching,
                             TimePoint now) {
  const auto application = parts_.applications.find(client_id);
  const std::lock_guard lock(mutex_);
  State& state = states_[client_id];
  std::erase_if(state.missed, [&](const auto& entry) { return entry.second <= now; });
  for (const std::string& key_id : fetching.wanted)
    if (application && !has_key(*application, key_id, now) && state.missed.size() < kMissedMax)
      state.missed.emplace(key_id, now + kMissedPauses * settings_.unknown_key_pause);
}

} // namespace assay::registry
