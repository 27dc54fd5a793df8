#include "web/admin_headers.h"

namespace backtalk::web {

namespace {

bool is_secret(std::string_view path) { return path.starts_with("setup/") || path.starts_with("deed/") || path == "inbox.atom"; }

}  // namespace

void add_admin_headers(http::Headers& headers, std::string_view path)
{
    headers.set("Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    // Not "no-referrer": with that, browsers send forms with "Origin: null" (Fetch, "append a request Origin header"). With "strict-origin"
    // a Referer has the origin and no path.
    headers.set("Referrer-Policy", is_secret(path) ? "strict-origin" : "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    if (!headers.contains("Cache-Control"))
        headers.set("Cache-Control", "no-store");
}

}  // namespace backtalk::web
