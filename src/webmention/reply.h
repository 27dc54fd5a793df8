#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/headers.h"
#include "url/url.h"

namespace backtalk::webmention {

/// What an endpoint answered to our notification.
struct Reply {
    bool accepted = false;
    std::string message;            ///< Its words, or "HTTP status …" for a refusal without words; at most 200 characters.
    bool may_pass = false;          ///< Refused for now: 408, 425, 429, 5xx.
    bool wants_vouch = false;       ///< Refused with 449: to be sent again with a vouch.
    std::optional<Url> status_url;  ///< Where the endpoint says how it goes on; comes with 201.
};

/// Reads a reply. Any 2xx is a yes, whatever its body. Words are taken from JSON (error_description, summary, message, error),
/// HTML without its markup, or plain text; cleaned of controls, on one line.
///
/// `endpoint`: what Location is resolved against.
/// Spec:   S10; RFC 9110, 15
/// Errors: Refused (3xx, or no status of HTTP: neither a yes nor a no).
Result<Reply> read_reply(int status, http::Headers const& headers, std::string_view body, Url const& endpoint);

}  // namespace backtalk::webmention
