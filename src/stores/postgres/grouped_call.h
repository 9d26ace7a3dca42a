// Calls of the token store that wait at the same time share a statement: a round trip, and a
// transaction with its one sync of the disk.
#pragma once

#include <cstdint>
#include <exception>
#include <span>
#include <string_view>

#include "stores/postgres/postgres_parameters.h"
#include "stores/postgres/postgres_result.h"

namespace assay::stores {

class GroupStatement;

// What one caller asks, and what it is answered; lives until the call is over. Each statement has
// its own kind.
struct GroupedCall {
  explicit GroupedCall(const GroupStatement& given) : statement(given) {}

  const GroupStatement& statement;
  // Of the answer: that it says nothing yet, as the call got in the way of another of its group.
  bool is_to_be_made_again = false;
  std::exception_ptr fault; // of this call alone
};

using GroupedCalls = std::span<GroupedCall* const>;

// The same statement for one call as for many. Thread-safe: it has no state.
class GroupStatement {
public:
  virtual ~GroupStatement() = default;

  virtual const char* name() const = 0; // that it is prepared under
  virtual std::string_view sql() const = 0;

  // Whether it can be sent once more when nobody knows what became of it.
  virtual bool is_repeatable() const = 0;

  // How many calls may be in one: more would only make all of them wait for longer.
  virtual std::size_t calls_max() const = 0;

  // May change the order of the calls; answer() gets them in the same one.
  virtual PostgresParameters parameters(std::span<GroupedCall*> calls) const = 0;

  virtual void answer(const PostgresResult& rows, GroupedCalls calls) const = 0;
};

} // namespace assay::stores
