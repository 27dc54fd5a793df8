#include "net/server.h"

#include <algorithm>
#include <thread>

#include <sys/resource.h>

#include "net/event_loop.h"
#include "net/listener.h"
#include "net/server_shared.h"

namespace backtalk {

namespace {

/// Each connection is a descriptor, and the usual soft limit of 1,024 is there for select() only.
void raise_descriptor_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

unsigned thread_count(unsigned wanted) { return wanted ? wanted : std::clamp(std::thread::hardware_concurrency(), 1U, 16U); }

}  // namespace

class Server::Parts {
public:
    Parts(ServerOptions options, Door& door, Executor& work, AccessLog& log) : shared(std::move(options), door, work, log) { }

    ServerShared shared;
    std::vector<Listener> listeners;
    std::vector<std::unique_ptr<EventLoop>> loops;
    std::vector<std::thread> threads;
};

Server::Server(ServerOptions options, Door& door, Executor& work, AccessLog& log)
    : parts_(std::make_unique<Parts>(std::move(options), door, work, log))
{
}

Server::~Server() { stop(Deadline::in(std::chrono::milliseconds(0))); }

Result<void> Server::listen(std::string_view address)
{
    auto const at = AddressPort::parse(address);
    if (!at)
        return failure(ErrorCode::Malformed, "not an address and port: " + std::string(address));
    auto listener = Listener::open(*at);
    // "0.0.0.0:80" beside "[::]:80": the second one takes what the first one leaves.
    bool const has_port = std::ranges::any_of(parts_->listeners, [&](Listener const& other) { return other.address().port == at->port; });
    if (!listener && !at->address.is_v4() && has_port)
        listener = Listener::open(*at, Families::OnlyIpv6);
    if (!listener)
        return std::unexpected(listener.error());
    parts_->listeners.push_back(std::move(*listener));
    return {};
}

std::vector<std::string> Server::addresses() const
{
    std::vector<std::string> texts;
    for (Listener const& listener : parts_->listeners)
        texts.push_back(listener.address().str());
    return texts;
}

void Server::start()
{
    raise_descriptor_limit();
    std::vector<int> descriptors;
    for (Listener const& listener : parts_->listeners)
        descriptors.push_back(listener.descriptor());
    for (unsigned i = 0; i < thread_count(parts_->shared.options.threads); ++i)
        parts_->loops.push_back(std::make_unique<EventLoop>(parts_->shared, descriptors));
    for (auto const& loop : parts_->loops)
        parts_->threads.emplace_back([this, &loop] { loop->run(parts_->loops); });
}

void Server::stop(Deadline deadline)
{
    parts_->shared.stopping = true;
    for (auto const& loop : parts_->loops)
        loop->stop(deadline);
    for (std::thread& thread : parts_->threads)
        thread.join();
    parts_->threads.clear();
    // What the Door still works on answers into loops that no longer run; they must outlive it.
    parts_->shared.answers.join();
    parts_->loops.clear();
    parts_->listeners.clear();
}

std::size_t Server::connections() const { return parts_->shared.connections.load(std::memory_order_relaxed); }

std::vector<std::size_t> Server::connections_by_thread() const
{
    std::vector<std::size_t> counts;
    for (auto const& loop : parts_->loops)
        counts.push_back(loop->connection_count());
    return counts;
}

}  // namespace backtalk
