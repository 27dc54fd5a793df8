#include "net/fetcher.h"

#include <benchmark/benchmark.h>

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "async/task_group.h"
#include "http/headers.h"
#include "net/fetcher_test_server.h"
#include "url/url.h"

using namespace backtalk;

namespace {

/// A loopback server in a process of its own, so that its CPU is not counted as ours: answers every request with `body`.
class ServerProcess {
public:
    ServerProcess(std::string const& body, bool keep_alive)
    {
        int const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        if (::bind(listener, reinterpret_cast<sockaddr*>(&where), size) != 0 || ::listen(listener, 1024) != 0)
            std::abort();
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&where), &size);
        port_ = ntohs(where.sin_port);
        std::string const answer =
            http_answer(body, "200 OK", keep_alive ? "Content-Type: text/html\r\n" : "Content-Type: text/html\r\nConnection: close\r\n");
        process_ = ::fork();
        if (process_ == 0)
            serve(listener, answer, keep_alive);
        ::close(listener);
    }
    ~ServerProcess()
    {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    std::string where() const { return "127.0.0.1:" + std::to_string(port_); }

private:
    [[noreturn]] static void serve(int listener, std::string const& answer, bool keep_alive)
    {
        int const poll = ::epoll_create1(0);
        auto const watch = [&](int socket) {
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.fd = socket;
            ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
        };
        watch(listener);
        for (;;) {
            epoll_event events[128];
            int const count = ::epoll_wait(poll, events, 128, -1);
            for (int i = 0; i < count; ++i) {
                int const socket = events[i].data.fd;
                if (socket == listener) {
                    for (int next = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK); next >= 0;
                        next = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK))
                        watch(next);
                    continue;
                }
                char request[4096];
                ssize_t const size = ::recv(socket, request, sizeof request, 0);
                if (size > 0 && ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) > 0 && keep_alive)
                    continue;
                ::close(socket);
            }
        }
    }

    std::uint16_t port_ = 0;
    pid_t process_ = 0;
};

Task<void> fetch_many(CurlFetcher* fetcher, std::vector<Url> urls, std::atomic<int>* failed)
{
    for (Url const& url : urls) {
        FetchRequest request(url);
        auto const fetched = co_await fetcher->fetch(std::move(request), Deadline::never());
        if (!fetched || fetched->status != 200)
            ++*failed;
    }
}

double cpu_microseconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const us = [](timeval const& time) { return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec); };
    return us(usage.ru_utime) + us(usage.ru_stime);
}

/// 64 fetches at once, spread over 64 host names, until 6,400 are done.
void fetch_pages(benchmark::State& state, std::size_t body_bytes, bool keep_alive)
{
    constexpr int concurrency = 64;
    constexpr int each_fetches = 100;
    ServerProcess const server(std::string(body_bytes, 'x'), keep_alive);
    ThreadPool pool(1);
    SystemResolver resolver;
    FetchOptions options;
    options.rate_per_host = 1'000'000'000;
    for (int i = 0; i < concurrency; ++i)
        options.resolve.emplace("host" + std::to_string(i) + ".test:80", *AddressPort::parse(server.where()));
    CurlFetcher fetcher(options, pool, resolver);
    std::atomic<int> failed = 0;
    std::int64_t done = 0;
    double const cpu_before = cpu_microseconds();
    for (auto _ : state) {
        TaskGroup group(pool);
        for (int i = 0; i < concurrency; ++i) {
            std::vector<Url> urls;
            for (int page = 0; page < each_fetches; ++page)
                urls.push_back(Url::parse("http://host" + std::to_string(i) + ".test/" + std::to_string(page)).value());
            group.start(fetch_many(&fetcher, std::move(urls), &failed));
        }
        group.join();
        done += concurrency * each_fetches;
    }
    if (failed != 0)
        state.SkipWithError("fetches failed");
    state.SetItemsProcessed(done);
    state.counters["cpu_us_per_fetch"] = (cpu_microseconds() - cpu_before) / static_cast<double>(done);
}

}  // namespace

BENCHMARK_CAPTURE(fetch_pages, 1kB_new_connection, 1024, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(fetch_pages, 1kB_kept_connection, 1024, true)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(fetch_pages, 20kB_new_connection, 20480, false)->Unit(benchmark::kMillisecond)->UseRealTime();

BENCHMARK_MAIN();
