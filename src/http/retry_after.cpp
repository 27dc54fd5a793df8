#include "http/retry_after.h"

#include "base/text.h"

namespace backtalk::http {

std::optional<std::chrono::seconds> retry_after(Headers const& headers, Instant now)
{
    std::string_view const value = trimmed(headers.get("Retry-After").value_or(""));
    if (auto const seconds = parse_integer<std::uint32_t>(value))
        return std::chrono::seconds(*seconds);
    if (auto const date = parse_http_date(value))
        return *date - now;
    return std::nullopt;
}

}  // namespace backtalk::http
