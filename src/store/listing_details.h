#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "weblog/mention.h"

namespace backtalk::store {

/// What a listing has that few listings have (content, RSVP, photos, responses …), as JSON for one column; empty without any of it.
std::string details_of(Listing const& listing);
/// Errors: Internal (someone else has written into our file).
Result<void> read_details(std::string_view details, Listing& listing);

}  // namespace backtalk::store
