#include "stores/postgres/look_up_calls.h"

#include "base/unavailable.h"
#include "stores/postgres/token_columns.h"

namespace assay::stores {

namespace {

constexpr std::size_t kLookUpsMax = 512;

// Of a row whose first column is the number of its call, from 1 on.
template <class Call> Call* call_of(const PostgresResult& rows, int row, GroupedCalls calls) {
  const auto number = static_cast<std::size_t>(rows.number(row, 0) - 1);
  return number < calls.size() ? static_cast<Call*>(calls[number]) : nullptr;
}

class FindStatement final : public GroupStatement {
public:
  const char* name() const override { return "find"; }
  std::string_view sql() const override { return "SELECT * FROM {schema}.find_tokens($1, $2, $3)"; }
  bool is_repeatable() const override { return true; }
  std::size_t calls_max() const override { return kLookUpsMax; }

  PostgresParameters parameters(std::span<GroupedCall*> calls) const override {
    TokenKeyColumns keys;
    for (GroupedCall* const each : calls) {
      const auto& call = static_cast<const FindCall&>(*each);
      keys.add(call.key, call.now);
    }
    PostgresParameters parameters;
    keys.add_to(parameters);
    return parameters;
  }

  void answer(const PostgresResult& rows, GroupedCalls calls) const override {
    for (int row = 0; row < rows.rows(); ++row)
      if (auto* const call = call_of<FindCall>(rows, row, calls)) read(rows, row, *call);
  }

private:
  // A row that is damaged is nobody else's fault.
  static void read(const PostgresResult& rows, int row, FindCall& call) {
    try {
      call.record = record_in(rows, row, 1, call.key);
    } catch (const Unavailable&) {
      call.fault = std::current_exception();
    }
  }
};

class SeenStatement final : public GroupStatement {
public:
  const char* name() const override { return "seen"; }
  std::string_view sql() const override { return "SELECT * FROM {schema}.seen_claims($1, $2)"; }
  bool is_repeatable() const override { return true; }
  std::size_t calls_max() const override { return kLookUpsMax; }

  PostgresParameters parameters(std::span<GroupedCall*> calls) const override {
    PostgresArray digests(PostgresType::bytes);
    PostgresArray times(PostgresType::number);
    for (GroupedCall* const each : calls) {
      const auto& call = static_cast<const SeenCall&>(*each);
      digests.add(call.claim.digest);
      times.add(call.now);
    }
    PostgresParameters parameters;
    parameters.add(digests).add(times);
    return parameters;
  }

  void answer(const PostgresResult& rows, GroupedCalls calls) const override {
    for (int row = 0; row < rows.rows(); ++row)
      if (auto* const call = call_of<SeenCall>(rows, row, calls)) call->is_seen = true;
  }
};

const FindStatement kFind;
const SeenStatement kSeen;

} // namespace

FindCall::FindCall(const oauth::TokenKey& token, TimePoint called_at)
    : GroupedCall(kFind), key(token), now(called_at) {}

SeenCall::SeenCall(const oauth::ReplayClaim& given, TimePoint called_at)
    : GroupedCall(kSeen), claim(given), now(called_at) {}

} // namespace assay::stores
