#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backtalk::xmlrpc {

/// With "=" at the end, in one line.
/// Spec: RFC 4648, 4
std::string to_base64(std::string_view bytes);
/// White space anywhere is skipped, "=" at the end may be missing; nothing for all else that is not base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace backtalk::xmlrpc
