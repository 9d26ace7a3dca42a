// The tables of the token store in PostgreSQL, and the functions that requests call.
#pragma once

#include "stores/postgres/postgres_schema.h"

namespace assay::stores {

PostgresSchema token_schema();

} // namespace assay::stores
