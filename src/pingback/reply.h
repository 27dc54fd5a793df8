#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace backtalk::pingback {

/// What another server answered to our ping.
struct Reply {
    bool accepted = false;
    std::string message;    ///< Its words, or what its fault code means; plain text, at most 255 characters, may be empty where accepted.
    bool may_pass = false;  ///< Refused for now: fault 50, HTTP 408, 425, 429 or 5xx.
    int fault_code = 0;     ///< As the server gave it, also where it means that the ping is known already.
};

/// Reads a reply strictly: only an XML-RPC response is an answer. A value is a yes, of whatever type (P11 asks for a string); so is
/// fault 48, the server has the ping. All other faults are a no, 50 for now, the others for good unless the HTTP status says that
/// the server is out of order. An HTML page, an empty body, a redirect are no answers.
///
/// Spec:   P11
/// Errors: Malformed (2xx without an answer in it), Refused (4xx, 3xx), NotFound (404), Gone (410), Unavailable (408, 425, 429, 5xx).
Result<Reply> read_reply(int status, std::string_view content_type, std::string_view body);

}  // namespace backtalk::pingback
