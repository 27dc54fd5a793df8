#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/secret_token.h"
#include "http/request.h"

namespace backtalk::web {

// The cookie that matters: it carries the token of a session or, before somebody signs in, a random one that binds the CSRF token of the
// form. The prefix
// __Host- makes browsers refuse it unless it is Secure, for this host alone and for all of it: no neighbour domain and no plain http can
// plant one.
//
// Spec: RFC 6265bis, 4.1.3.2

std::optional<accounts::SecretToken> cookie_of(http::Request const& request);
/// Until the browser is closed.
std::string visitor_cookie(accounts::SecretToken const& token);
/// As long as a session may live.
std::string session_cookie(accounts::SecretToken const& token);
std::string no_cookie();

/// The other cookie: by it the throttle knows a browser that was signed in here (SignInAnswer::device). It stays when one signs out, and
/// opens nothing. Empty if there is none.
std::string device_of(http::Request const& request);
std::string device_cookie(std::string_view device);

}  // namespace backtalk::web
