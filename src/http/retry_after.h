#pragma once

#include <chrono>
#include <optional>

#include "base/date.h"
#include "http/headers.h"

namespace backtalk::http {

/// How long the other side asks to be left alone, from now; zero or less if that is over. Nothing: it does not say.
///
/// Spec: RFC 9110, 10.2.3 (seconds or a date)
std::optional<std::chrono::seconds> retry_after(Headers const& headers, Instant now);

}  // namespace backtalk::http
