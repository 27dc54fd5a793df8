#pragma once

#include "http/headers.h"

namespace backtalk::web {

/// What every one of the owner's pages says to browsers: nothing runs and nothing loads but our own script and style, nobody frames it,
/// nobody keeps it. Cache-Control stays as it is where a page has set it.
void add_admin_headers(http::Headers& headers);

}  // namespace backtalk::web
