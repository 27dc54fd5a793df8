#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>

#include "async/completion.h"
#include "async/deadline.h"
#include "async/task.h"
#include "net/dns_answer.h"
#include "net/listener.h"
#include "url/address.h"

struct ares_channeldata;

namespace backtalk {

/// Asks name servers, by c-ares on a thread of its own.
class DnsClient {
public:
    /// In the order of the names. Nothing: none came.
    using Answers = std::vector<std::optional<DnsAnswer>>;

    /// `servers`: none for those of the machine (/etc/resolv.conf as it is now).
    DnsClient(std::vector<AddressPort> const& servers, Executor& executor);
    ~DnsClient() { stop(); }
    DnsClient(DnsClient const&) = delete;
    DnsClient& operator=(DnsClient const&) = delete;

    /// The addresses of these names, asked for all at once; what came until the deadline.
    Task<Answers> ask(std::vector<std::string> names, Deadline deadline);
    /// Ends what is under way without answers, and what comes later.
    void stop();

private:
    struct Batch {
        Batch(std::vector<std::string> the_names, Deadline the_deadline, Completion<Answers>::Receiver the_receiver)
            : names(std::move(the_names)), deadline(the_deadline), receiver(std::move(the_receiver)), answers(names.size()),
              missing(names.size())
        {
        }
        std::vector<std::string> names;
        Deadline deadline;
        Completion<Answers>::Receiver receiver;
        Answers answers;
        std::size_t missing;
        bool delivered = false;
    };
    /// What c-ares keeps for us of each question.
    struct Question {
        std::shared_ptr<Batch> batch;
        std::size_t place;
    };
    struct EndChannel {
        void operator()(ares_channeldata* channel) const;
    };

    void run();
    void wake();
    void begin(std::shared_ptr<Batch> batch);
    void wait();
    void expire();
    void watch(int socket, bool readable, bool writable);
    static void watch_socket(void* client, int socket, int readable, int writable);
    static void take_answer(void* question, int status, int timeouts, unsigned char* reply, int reply_bytes);
    static void deliver(Batch& batch);

    Executor& executor_;
    FileDescriptor wake_;

    // Of the thread alone.
    std::vector<pollfd> sockets_;
    std::list<std::shared_ptr<Batch>> batches_;              ///< Perhaps some that are delivered.
    std::unique_ptr<ares_channeldata, EndChannel> channel_;  ///< Null: c-ares could not begin.

    std::mutex mutex_;
    std::vector<std::shared_ptr<Batch>> fresh_;
    bool stopping_ = false;
    std::mutex stop_mutex_;
    std::thread thread_;
};

}  // namespace backtalk
