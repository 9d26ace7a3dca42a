// Usage counts in PostgreSQL: those of all nodes together.
#pragma once

#include "observe/usage_store.h"
#include "stores/postgres/postgres_schema.h"
#include "stores/postgres/postgres_session.h"

namespace assay::stores {

class PostgresUsageStore final : public observe::UsageStore {
public:
  static PostgresSchema schema();

  // Makes the tables if they are not there. Throws Unavailable.
  explicit PostgresUsageStore(PostgresUrl url);

  void add(std::span<const observe::UsageRow> rows) override;
  std::vector<observe::UsageRow> between(std::chrono::sys_time<std::chrono::minutes> from,
                                         std::chrono::sys_time<std::chrono::minutes> to) override;

private:
  PostgresSession session_;
};

} // namespace assay::stores
