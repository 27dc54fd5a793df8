#pragma once

#include "base/result.h"
#include "store/sqlite.h"

namespace backtalk::store {

/// Brings the schema to the newest version, each step in a transaction of its own.
/// Errors: Refused (made by a newer Backtalk), Unavailable, Internal.
Result<void> migrate(Connection& connection);

}  // namespace backtalk::store
