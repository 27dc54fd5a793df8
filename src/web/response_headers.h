#pragma once

#include <memory>

#include "http/request.h"
#include "http/response.h"
#include "web/page_cache.h"

namespace backtalk::web {

/// What every page of ours says to browsers: nothing runs, nothing frames it, types are what they say.
void add_page_headers(http::Headers& headers);

/// A page kept ready in every encoding, with a name for its version.
std::shared_ptr<CachedPage const> make_cached(http::Response response, Instant now);

/// The answer to one request out of it: in the encoding it wants, or "not modified".
http::Response answer_from(CachedPage const& page, http::Request const& request);

/// An answer of status 200 that is not kept: named by a weak ETag, "not modified" where the request knows it, else in the encoding it
/// wants.
http::Response answer_once(http::Response response, http::Request const& request);

}  // namespace backtalk::web
