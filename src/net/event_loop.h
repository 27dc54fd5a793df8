#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "async/deadline.h"
#include "async/executor.h"
#include "http/request.h"
#include "net/connection.h"
#include "net/connection_output.h"
#include "net/connection_queue.h"
#include "net/listener.h"
#include "net/server_shared.h"

namespace backtalk {

/// One front thread: waits for sockets, reads, and answers what is ready. Owns its connections; nothing but deliver(),
/// adopt(), post(), stop() and connection_count() is called from other threads.
class EventLoop final : public Executor {
public:
    EventLoop(ServerShared& shared, std::vector<int> listeners);
    EventLoop(EventLoop const&) = delete;
    EventLoop& operator=(EventLoop const&) = delete;

    /// Runs until stop(). `loops`: all loops of the server, this one too, to spread connections over.
    void run(std::span<std::unique_ptr<EventLoop> const> loops);
    void stop(Deadline deadline);
    std::size_t connection_count() const { return connection_count_.load(std::memory_order_relaxed); }

    /// An answer that a work thread made for one of these connections; dropped if the connection is gone.
    void deliver(Answer answer);
    /// What a coroutine does that was started here and has what it waited for. Once the loop has ended, work threads do it.
    void post(std::move_only_function<void()> job) override;
    void post_all(std::vector<std::move_only_function<void()>> jobs) override;
    /// A new connection that another loop accepted.
    void adopt(FileDescriptor socket, Address peer);

    // For connections, on this thread.

    ServerShared& shared() { return shared_; }
    bool stopping() const { return shared_.stopping; }
    std::int64_t now() const { return now_; }  ///< Milliseconds of a steady clock, as of the last wake-up.
    http::RequestHead& head() { return head_; }
    OutputBatch& batch() { return batch_; }
    std::span<char> scratch() { return {scratch_.get(), scratch_bytes}; }
    /// The end of a head: Date, Connection where it must be said, the empty line.
    std::shared_ptr<std::string const> const& tail(Tail tail) const { return tails_[static_cast<std::size_t>(tail)]; }
    void watch(Connection& connection, std::uint32_t events, bool is_new);
    ConnectionQueue& queue(Waiting waiting) { return queues_[static_cast<std::size_t>(waiting)]; }

private:
    static constexpr std::size_t scratch_bytes = 64 * 1024;

    struct Arrival {
        Arrival(FileDescriptor the_socket, Address the_peer) : socket(std::move(the_socket)), peer(the_peer) { }

        FileDescriptor socket;
        Address peer;
    };
    struct Inbox {
        std::vector<Answer> answers;
        std::vector<Arrival> arrivals;
        std::vector<std::move_only_function<void()>> jobs;
        bool stop = false;
        bool woken = false;  ///< The eventfd is set already.
    };

    void update_time();
    int wait_milliseconds() const;
    void handle(std::uint64_t key, std::uint32_t events);
    void take_inbox();
    void run_posted_jobs();
    void end_posting();
    void accept_from(int listener);
    void place(FileDescriptor socket, Address peer);
    void open_connection(FileDescriptor socket, Address peer);
    bool make_room();
    void pause_accepting();
    void set_accepting(bool accepting);
    void begin_stop();
    void sweep();
    void settle(Connection& connection);
    Connection* find(int descriptor, std::uint32_t serial);
    /// Whoever sets the first thing into the inbox wakes the loop; what follows before it looks rides along.
    void wake(std::unique_lock<std::mutex> lock);

    ServerShared& shared_;
    FileDescriptor epoll_;
    FileDescriptor wake_;
    std::vector<int> listeners_;
    std::span<std::unique_ptr<EventLoop> const> loops_;

    bool accepting_ = false;
    std::int64_t accept_again_at_ = 0;
    bool stopping_ = false;
    Deadline stop_deadline_ = Deadline::never();

    std::int64_t now_ = 0;
    std::int64_t tails_second_ = -1;
    std::array<std::shared_ptr<std::string const>, 3> tails_;
    std::int64_t tick_ = 500;
    std::int64_t next_sweep_ = 0;

    std::vector<std::unique_ptr<Connection>> connections_;  ///< By descriptor.
    std::atomic<std::size_t> connection_count_ = 0;
    std::uint32_t next_serial_ = 1;
    std::array<ConnectionQueue, waiting_kinds> queues_;

    http::RequestHead head_;
    OutputBatch batch_;
    std::unique_ptr<char[]> scratch_;

    std::mutex inbox_mutex_;
    Inbox inbox_;
    bool ended_ = false;  ///< Guarded by inbox_mutex_.
};

}  // namespace backtalk
