#include "net/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace backtalk {

namespace {

constexpr std::chrono::seconds idle_thread_max(10);

Resolver::Found look_up(std::string const& name)
{
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* first = nullptr;
    int const status = getaddrinfo(name.c_str(), nullptr, &wanted, &first);
    if (status == EAI_NONAME || status == EAI_NODATA)
        return failure(ErrorCode::NotFound, "the name " + name + " does not exist");
    if (status != 0)
        return failure(ErrorCode::Unavailable, "looking up " + name + ": " + gai_strerror(status));
    std::vector<Address> addresses;
    for (addrinfo const* each = first; each != nullptr; each = each->ai_next)
        if (auto const address = Address::from_sockaddr(each->ai_addr);
            address && std::ranges::find(addresses, *address) == addresses.end())
            addresses.push_back(*address);
    freeaddrinfo(first);
    if (addresses.empty())
        return failure(ErrorCode::NotFound, "the name " + name + " has no address");
    return addresses;
}

}  // namespace

/// Outlives the resolver as long as one of its threads is still inside getaddrinfo.
struct SystemResolver::Shared {
    struct Lookup {
        std::string name;
        std::move_only_function<void(Found)> answer;
    };

    explicit Shared(unsigned the_threads_max) : threads_max(the_threads_max) { }
    void run();

    unsigned const threads_max;
    std::mutex mutex;
    std::condition_variable wanted;
    std::deque<Lookup> lookups;
    unsigned threads = 0;
    unsigned idle = 0;
    bool stopped = false;
};

void SystemResolver::Shared::run()
{
    std::unique_lock lock(mutex);
    for (;;) {
        ++idle;
        bool const woken = wanted.wait_for(lock, idle_thread_max, [this] { return stopped || !lookups.empty(); });
        --idle;
        if (stopped || !woken) {
            --threads;
            return;
        }
        Lookup lookup = std::move(lookups.front());
        lookups.pop_front();
        lock.unlock();
        Found found = look_up(lookup.name);
        lock.lock();
        // Under the lock, so that no answer is given once the destructor has returned.
        if (!stopped)
            lookup.answer(std::move(found));
    }
}

SystemResolver::SystemResolver(unsigned threads_max) : shared_(std::make_shared<Shared>(threads_max)) { }

SystemResolver::~SystemResolver()
{
    std::deque<Shared::Lookup> dropped;
    {
        std::scoped_lock const lock(shared_->mutex);
        shared_->stopped = true;
        dropped.swap(shared_->lookups);
    }
    shared_->wanted.notify_all();
}

void SystemResolver::resolve(std::string name, std::move_only_function<void(Found)> answer)
{
    std::unique_lock lock(shared_->mutex);
    shared_->lookups.push_back({std::move(name), std::move(answer)});
    if (shared_->idle < shared_->lookups.size() && shared_->threads < shared_->threads_max) {
        try {
            std::thread([shared = shared_] { shared->run(); }).detach();
            ++shared_->threads;
        } catch (std::system_error const&) {
            // No more threads to be had: those that run will come to it, or its deadline does.
        }
    }
    lock.unlock();
    shared_->wanted.notify_one();
}

}  // namespace backtalk
