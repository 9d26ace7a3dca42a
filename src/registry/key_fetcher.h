// Fetches the keys that applications keep at a URL (RFC 7591 section 2: jwks_uri), on threads of
// their own: when they are due, and when an assertion names a key that is not known yet.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/task.h"
#include "fetch/fetch_threads.h"
#include "fetch/http_client.h"
#include "registry/application_registry.h"
#include "registry/key_source_settings.h"
#include "registry/key_source_store.h"
#include "registry/shared_wait.h"

namespace assay::registry {

// Blocks. `ca` as in Application::jwks_ca.
using KeyFetch = std::function<fetch::FetchResult(const std::string& uri, const std::string& ca)>;

// Over HTTPS, to public and allowed addresses, within the settings' limits.
KeyFetch key_fetch_over_https(const KeySourceSettings& settings);

// For one registry. What it finds out is written to the property store, and so reaches requests by
// the registry's snapshot: theirs, and those of other nodes. Thread-safe.
class KeyFetcher {
public:
  // Of an application that begins to fail, and of what cannot be written.
  using FaultReport = std::function<void(std::string_view client_id, std::string_view what)>;

  // They outlive it; the threads are closed before it ends.
  struct Parts {
    ApplicationRegistry& applications;
    KeySourceStore rows; // of the same table
    fetch::FetchThreads& threads;
    KeyFetch fetch;
    Clock clock;
    FaultReport report;
  };

  KeyFetcher(Parts parts, KeySourceSettings settings);

  // Has the keys fetched that are due, each once at a time; returns at once.
  void run_due(TimePoint now);

  // Whether fetch_for() could make a key known that the application lacks. Cheap, and false for
  // most of a flood of made-up keys: for those that a fetch did not bring lately, and until the
  // pause after the last such fetch is over. `key_id` is that of an assertion; for one without, it
  // is true only while there are no fetched keys at all.
  bool could_bring(const Application& application, const std::optional<std::string>& key_id,
                   TimePoint now) const;

  // Has the application's keys fetched, or waits for the fetch that is under way: all requests at
  // once share one. Returns when it ended, whatever came of it, and after the settings' `wait` at
  // the latest: the registry then has what there is. Returns at once if could_bring() is false.
  Task<void> fetch_for(std::shared_ptr<const Application> application,
                       std::optional<std::string> key_id, TimePoint now);

private:
  // One fetch, from the order to its end. The jobs own it, so that those who wait for it go on also
  // if it never runs.
  struct Fetching {
    bool begun = false;
    std::size_t waiting = 0;
    std::set<std::string> wanted; // key ids
    SharedWait end;
  };

  struct State {
    std::weak_ptr<Fetching> fetching;
    TimePoint awaited_from = TimePoint::min(); // when an unknown key may cause the next fetch
    TimePoint any_from = TimePoint::min();     // when any fetch may begin
    std::map<std::string, TimePoint> missed;   // key ids, and until when they are known as such
  };

  bool could_bring_now(const State& state, const std::optional<std::string>& key_id,
                       TimePoint now) const;
  bool has_fetched_keys(const Application& application, TimePoint now) const;
  std::shared_ptr<SharedWait> join(const Application& application,
                                   const std::optional<std::string>& key_id, TimePoint now);
  void order(const std::string& client_id, const std::shared_ptr<Fetching>& fetching,
             fetch::Urgency urgency);
  void run(const std::string& client_id, const std::shared_ptr<Fetching>& fetching);
  void renew(const std::string& client_id, Fetching& fetching);
  void forget(const std::string& client_id);
  void note_missed(const std::string& client_id, const Fetching& fetching, TimePoint now);

  Parts parts_;
  KeySourceSettings settings_;
  mutable std::mutex mutex_; // guards the states, and what a Fetching has but its end
  std::map<std::string, State, std::less<>> states_;
};

} // namespace assay::registry
