#pragma once

#include <optional>
#include <string>

#include "accounts/secret_token.h"
#include "http/request.h"

namespace backtalk::web {

// The one cookie: it carries the token of a session or, before somebody signs in, a random one that binds the CSRF token of the form. The
// prefix
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

}  // namespace backtalk::web
