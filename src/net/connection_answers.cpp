#include <chrono>

#include <fmt/format.h>

#include "base/text.h"
#include "http/forwarded.h"
#include "http/status.h"
#include "net/connection_slow.h"
#include "net/event_loop.h"

// The half of a connection that answers.
namespace backtalk {

namespace {

bool is_the_servers(std::string_view name)
{
    for (std::string_view const own : {"content-length", "date", "connection", "transfer-encoding"})
        if (equal_ignoring_case(name, own))
            return true;
    return false;
}

std::string head_of(http::Response const& response)
{
    std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, http::reason_phrase(response.status));
    for (http::Header const& line : response.headers) {
        if (is_the_servers(line.name))
            continue;
        head += line.name;
        head += ": ";
        head += line.value;
        head += "\r\n";
    }
    if (http::status_has_body(response.status))
        head += fmt::format("Content-Length: {}\r\n", response.body.size());
    return head;
}

std::int64_t steady_nanoseconds() { return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1); }

/// The Door's story, then the way back.
Task<void> answer_into(ServerShared* shared, EventLoop* loop, int descriptor, std::uint32_t serial, http::Request request)
{
    http::Response response = co_await shared->door.answer(std::move(request));
    loop->deliver(Answer(descriptor, serial, std::move(response)));
    shared->answering.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace

Answer::Answer(int the_descriptor, std::uint32_t the_serial, http::Response response)
    : descriptor(the_descriptor), serial(the_serial), status(response.status), head(head_of(response)), body(std::move(response.body))
{
}

void Connection::take_ready_page(http::RequestHead const& head, std::shared_ptr<http::ReadyPage const> page)
{
    auto const choice = page->choose(head);
    bool const with_body = !choice.not_modified && head.method != http::Method::Head && http::status_has_body(page->status());
    std::string_view const body = with_body ? std::string_view(choice.form->body) : std::string_view();
    log(&head, choice.not_modified ? 304 : page->status(), body.size());
    add_answer(choice.not_modified ? choice.form->head304 : choice.form->head, body, std::move(page));
    state_ = keep_alive_ ? State::Reading : State::Closing;
}

/// The request in slow() is whole, its head is `head`: the Door's turn.
void Connection::start_answer(http::RequestHead const& head)
{
    ServerShared& shared = loop_.shared();
    if (shared.answering.fetch_add(1, std::memory_order_relaxed) >= shared.options.answers) {
        shared.answering.fetch_sub(1, std::memory_order_relaxed);
        return refuse(&head, 503);
    }
    state_ = State::Answering;
    auto const received = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    http::Request request(head, std::move(slow_->body), client(&head), received);
    request.transport = http::client_transport(peer_, head, loop_.shared().options.trusted_proxies);
    slow_->body = std::string();
    Task<void> answering = answer_into(&shared, &loop_, socket_.number(), serial_, std::move(request));
    if (shared.door.starts_in_memory(head))
        shared.answers.start_here(std::move(answering));
    else
        shared.answers.start(std::move(answering));
}

void Connection::on_answer(Answer answer)
{
    if (state_ != State::Answering)
        return;
    http::RequestHead const& head = kept_head();
    bool const with_body = head.method != http::Method::Head && http::status_has_body(answer.status);
    keep_alive_ = keep_alive_ && !loop_.stopping();
    log(&head, answer.status, with_body ? answer.body.size() : 0);
    auto const owned = std::make_shared<Answer const>(std::move(answer));
    add_answer(owned->head, with_body ? std::string_view(owned->body) : std::string_view(), owned);
    slow_->head.clear();
    new_wait_ = true;
    state_ = keep_alive_ ? State::Reading : State::Closing;
    if (state_ == State::Reading && !slow_->input.empty())
        read_on();
    send_batch();
    settle();
}

/// The server's own no. Nothing that follows on this connection can be trusted or is wanted.
void Connection::refuse(http::RequestHead const* head, int status)
{
    http::Response response = loop_.shared().door.refuse(head, status);
    if (status == 503 && !response.headers.contains("Retry-After"))
        response.headers.add("Retry-After", "1");
    bool const with_body = !(head && head->method == http::Method::Head) && http::status_has_body(response.status);
    log(head, response.status, with_body ? response.body.size() : 0);
    keep_alive_ = false;
    must_linger_ = true;
    new_wait_ = true;
    auto const owned = std::make_shared<Answer const>(socket_.number(), serial_, std::move(response));
    add_answer(owned->head, with_body ? std::string_view(owned->body) : std::string_view(), owned);
    state_ = State::Closing;
}

void Connection::add_answer(std::string_view head, std::string_view body, std::shared_ptr<void const> owner)
{
    OutputBatch& batch = loop_.batch();
    std::string const& end_of_head = *loop_.tail(tail());
    batch.add(head);
    batch.add(end_of_head);
    batch.add(body);
    batch.keep(std::move(owner));
    served_ = true;
}

Tail Connection::tail() const { return !keep_alive_ ? Tail::Close : old_version_ ? Tail::KeepAliveOld : Tail::KeepAlive; }

void Connection::send_batch()
{
    OutputBatch& batch = loop_.batch();
    if (is_closed())
        return batch.clear();
    if (batch.empty())
        return;
    // The Door may answer while an earlier answer is still on its way.
    if (has_output())
        return keep_output(batch);
    switch (batch.send(socket_.number())) {
    case OutputBatch::Sent::All: break;
    case OutputBatch::Sent::Part: keep_output(batch); break;
    case OutputBatch::Sent::Failed:
        batch.clear();
        close();
        break;
    }
}

void Connection::keep_output(OutputBatch& batch)
{
    // The loop makes new tails each second; those in use must stay.
    for (Tail const kept : {Tail::KeepAlive, Tail::KeepAliveOld, Tail::Close})
        batch.keep(loop_.tail(kept));
    slow().output.append(batch);
}

void Connection::write_rest()
{
    if (!has_output())
        return;
    auto const sent = slow_->output.send(socket_.number());
    if (std::size_t const taken = slow_->output.taken()) {
        slow_->written += taken;
        slow_->progress_at = loop_.now();
    }
    if (sent == OutputBatch::Sent::Part)
        return;
    if (sent == OutputBatch::Sent::Failed)
        return close();
    if (state_ == State::Reading && !slow_->input.empty())
        read_on();
    send_batch();
    settle();
}

Address Connection::client(http::RequestHead const* head) const
{
    auto const& trusted = loop_.shared().options.trusted_proxies;
    return head && !trusted.empty() ? http::client_address(peer_, *head, trusted) : peer_;
}

void Connection::start_clock()
{
    if (loop_.shared().logging)
        started_ns_ = steady_nanoseconds();
}

void Connection::log(http::RequestHead const* head, int status, std::size_t body_bytes)
{
    if (!loop_.shared().logging)
        return;
    AccessEntry entry;
    entry.peer = client(head);
    entry.status = status;
    entry.body_bytes = body_bytes;
    if (head) {
        entry.method = head->method_name;
        entry.target = head->target;
        entry.authority = head->authority;
        entry.version_minor = head->version_minor;
        entry.user_agent = head->find("user-agent").value_or("");
        entry.referer = head->find("referer").value_or("");
    }
    if (started_ns_ != 0)
        entry.microseconds = static_cast<std::uint64_t>(steady_nanoseconds() - started_ns_) / 1000;
    loop_.shared().log.request(entry);
}

}  // namespace backtalk
