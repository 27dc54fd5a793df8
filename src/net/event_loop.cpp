#include "net/event_loop.h"

#include <algorithm>
#include <cerrno>
#include <ctime>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/date.h"

namespace backtalk {

namespace {

constexpr int accepts_in_a_row = 32;
constexpr std::int64_t accept_pause = 100;  // milliseconds

std::uint64_t key_of(int descriptor, std::uint32_t serial) { return std::uint64_t{serial} << 32 | static_cast<std::uint32_t>(descriptor); }

std::int64_t milliseconds_of(clockid_t clock)
{
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

/// Often enough for the shortest of the time limits, and no oftener than twice a second with those of every day.
std::int64_t tick_for(ServerOptions const& options)
{
    auto const shortest =
        std::min({options.head_timeout, options.body_timeout, options.idle_timeout, options.write_timeout, options.linger_timeout});
    return std::clamp<std::int64_t>(shortest.count() / 4, 5, 500);
}

}  // namespace

EventLoop::EventLoop(ServerShared& shared, std::vector<int> listeners)
    : shared_(shared), epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      listeners_(std::move(listeners)), tick_(tick_for(shared.options)), scratch_(std::make_unique<char[]>(scratch_bytes))
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = key_of(wake_.number(), 0);
    ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, wake_.number(), &event);
    update_time();
}

// ---- The loop

void EventLoop::run(std::span<std::unique_ptr<EventLoop> const> loops)
{
    RunsJobsOf const here(*this);
    loops_ = loops;
    set_accepting(true);
    std::array<epoll_event, 256> events;
    while (!stopping_ || (connection_count() > 0 && !stop_deadline_.passed())) {
        int const count = ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), wait_milliseconds());
        update_time();
        for (int i = 0; i < count; ++i)
            handle(events[static_cast<std::size_t>(i)].data.u64, events[static_cast<std::size_t>(i)].events);
        if (now_ >= next_sweep_)
            sweep();
    }
    shared_.connections.fetch_sub(connection_count(), std::memory_order_relaxed);
    connection_count_ = 0;
    connections_.clear();
    end_posting();
}

int EventLoop::wait_milliseconds() const
{
    if (!accepting_ && !stopping_)
        return static_cast<int>(accept_pause);
    return connection_count() == 0 ? -1 : static_cast<int>(tick_);
}

void EventLoop::handle(std::uint64_t key, std::uint32_t events)
{
    auto const descriptor = static_cast<int>(key & 0xFFFFFFFF);
    auto const serial = static_cast<std::uint32_t>(key >> 32);
    if (serial != 0) {
        if (Connection* const connection = find(descriptor, serial)) {
            connection->on_events(events);
            settle(*connection);
        }
    } else if (descriptor == wake_.number()) {
        take_inbox();
    } else {
        accept_from(descriptor);
    }
}

void EventLoop::update_time()
{
    now_ = milliseconds_of(CLOCK_MONOTONIC_COARSE);
    std::int64_t const second = milliseconds_of(CLOCK_REALTIME_COARSE) / 1000;
    if (second == tails_second_)
        return;
    tails_second_ = second;
    std::string const date = "Date: " + http_date(Instant(std::chrono::seconds(second))) + "\r\n";
    tails_[static_cast<std::size_t>(Tail::KeepAlive)] = std::make_shared<std::string const>(date + "\r\n");
    tails_[static_cast<std::size_t>(Tail::KeepAliveOld)] = std::make_shared<std::string const>(date + "Connection: keep-alive\r\n\r\n");
    tails_[static_cast<std::size_t>(Tail::Close)] = std::make_shared<std::string const>(date + "Connection: close\r\n\r\n");
}

/// Ends the waits whose time is over. A connection that was active since it was queued goes to the back.
void EventLoop::sweep()
{
    next_sweep_ = now_ + tick_;
    if (!accepting_ && !stopping_ && now_ >= accept_again_at_)
        set_accepting(true);
    for (std::size_t kind = 0; kind < waiting_kinds; ++kind) {
        ConnectionQueue& queue = queues_[kind];
        while (Connection* const connection = queue.front()) {
            if (connection->link.due > now_)
                break;
            if (std::int64_t const due = connection->due(); due > now_) {
                queue.remove(*connection);
                queue.push_back(*connection, due);
                continue;
            }
            connection->on_time_over();
            settle(*connection);
        }
    }
}

Connection* EventLoop::find(int descriptor, std::uint32_t serial)
{
    auto const index = static_cast<std::size_t>(descriptor);
    if (index >= connections_.size() || !connections_[index] || connections_[index]->serial() != serial)
        return nullptr;
    return connections_[index].get();
}

/// Buries the connection if it has closed.
void EventLoop::settle(Connection& connection)
{
    if (!connection.is_closed())
        return;
    batch_.clear();
    connections_[static_cast<std::size_t>(connection.descriptor())].reset();
    connection_count_.fetch_sub(1, std::memory_order_relaxed);
    shared_.connections.fetch_sub(1, std::memory_order_relaxed);
}

void EventLoop::watch(Connection& connection, std::uint32_t events, bool is_new)
{
    epoll_event event{};
    event.events = events;
    event.data.u64 = key_of(connection.descriptor(), connection.serial());
    ::epoll_ctl(epoll_.number(), is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection.descriptor(), &event);
}

// ---- Accepting

void EventLoop::set_accepting(bool accepting)
{
    if (accepting == accepting_)
        return;
    accepting_ = accepting;
    for (int const listener : listeners_) {
        epoll_event event{};
        event.events = EPOLLIN | EPOLLEXCLUSIVE;  // one thread wakes for one connection
        event.data.u64 = key_of(listener, 0);
        ::epoll_ctl(epoll_.number(), accepting ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, listener, &event);
    }
}

void EventLoop::pause_accepting()
{
    set_accepting(false);
    accept_again_at_ = now_ + accept_pause;
    next_sweep_ = std::min(next_sweep_, accept_again_at_);
}

void EventLoop::accept_from(int listener)
{
    for (int i = 0; i < accepts_in_a_row; ++i) {
        sockaddr_storage storage{};
        socklen_t length = sizeof storage;
        FileDescriptor socket(::accept4(listener, reinterpret_cast<sockaddr*>(&storage), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket.is_open()) {
            if (errno == ECONNABORTED || errno == EINTR)
                continue;
            // Out of descriptors or memory: the queue in the kernel would wake us for ever.
            if ((errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) && !make_room())
                pause_accepting();
            return;
        }
        if (auto const peer = Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage)))
            place(std::move(socket), peer->unmapped());
    }
}

/// Here, or on the loop that has the fewest. The kernel tends to wake the same thread again and again.
void EventLoop::place(FileDescriptor socket, Address peer)
{
    shared_.connections.fetch_add(1, std::memory_order_relaxed);
    auto const least = std::ranges::min_element(loops_, {}, [](auto const& loop) { return loop->connection_count(); });
    if (least != loops_.end() && (*least)->connection_count() + 2 < connection_count())
        (*least)->adopt(std::move(socket), peer);
    else
        open_connection(std::move(socket), peer);
}

void EventLoop::open_connection(FileDescriptor socket, Address peer)
{
    auto const index = static_cast<std::size_t>(socket.number());
    if (index >= connections_.size())
        connections_.resize(std::max(index + 1, connections_.size() * 2));
    bool const crowded = shared_.connections.load(std::memory_order_relaxed) > shared_.options.connections && !make_room();
    std::uint32_t const serial = next_serial_++;
    if (next_serial_ == 0)
        next_serial_ = 1;
    connections_[index] = std::make_unique<Connection>(*this, std::move(socket), peer, serial);
    connection_count_.fetch_add(1, std::memory_order_relaxed);
    Connection& connection = *connections_[index];
    if (crowded)
        connection.refuse_overload();
    else
        connection.on_events(EPOLLIN);  // the request often came with the connection
    settle(connection);
}

/// Closes a connection that has been idle for long, if there is one.
bool EventLoop::make_room()
{
    ConnectionQueue& idle = queue(Waiting::Idle);
    for (int looked_at = 0; Connection* const connection = idle.front(); ++looked_at) {
        std::int64_t const due = connection->due();
        if (due > connection->link.due && looked_at < 16) {  // active since it was queued
            idle.remove(*connection);
            idle.push_back(*connection, due);
            continue;
        }
        connection->on_time_over();
        settle(*connection);
        return true;
    }
    return false;
}

// ---- From other threads

void EventLoop::wake(std::unique_lock<std::mutex> lock)
{
    if (inbox_.woken)
        return;
    inbox_.woken = true;
    lock.unlock();
    std::uint64_t const one = 1;
    [[maybe_unused]] ssize_t const written = ::write(wake_.number(), &one, sizeof one);
}

void EventLoop::deliver(Answer answer)
{
    std::unique_lock lock(inbox_mutex_);
    inbox_.answers.push_back(std::move(answer));
    wake(std::move(lock));
}

void EventLoop::post(std::move_only_function<void()> job)
{
    std::vector<std::move_only_function<void()>> jobs;
    jobs.push_back(std::move(job));
    post_all(std::move(jobs));
}

void EventLoop::post_all(std::vector<std::move_only_function<void()>> jobs)
{
    std::unique_lock lock(inbox_mutex_);
    if (ended_) {
        lock.unlock();
        return shared_.work.post_all(std::move(jobs));
    }
    for (auto& job : jobs)
        inbox_.jobs.push_back(std::move(job));
    wake(std::move(lock));
}

void EventLoop::end_posting()
{
    std::vector<std::move_only_function<void()>> left;
    {
        std::scoped_lock const lock(inbox_mutex_);
        ended_ = true;
        left.swap(inbox_.jobs);
    }
    shared_.work.post_all(std::move(left));
}

void EventLoop::adopt(FileDescriptor socket, Address peer)
{
    std::unique_lock lock(inbox_mutex_);
    inbox_.arrivals.emplace_back(std::move(socket), peer);
    wake(std::move(lock));
}

void EventLoop::stop(Deadline deadline)
{
    std::unique_lock lock(inbox_mutex_);
    inbox_.stop = true;
    stop_deadline_ = deadline;
    wake(std::move(lock));
}

void EventLoop::take_inbox()
{
    std::uint64_t count = 0;
    [[maybe_unused]] ssize_t const got = ::read(wake_.number(), &count, sizeof count);
    // What these deliver lies in the inbox when it is taken, which counts as woken until then.
    run_posted_jobs();
    Inbox taken;
    {
        std::scoped_lock const lock(inbox_mutex_);
        std::swap(taken, inbox_);
    }
    for (Answer& answer : taken.answers) {
        if (Connection* const connection = find(answer.descriptor, answer.serial)) {
            connection->on_answer(std::move(answer));
            settle(*connection);
        }
    }
    for (Arrival& arrival : taken.arrivals)
        open_connection(std::move(arrival.socket), arrival.peer);
    for (auto& job : taken.jobs)
        job();
    if (taken.stop)
        begin_stop();
}

void EventLoop::run_posted_jobs()
{
    std::vector<std::move_only_function<void()>> jobs;
    {
        std::scoped_lock const lock(inbox_mutex_);
        jobs.swap(inbox_.jobs);
    }
    for (auto& job : jobs)
        job();
}

void EventLoop::begin_stop()
{
    // Whoever has connected already gets an answer.
    for (int const listener : listeners_)
        accept_from(listener);
    set_accepting(false);
    stopping_ = true;
    for (std::size_t index = 0; index < connections_.size(); ++index) {
        if (!connections_[index])
            continue;
        Connection& connection = *connections_[index];
        connection.begin_stop();
        settle(connection);
    }
}

}  // namespace backtalk
