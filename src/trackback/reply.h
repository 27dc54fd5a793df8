#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace backtalk::trackback {

/// What another server answered to our ping.
struct Reply {
    bool accepted = false;
    std::string message;    ///< Its words where it refused; plain text, at most 255 characters, may be empty.
    bool may_pass = false;  ///< Refused for now: it said so by HTTP 429 or 503, or that we were too quick.
};

/// Reads a reply strictly: only a `response` element with the digits of `error` is an answer. Tolerates what does not change the meaning:
/// members in any order, blanks, a byte order mark, an XML declaration in another charset, CDATA, WordPress's `error` documents.
/// Status 2xx and error 0 is success; an HTML page, an empty body, a redirect are not.
///
/// Spec:   T6; Movable Type 1.8 "Reply" shows what reading loosely leads to.
/// Errors: Malformed (2xx without an answer in it), Refused (4xx, 3xx), NotFound (404), Gone (410), Unavailable (408, 429, 5xx).
Result<Reply> read_reply(int status, std::string_view content_type, std::string_view body);

}  // namespace backtalk::trackback
