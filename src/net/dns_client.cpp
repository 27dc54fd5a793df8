#include "net/dns_client.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <ares.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>

namespace backtalk {

namespace {

// A server that lost a question is asked again; both tries fit into the time that the lists have.
constexpr int first_try_milliseconds = 1000;  ///< The second try has twice that.
constexpr int tries = 2;

ares_channeldata* new_channel(std::vector<AddressPort> const& servers, ares_sock_state_cb watch, void* watcher)
{
    static int const once = ares_library_init(ARES_LIB_INIT_ALL);
    (void)once;
    ares_options options{};
    options.timeout = first_try_milliseconds;
    options.tries = tries;
    options.sock_state_cb = watch;
    options.sock_state_cb_data = watcher;
    ares_channeldata* channel = nullptr;
    if (ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS)
        return nullptr;
    std::vector<ares_addr_port_node> nodes;
    for (AddressPort const& server : servers) {
        ares_addr_port_node& node = nodes.emplace_back();
        node.family = server.address.is_v4() ? AF_INET : AF_INET6;
        std::memcpy(&node.addr, server.address.bytes().data(), server.address.bytes().size());
        node.udp_port = node.tcp_port = server.port;
    }
    for (std::size_t i = 1; i < nodes.size(); ++i)
        nodes[i - 1].next = &nodes[i];
    if (nodes.empty() || ares_set_servers_ports(channel, nodes.data()) == ARES_SUCCESS)
        return channel;
    ares_destroy(channel);
    return nullptr;
}

}  // namespace

void DnsClient::EndChannel::operator()(ares_channeldata* channel) const { ares_destroy(channel); }

DnsClient::DnsClient(std::vector<AddressPort> const& servers, Executor& executor)
    : executor_(executor), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)), channel_(new_channel(servers, &watch_socket, this)),
      thread_([this] { run(); })
{
}

Task<DnsClient::Answers> DnsClient::ask(std::vector<std::string> names, Deadline deadline)
{
    Completion<Answers> done(executor_);
    auto batch = std::make_shared<Batch>(std::move(names), deadline, done.receiver());
    {
        std::scoped_lock const lock(mutex_);
        if (stopping_ || batch->names.empty())
            co_return std::move(batch->answers);
        fresh_.push_back(std::move(batch));
    }
    wake();
    Answers answers = co_await done;
    co_return answers;
}

void DnsClient::stop()
{
    std::scoped_lock const stop_lock(stop_mutex_);
    if (!thread_.joinable())
        return;
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake();
    thread_.join();
}

void DnsClient::wake()
{
    std::uint64_t const one = 1;
    (void)!::write(wake_.number(), &one, sizeof one);
}

void DnsClient::run()
{
    step_behind();
    for (;;) {
        std::vector<std::shared_ptr<Batch>> fresh;
        {
            std::scoped_lock const lock(mutex_);
            fresh.swap(fresh_);
            if (stopping_) {
                std::ranges::for_each(fresh, [](std::shared_ptr<Batch> const& batch) { deliver(*batch); });
                break;
            }
        }
        for (std::shared_ptr<Batch>& batch : fresh)
            begin(std::move(batch));
        wait();
        expire();
    }
    channel_.reset();  // calls take_answer() for each question that waits
}

void DnsClient::begin(std::shared_ptr<Batch> batch)
{
    if (!channel_)
        return deliver(*batch);
    batches_.push_back(batch);
    for (std::size_t place = 0; place < batch->names.size(); ++place)
        ares_query(channel_.get(), batch->names[place].c_str(), 1 /* IN */, 1 /* A */, &take_answer, new Question{batch, place});
}

void DnsClient::wait()
{
    // Copied: what c-ares does with one socket may open or close others.
    std::vector<pollfd> polled = sockets_;
    polled.push_back({wake_.number(), POLLIN, 0});
    std::chrono::milliseconds time = Deadline::never().remaining();
    for (std::shared_ptr<Batch> const& batch : batches_)
        time = std::min(time, batch->deadline.remaining());
    timeval longest{.tv_sec = time.count() / 1000, .tv_usec = time.count() % 1000 * 1000};
    timeval room{};
    timeval const* const next = channel_ ? ares_timeout(channel_.get(), &longest, &room) : &longest;
    // Rounded up: it would turn in circles for the last part of a millisecond.
    int const milliseconds = static_cast<int>(next->tv_sec * 1000 + (next->tv_usec + 999) / 1000);
    if (::poll(polled.data(), polled.size(), milliseconds) < 0)
        return;
    std::uint64_t count = 0;
    (void)!::read(wake_.number(), &count, sizeof count);
    polled.pop_back();
    if (!channel_)
        return;
    for (pollfd const& each : polled)
        if (each.revents != 0)
            ares_process_fd(
                channel_.get(), each.revents & ~POLLOUT ? each.fd : ARES_SOCKET_BAD, each.revents & POLLOUT ? each.fd : ARES_SOCKET_BAD);
    ares_process_fd(channel_.get(), ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // what waited too long
}

void DnsClient::expire()
{
    std::erase_if(batches_, [](std::shared_ptr<Batch> const& batch) {
        if (!batch->delivered && batch->deadline.passed())
            deliver(*batch);
        return batch->delivered;
    });
}

void DnsClient::watch(int socket, bool readable, bool writable)
{
    std::erase_if(sockets_, [&](pollfd const& each) { return each.fd == socket; });
    short const events = static_cast<short>((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
    if (events != 0)
        sockets_.push_back({socket, events, 0});
}

void DnsClient::watch_socket(void* client, int socket, int readable, int writable)
{
    static_cast<DnsClient*>(client)->watch(socket, readable != 0, writable != 0);
}

void DnsClient::take_answer(void* question, int status, int, unsigned char* reply, int reply_bytes)
{
    std::unique_ptr<Question> const answered(static_cast<Question*>(question));
    Batch& batch = *answered->batch;
    if (batch.delivered)
        return;
    std::span<std::uint8_t const> const bytes(reply, reply ? static_cast<std::size_t>(reply_bytes) : 0);
    batch.answers[answered->place] = read_dns_answer(status, bytes);
    if (--batch.missing == 0)
        deliver(batch);
}

void DnsClient::deliver(Batch& batch)
{
    batch.delivered = true;
    batch.receiver.deliver(std::move(batch.answers));
}

}  // namespace backtalk
