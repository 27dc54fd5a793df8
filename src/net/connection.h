#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/chunked_body.h"
#include "http/ready_page.h"
#include "http/request.h"
#include "http/request_parser.h"
#include "http/response.h"
#include "net/connection_output.h"
#include "net/connection_queue.h"
#include "net/listener.h"
#include "url/address.h"

namespace backtalk {

class EventLoop;

/// How a head ends, depending on what becomes of the connection.
enum class Tail : std::uint8_t {
    KeepAlive,     ///< HTTP/1.1 stays open without a word.
    KeepAliveOld,  ///< HTTP/1.0 wants to be told.
    Close,
};

/// The Door's answer on its way back to the connection that asked.
class Answer {
public:
    Answer(int the_descriptor, std::uint32_t the_serial, http::Response response);

    int descriptor;
    std::uint32_t serial;
    int status;
    std::string head;  ///< Without its tail.
    std::string body;
};

/// One client: reads requests, answers them in their order. Lives on one front thread.
///
/// While it is idle it holds no buffers: they belong to the loop, or to Slow, which exists only while something is unfinished.
class Connection {
public:
    Connection(EventLoop& loop, FileDescriptor socket, Address peer, std::uint32_t serial);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    // What happens to it. After each the loop asks is_closed().
    void on_events(std::uint32_t events);
    void on_answer(Answer answer);
    void on_time_over();
    void begin_stop();
    /// For a new one, when there is no room.
    void refuse_overload();

    bool is_closed() const { return state_ == State::Closed; }
    int descriptor() const { return socket_.number(); }
    std::uint32_t serial() const { return serial_; }
    /// When the present wait ends, in milliseconds of the loop's clock.
    std::int64_t due() const;

    QueueLink link;

private:
    enum class State : std::uint8_t {
        Reading,  ///< Between requests or inside a head.
        Body,
        Answering,  ///< The Door works.
        Closing,    ///< The last answer is on its way.
        Lingering,  ///< It is gone; the client may still be sending.
        Closed,
    };
    struct Slow;

    void read();
    void receive(std::string_view bytes);
    std::size_t read_requests(std::string_view bytes, http::ParseProgress& progress);
    void read_on();
    void take_request(http::RequestHead const& head, std::string_view head_bytes);
    void take_ready_page(http::RequestHead const& head, std::shared_ptr<http::ReadyPage const> page);
    void begin_body(http::RequestHead const& head, std::string_view head_bytes);
    std::size_t feed_body(std::string_view bytes);
    void end_body();
    void start_answer(http::RequestHead const& head);
    void refuse(http::RequestHead const* head, int status);
    http::RequestHead const& kept_head();

    void add_answer(std::string_view head, std::string_view body, std::shared_ptr<void const> owner);
    void send_batch();
    void keep_output(OutputBatch& batch);
    void write_rest();
    void settle();
    void end_reading();
    void close() { state_ = State::Closed; }
    void abort();
    void wait_for(Waiting waiting);
    void want(std::uint32_t events);
    std::int64_t transfer_due(std::chrono::milliseconds limit, std::uint64_t bytes) const;
    bool has_output() const;
    Slow& slow();
    Tail tail() const;
    Address client(http::RequestHead const* head) const;
    void start_clock();
    void log(http::RequestHead const* head, int status, std::size_t body_bytes);

    EventLoop& loop_;
    FileDescriptor socket_;
    Address peer_;
    std::uint32_t serial_;
    State state_ = State::Reading;
    Waiting waiting_ = Waiting::Nobody;
    bool keep_alive_ = true;
    bool old_version_ = false;   ///< The present request is HTTP/1.0.
    bool input_ended_ = false;   ///< The client has said all it will say; it may still listen.
    bool must_linger_ = false;   ///< It may be sending what will not be read.
    bool served_ = false;        ///< It has had an answer.
    bool new_wait_ = true;       ///< A request came since the present wait began.
    std::uint32_t watched_ = 0;  ///< Events asked of epoll.
    bool is_watched_ = false;
    std::int64_t since_ = 0;       ///< When the present wait began.
    std::int64_t started_ns_ = 0;  ///< When the present request was understood; only with a log.
    std::unique_ptr<Slow> slow_;
};

}  // namespace backtalk
