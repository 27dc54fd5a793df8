#pragma once

#include "app/due_queue.h"
#include "app/fetcher.h"
#include "app/site_directory.h"
#include "app/store.h"
#include "trackback/discovery.h"

namespace backtalk {

/// What our page says of itself in a ping.
struct PingText {
    std::string url;
    std::string title;
    std::string excerpt;
    std::string blog_name;
};

/// A page, its endpoints by protocol, and the one to use.
struct Discovered {
    explicit Discovered(Url the_page) : page(std::move(the_page)) { }
    Url page;  ///< After redirects.
    std::vector<trackback::Endpoint> trackback;
};

/// What an entry tells: the targets of its links and of its `trackbacks:`, without itself, each once.
std::vector<Url> targets_of(Site const& site, Entry const& entry);

/// Sends pings for what our entries link to: discovery, ping, reply, again later where it may pass.
class PingSender {
public:
    PingSender(Store& store, SiteDirectory const& sites, Fetcher& fetcher, Executor& executor, Clock const& clock, Log& log);

    void start() { queue_.start(); }
    void wake() { queue_.wake(); }
    void close() { queue_.close(); }
    std::size_t under_way() const { return queue_.under_way(); }
    void stop() { queue_.stop(); }
    bool idle() const { return queue_.idle(); }

    /// Queues a ping for each target that was not told of this version of the entry. Ends when that is on stable storage.
    Task<Result<void>> announce(Entry entry);
    /// Errors: as Fetcher, and Refused (the page answers with an error, or is no page).
    Task<Result<Discovered>> discover(Url target, Deadline deadline);
    /// One ping to one target, now. `is_endpoint`: the target may be a ping URL itself.
    Task<SentOutcome> send(PingText text, Url target, bool is_endpoint, Deadline deadline);

private:
    DueQueue::Source source();
    Task<void> deliver(Sent sent);
    Task<void> put_off(std::vector<std::int64_t> ids);

    Store& store_;
    SiteDirectory const& sites_;
    Fetcher& fetcher_;
    Clock const& clock_;
    Log& log_;
    DueQueue queue_;
};

/// What an entry says of itself.
PingText ping_text(Site const& site, Entry const& entry);

}  // namespace backtalk
