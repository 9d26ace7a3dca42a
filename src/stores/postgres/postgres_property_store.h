// The Key Property Store in PostgreSQL: one for all nodes.
#pragma once

#include <string>
#include <vector>

#include "registry/property_store.h"
#include "stores/postgres/postgres_schema.h"
#include "stores/postgres/postgres_session.h"

namespace assay::stores {

// What other nodes wrote is found by asking for newer versions, as in every store: the registry
// does so four times a second, so nothing need listen for changes.
class PostgresPropertyStore final : public registry::PropertyStore {
public:
  static PostgresSchema schema();

  // Makes the tables if they are not there. Throws Unavailable.
  explicit PostgresPropertyStore(PostgresUrl url);

  std::optional<registry::Property> find(std::string_view table, std::string_view key) override;
  std::vector<registry::PropertyChange> changes_since(std::string_view table,
                                                      registry::Version version) override;
  std::vector<std::string> tables() override;
  bool apply(std::string_view table, std::span<const registry::PropertyWrite> writes) override;

private:
  PostgresSession session_;
};

} // namespace assay::stores
