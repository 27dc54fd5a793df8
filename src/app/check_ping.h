#pragma once

#include <atomic>

#include "app/due_queue.h"
#include "app/fetcher.h"
#include "app/settings.h"
#include "app/site_directory.h"
#include "app/store.h"

namespace backtalk {

/// Checks queued pings: from the claim on disk to the listing under the entry. Receiving one ended when it was on disk.
class PingChecker {
public:
    PingChecker(Store& store, SiteDirectory const& sites, Fetcher& fetcher, Executor& executor, Clock const& clock, Log& log,
        Moderation moderation);

    void start() { queue_.start(); }
    void wake() { queue_.wake(); }
    void close() { queue_.close(); }
    std::size_t under_way() const { return queue_.under_way(); }
    void stop() { queue_.stop(); }
    bool idle() const { return queue_.idle(); }
    void set_moderation(Moderation moderation) { moderation_ = moderation; }

private:
    DueQueue::Source source();
    Task<void> check(Ping ping);
    Task<void> put_off(std::vector<std::int64_t> ids);
    Task<PingOutcome> outcome_of(Ping ping, Deadline deadline);
    Result<PingOutcome> judged(Ping const& ping, Entry const& entry, Site const& site, Fetched const& fetched);
    PingOutcome later(Ping const& ping, Error const& error) const;

    Store& store_;
    SiteDirectory const& sites_;
    Fetcher& fetcher_;
    Clock const& clock_;
    Log& log_;
    std::atomic<Moderation> moderation_;
    DueQueue queue_;
};

}  // namespace backtalk
