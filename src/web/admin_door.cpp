#include "web/admin_door.h"

#include <fmt/format.h>

#include "http/status.h"

namespace backtalk::web {

Task<http::Response> AdminDoor::answer(http::Request request)
{
    if (request.method != http::Method::Get && request.method != http::Method::Head)
        co_return http::text(405, "Only GET is answered here.\n");
    if (request.path == "/healthz")
        co_return http::text(200, "ok\n");
    if (request.path == "/readyz") {
        auto const sites = store_.sites();
        co_return sites ? http::text(200, "ready\n") : http::text(503, "the store does not answer\n");
    }
    if (request.path == "/metrics")
        co_return http::Response(200, "text/plain; version=0.0.4; charset=utf-8", metrics_text());
    co_return http::text(404, "Ask for /healthz, /readyz or /metrics.\n");
}

http::Response AdminDoor::refuse(http::RequestHead const*, int status)
{
    return http::text(status, fmt::format("{} {}\n", status, http::reason_phrase(status)));
}

std::string AdminDoor::metrics_text() const
{
    std::string text;
    for (Metric const& metric : metrics_)
        text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", metric.name, metric.help,
            metric.kind == Metric::Kind::Counter ? "counter" : "gauge", metric.value());
    return text;
}

}  // namespace backtalk::web
