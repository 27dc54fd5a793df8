#include "net/connection.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <limits>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "net/connection_slow.h"
#include "net/event_loop.h"

namespace backtalk {

Connection::Connection(EventLoop& loop, FileDescriptor socket, Address peer, std::uint32_t serial)
    : loop_(loop), socket_(std::move(socket)), peer_(peer), serial_(serial)
{
}

Connection::~Connection()
{
    if (waiting_ != Waiting::Nobody)
        loop_.queue(waiting_).remove(*this);
}

void Connection::on_events(std::uint32_t events)
{
    // HUP: both directions have ended, so nobody hears an answer. A client that only ended its own side shows as input of 0 bytes.
    if (events & (EPOLLERR | EPOLLHUP))
        return close();
    if (events & EPOLLOUT)
        write_rest();
    if (!(events & EPOLLIN) || is_closed())
        return;
    if (state_ == State::Answering || has_output())
        want(watched_ & ~static_cast<std::uint32_t>(EPOLLIN));  // what it sends meanwhile waits in the kernel
    else
        read();
}

void Connection::on_time_over()
{
    switch (waiting_) {
    case Waiting::Head:
        if (!slow_)
            return close();
        refuse(nullptr, 408);
        break;
    case Waiting::Body: refuse(&kept_head(), 408); break;
    case Waiting::Idle:
    case Waiting::Linger: return close();
    case Waiting::Write: return abort();
    case Waiting::Nobody: return;
    }
    send_batch();
    settle();
}

void Connection::begin_stop()
{
    if (state_ != State::Reading || slow_)
        return;  // its last answer will say that it closes
    read();      // a request that has reached the kernel is under way; without one, settle() closes
}

void Connection::refuse_overload()
{
    refuse(nullptr, 503);
    send_batch();
    settle();
}

/// A transfer must go on, and must not drag on: each 4 KiB buy a second, so that a byte now and then does not hold us for ever.
std::int64_t Connection::transfer_due(std::chrono::milliseconds limit, std::uint64_t bytes) const
{
    std::int64_t const progress = slow_ ? slow_->progress_at : since_;
    return std::min(std::max(progress, since_), since_ + static_cast<std::int64_t>(bytes / 4096 * 1000)) + limit.count();
}

std::int64_t Connection::due() const
{
    ServerOptions const& options = loop_.shared().options;
    switch (waiting_) {
    case Waiting::Head: return since_ + options.head_timeout.count();
    case Waiting::Body: return transfer_due(options.body_timeout, slow_ ? slow_->body.size() : 0);
    case Waiting::Idle: return since_ + options.idle_timeout.count();
    case Waiting::Write: return transfer_due(options.write_timeout, slow_ ? slow_->written : 0);
    case Waiting::Linger: return since_ + options.linger_timeout.count();
    case Waiting::Nobody: break;
    }
    return std::numeric_limits<std::int64_t>::max();
}

// ---- Reading

void Connection::read()
{
    auto const scratch = loop_.scratch();
    ssize_t const count = ::recv(socket_.number(), scratch.data(), scratch.size(), 0);
    if (count > 0) {
        receive(std::string_view(scratch.data(), static_cast<std::size_t>(count)));
    } else if (count == 0) {
        input_ended_ = true;
    } else if (errno != EAGAIN && errno != EINTR) {
        return close();
    }
    send_batch();
    settle();
}

void Connection::receive(std::string_view bytes)
{
    if (state_ == State::Lingering)
        return;
    if (slow_ && !slow_->input.empty()) {
        slow_->input.append(bytes);
        return read_on();
    }
    http::ParseProgress progress;
    std::size_t const used = read_requests(bytes, progress);
    if (used < bytes.size())
        slow().keep_input(bytes.substr(used), progress);
}

/// Goes on with what was received before.
void Connection::read_on()
{
    std::size_t const used = read_requests(slow_->unread(), slow_->progress);
    slow_->drop_input(used);
}

/// Takes as many requests as are whole. Returns how many bytes are used; `progress` is that of the rest.
std::size_t Connection::read_requests(std::string_view bytes, http::ParseProgress& progress)
{
    std::size_t used = 0;
    while (used < bytes.size() && !has_output()) {
        if (state_ == State::Body) {
            used += feed_body(bytes.substr(used));
            continue;
        }
        if (state_ != State::Reading)
            break;
        auto const parsed = http::parse_request_head(bytes.substr(used), loop_.shared().options.head, progress, loop_.head());
        if (parsed.outcome == http::Parsed::Outcome::Incomplete)
            break;
        start_clock();
        if (parsed.outcome == http::Parsed::Outcome::Refused) {
            refuse(nullptr, parsed.status);
            break;
        }
        progress = http::ParseProgress();
        take_request(loop_.head(), bytes.substr(used, parsed.bytes));
        used += parsed.bytes;
        if (loop_.batch().is_full())
            send_batch();
    }
    if (state_ == State::Body && slow_->expects_continue && used == bytes.size()) {
        slow_->expects_continue = false;
        loop_.batch().add("HTTP/1.1 100 Continue\r\n\r\n");
    }
    if (state_ != State::Closing && state_ != State::Closed)
        return used;
    // What follows the last request is never looked at.
    must_linger_ = must_linger_ || used < bytes.size();
    return bytes.size();
}

void Connection::take_request(http::RequestHead const& head, std::string_view head_bytes)
{
    new_wait_ = true;
    keep_alive_ = head.keep_alive && !loop_.stopping();
    old_version_ = head.version_minor == 0;
    if (head.method == http::Method::Other)
        return refuse(&head, 501);
    if (head.has_body())
        return begin_body(head, head_bytes);
    if (head.method == http::Method::Get || head.method == http::Method::Head)
        if (auto page = loop_.shared().door.ready(head))
            return take_ready_page(head, std::move(page));
    slow().head.assign(head_bytes);
    start_answer(head);
}

void Connection::begin_body(http::RequestHead const& head, std::string_view head_bytes)
{
    std::size_t const body_bytes_max = loop_.shared().options.body_bytes;
    if (head.content_length.value_or(0) > body_bytes_max)
        return refuse(&head, 413);
    slow().begin_body(head, head_bytes, body_bytes_max);
    state_ = State::Body;
}

/// Returns how many of the bytes belong to the body.
std::size_t Connection::feed_body(std::string_view bytes)
{
    auto const fed = slow_->feed_body(bytes);
    slow_->progress_at = loop_.now();
    switch (fed.outcome) {
    case http::ChunkedBody::Outcome::NeedsMore: break;
    case http::ChunkedBody::Outcome::Complete: start_answer(kept_head()); break;
    case http::ChunkedBody::Outcome::Malformed: refuse(&kept_head(), 400); break;
    case http::ChunkedBody::Outcome::TooLarge: refuse(&kept_head(), 413); break;
    }
    return fed.consumed;
}

/// The head of the request whose body is read or whose answer is being made.
http::RequestHead const& Connection::kept_head()
{
    http::ParseProgress progress;
    [[maybe_unused]] auto const parsed = http::parse_request_head(slow_->head, loop_.shared().options.head, progress, loop_.head());
    assert(parsed.outcome == http::Parsed::Outcome::Complete);
    return loop_.head();
}

// ---- Waiting

/// Decides what comes next, when all that could be done at once is done.
void Connection::settle()
{
    if (is_closed())
        return;
    if (has_output()) {
        wait_for(Waiting::Write);
        return want(EPOLLOUT);
    }
    switch (state_) {
    case State::Reading:
    case State::Body: return end_reading();
    case State::Answering:
        wait_for(Waiting::Nobody);
        if (!is_watched_ || watched_ & EPOLLOUT)
            want(EPOLLIN);  // also to hear that the client has gone
        return;
    case State::Closing:
        if (!must_linger_ || input_ended_)
            return close();
        // Closing with bytes unread would reset the connection, and the client might never see its answer (RFC 9112, 9.6).
        ::shutdown(socket_.number(), SHUT_WR);
        state_ = State::Lingering;
        slow_.reset();
        wait_for(Waiting::Linger);
        return want(EPOLLIN);
    case State::Lingering:
        if (input_ended_)
            close();
        return;
    case State::Closed: return;
    }
}

void Connection::end_reading()
{
    if (input_ended_)
        return close();
    if (state_ == State::Body) {
        wait_for(Waiting::Body);
    } else if (slow_ && !slow_->input.empty()) {
        wait_for(Waiting::Head);
    } else {
        slow_.reset();
        if (loop_.stopping())
            return close();
        wait_for(served_ ? Waiting::Idle : Waiting::Head);
    }
    want(EPOLLIN);
}

void Connection::wait_for(Waiting waiting)
{
    bool const is_new = new_wait_ || waiting != waiting_;
    new_wait_ = false;
    if (is_new) {
        since_ = loop_.now();
        if (slow_)
            slow_->written = 0;
    }
    if (waiting == waiting_)
        return;
    if (waiting_ != Waiting::Nobody)
        loop_.queue(waiting_).remove(*this);
    waiting_ = waiting;
    if (waiting_ != Waiting::Nobody)
        loop_.queue(waiting_).push_back(*this, due());
}

void Connection::want(std::uint32_t events)
{
    if (is_watched_ && watched_ == events)
        return;
    loop_.watch(*this, events, !is_watched_);
    is_watched_ = true;
    watched_ = events;
}

/// Without waiting for what the kernel still holds: the client does not take it.
void Connection::abort()
{
    linger const at_once{1, 0};
    (void)::setsockopt(socket_.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

bool Connection::has_output() const { return slow_ && !slow_->output.empty(); }

Connection::Slow& Connection::slow()
{
    if (!slow_)
        slow_ = std::make_unique<Slow>();
    return *slow_;
}

}  // namespace backtalk
