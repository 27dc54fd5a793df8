#pragma once

#include <cstdint>
#include <string_view>

#include "http/request.h"

namespace backtalk::http {

struct ParseLimits {
    std::size_t header_bytes = 16 * 1024;  ///< Request line and header lines together; 431 beyond.
    std::size_t target_bytes = 8000;       ///< 414 beyond. RFC 9112, 3 wants at least 8,000 octets.
};

struct Parsed {
    enum class Outcome { Incomplete, Complete, Refused };

    Outcome outcome = Outcome::Incomplete;
    std::size_t bytes = 0;    ///< Complete: where the body begins.
    int status = 0;           ///< Refused: 400, 414, 417, 431, 505. After it the connection must be closed.
    char const* reason = "";  ///< Refused: for the log.
};

/// How far a buffer has been looked at, so that a head that comes byte by byte costs linear time. A new one for each request.
struct ParseProgress {
    std::size_t scanned = 0;     ///< No line ends before here.
    std::size_t line_start = 0;  ///< Of the line that is not complete yet.
    std::size_t head_start = 0;  ///< After empty lines that some clients send first (RFC 9112, 2.2).
    bool request_line_seen = false;
};

/// Reads a request up to its body from the front of the buffer. On Complete `out` holds views into the buffer.
///
/// Strict wherever a proxy in front might read the same bytes otherwise: lines end in CRLF, no folding, no blank before a
/// colon, exactly one Host (HTTP/1.1), one Content-Length of digits or one Transfer-Encoding that is "chunked", never both.
/// Spec: RFC 9112, 2 to 6.
Parsed parse_request_head(std::string_view buffer, ParseLimits const& limits, ParseProgress& progress, RequestHead& out);

}  // namespace backtalk::http
