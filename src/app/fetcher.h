#pragma once

#include <functional>
#include <string>
#include <vector>

#include "async/deadline.h"
#include "async/task.h"
#include "base/result.h"
#include "http/headers.h"
#include "url/url.h"

namespace backtalk {

/// What to ask another server. Redirects of a GET are followed, each hop judged; a POST follows none.
struct FetchRequest {
    explicit FetchRequest(Url the_url) : url(std::move(the_url)) { }

    Url url;
    bool post = false;
    std::string content_type;  ///< Of a POST.
    std::string body;          ///< Of a POST.
    std::string accept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1";
    std::string if_none_match;      ///< Empty: unconditional.
    std::string if_modified_since;  ///< Empty: unconditional.
    /// Asked just before each request goes out, also after a redirect, on the fetcher's own thread; its error ends the fetch. Empty: it
    /// may.
    std::function<Result<void>(Url const&)> may_ask;
    http::Headers more_headers;  ///< Of a POST, beside those above.
};

/// An answer, whatever its status.
struct Fetched {
    explicit Fetched(Url the_url) : url(std::move(the_url)) { }

    Url url;  ///< After redirects.
    int status = 0;
    http::Headers headers;   ///< Of the last answer.
    std::string body;        ///< Decoded (gzip, br); at most fetch.max_bytes.
    bool truncated = false;  ///< The body went on past fetch.max_bytes.
    std::vector<Url> hops;   ///< The URLs that redirected, in order; empty without redirects.
};

/// The one way out to other servers.
///
/// Errors: Refused (address not public, too many redirects, bad redirect, compression bomb), NotFound (the name does not exist),
///         Timeout, Busy (a limit of ours for that host, or it asked to be left alone: nothing is known of the page),
///         Unavailable (no connection, name server or TLS trouble).
class Fetcher {
public:
    virtual ~Fetcher() = default;
    virtual Task<Result<Fetched>> fetch(FetchRequest request, Deadline deadline) = 0;
};

}  // namespace backtalk
