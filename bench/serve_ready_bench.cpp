// A server with two ready pages, for bench/page.sh: /20kb and /1kb. Usage: serve_ready_bench PORT THREADS [log]
// Not a google-benchmark program: the client is wrk, in another process.
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "async/executor.h"
#include "http/ready_page.h"
#include "net/server.h"

using namespace backtalk;

namespace {

class TwoPages final : public Door {
public:
    std::shared_ptr<http::ReadyPage const> ready(http::RequestHead const& head) noexcept override
    {
        return head.path == "/20kb" ? large_ : head.path == "/1kb" ? small_ : nullptr;
    }
    Task<http::Response> answer(http::Request) override { co_return http::text(404, "not found\n"); }
    http::Response refuse(http::RequestHead const*, int status) override { return http::text(status, "refused\n"); }

private:
    static std::shared_ptr<http::ReadyPage const> page(std::size_t bytes)
    {
        http::ReadyPageParts parts(http::html(200, std::string(bytes, 'x')));
        parts.etag = "0123456789abcdef";
        parts.last_modified = Instant(std::chrono::seconds(1'173'354'071));
        parts.headers.add("Cache-Control", "no-cache");
        parts.headers.add("Content-Security-Policy", "default-src 'self'");
        parts.headers.add("X-Content-Type-Options", "nosniff");
        parts.headers.add("Referrer-Policy", "strict-origin-when-cross-origin");
        return std::make_shared<http::ReadyPage const>(std::move(parts));
    }

    std::shared_ptr<http::ReadyPage const> large_ = page(20'000);
    std::shared_ptr<http::ReadyPage const> small_ = page(1'000);
};

}  // namespace

int main(int count, char* arguments[])
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    sigprocmask(SIG_BLOCK, &ending, nullptr);
    if (count < 3)
        return 2;
    ServerOptions options;
    options.threads = static_cast<unsigned>(std::atoi(arguments[2]));
    TwoPages door;
    ThreadPool work(1);
    NoAccessLog silent;
    LineAccessLog lines(STDERR_FILENO, AccessLogFormat::Text);
    AccessLog& log = count > 3 ? static_cast<AccessLog&>(lines) : silent;
    Server server(std::move(options), door, work, log);
    auto const listening = server.listen("127.0.0.1:" + std::string(arguments[1]));
    if (!listening) {
        std::fprintf(stderr, "serve_ready_bench: %s\n", listening.error().text.c_str());
        return 1;
    }
    server.start();
    std::printf("listening on %s\n", server.addresses().front().c_str());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&ending, &signal);
    server.stop(Deadline::in(std::chrono::seconds(1)));
    return 0;
}
