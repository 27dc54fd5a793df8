#pragma once

#include <vector>

#include "weblog/front_matter.h"
#include "weblog/front_matter_fields.h"

namespace backtalk::front_matter {

/// What the fields say, each value checked for its key. Errors: Malformed.
Result<FrontMatter> from_fields(std::vector<Field> const& fields);

}  // namespace backtalk::front_matter
