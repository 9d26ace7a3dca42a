#include "registry/signing_key_editor.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/unavailable.h"

namespace assay::registry {

namespace {

// Clocks of nodes and of who checks tokens differ a little.
constexpr std::chrono::minutes kClockMargin{5};

// How long one can look up what became of a key.
constexpr std::chrono::days kRemembered{30};

// What a row can hold: its times have milliseconds.
TimePoint whole(TimePoint time) { return std::chrono::floor<std::chrono::milliseconds>(time); }

} // namespace

void SigningKeyEditor::ensure(std::span<const jose::Algorithm> algorithms) {
  for (const jose::Algorithm algorithm : algorithms)
    ensure(algorithm);
  const std::lock_guard lock(mutex_);
  kept_up_.insert(algorithms.begin(), algorithms.end());
}

void SigningKeyEditor::ensure(jose::Algorithm algorithm) {
  const TimePoint now = parts_.clock();
  const Rows rows = list();
  const SigningKeyRow* const current = signer(rows, algorithm, now);
  if (!current) {
    // Two nodes that begin at once both write one, and both are published.
    write(std::vector{new_key(algorithm, whole(now))});
    return;
  }
  // Another key in its place would hide that this node cannot read what the others write.
  if (!open_signing_key(*current, parts_.secret.reveal()))
    throw Unavailable(fmt::format("the signing key {} cannot be opened: it was encrypted under "
                                  "another secret than signing_keys.encryption_key",
                                  current->id));
}

void SigningKeyEditor::maintain() {
  std::set<jose::Algorithm> kept_up;
  {
    const std::lock_guard lock(mutex_);
    kept_up = kept_up_;
  }
  const Rows rows = list();
  for (const jose::Algorithm algorithm : kept_up)
    announce_when_due(rows, algorithm);
  clear_out(rows);
}

void SigningKeyEditor::announce_when_due(const Rows& rows, jose::Algorithm algorithm) {
  const TimePoint now = parts_.clock();
  const SigningKeyRow* const current = signer(rows, algorithm, now);
  if (!current || current->signs_until) return;
  const TimePoint due = current->signs_from + parts_.policy.rotate_every;
  if (now < due - parts_.policy.announce_for) return;
  // Late, because no node was running: the announcement still takes its time.
  const TimePoint takeover = whole(std::max(due, now + parts_.policy.announce_for));
  write(std::vector{ended(*current, takeover), new_key(algorithm, takeover)});
}

void SigningKeyEditor::clear_out(const Rows& rows) {
  const TimePoint now = parts_.clock();
  for (const SigningKeyRow& row : rows) {
    const auto state = row.state_at(now - kClockMargin);
    if (row.gone_at && *row.gone_at + kRemembered <= now) {
      const PropertyWrite erasure{row.id, std::nullopt, row.version};
      parts_.store.apply(kSigningKeyTable, {&erasure, 1});
    } else if (!row.sealed.empty() &&
               (state == SigningKeyState::retired || state == SigningKeyState::gone)) {
      SigningKeyRow emptied = row;
      emptied.sealed.clear();
      write(std::vector{std::move(emptied)});
    }
  }
}

SigningKeyRow SigningKeyEditor::rotate(jose::Algorithm algorithm, Takeover takeover) {
  for (;;) {
    const TimePoint now = parts_.clock();
    const Rows rows = list();
    const SigningKeyRow* const current = signer(rows, algorithm, now);
    const SigningKeyRow* const next = announced(rows, algorithm, now);
    const bool at_once = takeover == Takeover::at_once || !current;
    if (next && !at_once) return *next;

    const TimePoint from = whole(at_once ? now : now + parts_.policy.announce_for);
    Rows changed{next ? *next : new_key(algorithm, from)};
    changed.front().signs_from = from;
    if (current) changed.push_back(ended(*current, from));
    if (write(changed)) return changed.front();
  }
}

bool SigningKeyEditor::revoke(std::string_view id) {
  for (;;) {
    const TimePoint now = whole(parts_.clock());
    const Rows rows = list();
    const auto revoked = std::ranges::find(rows, id, &SigningKeyRow::id);
    if (revoked == rows.end()) return false;

    Rows changed{*revoked};
    changed.front().gone_at = now;
    changed.front().sealed.clear();
    const SigningKeyRow* const current = signer(rows, revoked->algorithm, now);
    const SigningKeyRow* const next = announced(rows, revoked->algorithm, now);
    if (current && current->id == id) {
      changed.push_back(next ? *next : new_key(revoked->algorithm, now));
      changed.back().signs_from = now;
    } else if (current && next && next->id == id) {
      // The one that signs has no successor any more: the schedule announces another.
      changed.push_back(*current);
      changed.back().signs_until.reset();
      changed.back().gone_at.reset();
    }
    if (write(changed)) return true;
  }
}

std::vector<SigningKeyRow> SigningKeyEditor::list() const {
  Rows rows;
  for (const PropertyChange& change : parts_.store.changes_since(kSigningKeyTable, 0)) {
    auto row = read_signing_key(change.key, *change.value, change.version);
    if (row)
      rows.push_back(std::move(*row));
    else
      parts_.report(change.key, row.error());
  }
  std::ranges::sort(rows, std::greater<>(),
                    [](const SigningKeyRow& row) { return std::tuple(row.signs_from, row.id); });
  return rows;
}

// The rows begin with the newest, so that every node has the same one.
const SigningKeyRow* SigningKeyEditor::signer(const Rows& rows, jose::Algorithm algorithm,
                                              TimePoint now) {
  const auto found = std::ranges::find_if(rows, [&](const SigningKeyRow& row) {
    return row.algorithm == algorithm && row.state_at(now) == SigningKeyState::signing;
  });
  return found == rows.end() ? nullptr : &*found;
}

const SigningKeyRow* SigningKeyEditor::announced(const Rows& rows, jose::Algorithm algorithm,
                                                 TimePoint now) {
  const auto found = std::ranges::find_if(rows, [&](const SigningKeyRow& row) {
    return row.algorithm == algorithm && row.state_at(now) == SigningKeyState::announced;
  });
  return found == rows.end() ? nullptr : &*found;
}

SigningKeyRow SigningKeyEditor::new_key(jose::Algorithm algorithm, TimePoint signs_from) const {
  return make_signing_key(algorithm, parts_.clock(), signs_from, parts_.secret.reveal(),
                          parts_.random);
}

// It stays published until the last token that it signed is over.
SigningKeyRow SigningKeyEditor::ended(SigningKeyRow row, TimePoint at) const {
  row.signs_until = at;
  row.gone_at = whole(at + parts_.policy.token_life + kClockMargin);
  return row;
}

bool SigningKeyEditor::write(std::span<const SigningKeyRow> rows) {
  std::vector<PropertyWrite> writes;
  writes.reserve(rows.size());
  for (const SigningKeyRow& row : rows)
    writes.push_back(to_write(row));
  return parts_.store.apply(kSigningKeyTable, writes);
}

} // namespace assay::registry
