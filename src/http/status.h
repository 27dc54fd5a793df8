#pragma once

#include <string_view>

namespace backtalk::http {

/// "Not Found" for 404; "Unknown" for a number without a name (RFC 9110, 15).
std::string_view reason_phrase(int status);
/// 1xx, 204 and 304 have no body (RFC 9112, 6.3).
constexpr bool status_has_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace backtalk::http
