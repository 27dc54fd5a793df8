#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace backtalk {

/// The host of a special URL in its one spelling: a domain in ASCII lower case, an IPv4 address in dotted decimal, or an IPv6
/// address in brackets. `text` is valid UTF-8.
///
/// Spec:   https://url.spec.whatwg.org/#host-parsing
/// Limits: 1024 bytes before and after. NB: ours; DNS ends at 253, and Punycode takes quadratic time.
/// Errors: Malformed.
Result<std::string> parse_host(std::string_view text);

/// The host without the dot of the root, which says only that no search domain may be tried: "a.example." names the same host.
std::string_view without_root_dot(std::string_view host);

/// Whether the text is one part of a host name: 1 to 63 letters, digits and inner hyphens (RFC 1123, 2.1).
bool is_host_label(std::string_view text);

}  // namespace backtalk
