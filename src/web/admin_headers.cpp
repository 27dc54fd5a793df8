#include "web/admin_headers.h"

namespace backtalk::web {

void add_admin_headers(http::Headers& headers)
{
    headers.set("Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    // Not "no-referrer": with that, browsers send forms with "Origin: null" (Fetch, "append a request Origin header").
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    if (!headers.contains("Cache-Control"))
        headers.set("Cache-Control", "no-store");
}

}  // namespace backtalk::web
