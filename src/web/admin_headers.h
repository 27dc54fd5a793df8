#pragma once

#include <string_view>

#include "http/headers.h"

namespace backtalk::web {

/// What every one of the owner's pages says to browsers: nothing runs and nothing loads but our own script and style, nobody frames it,
/// nobody keeps it. Cache-Control stays as it is where a page has set it. `path`: AdminVisit::path. Where it is a secret itself, browsers
/// name it to nobody, nor to ourselves when they load the style.
void add_admin_headers(http::Headers& headers, std::string_view path);

}  // namespace backtalk::web
