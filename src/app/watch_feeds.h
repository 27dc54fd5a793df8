#pragma once

#include <map>
#include <mutex>

#include "app/due_queue.h"
#include "app/fetcher.h"
#include "app/send_ping.h"
#include "app/site_directory.h"
#include "app/store.h"
#include "feed/feed_reader.h"

namespace backtalk {

/// What one reading of a feed came to.
struct FeedReading {
    feed::FeedKind kind = feed::FeedKind::Atom;
    std::size_t pages = 0;   ///< Of the site; others are not counted.
    std::size_t told = 0;    ///< Pages that were new, changed or gone, and whose targets were queued.
    bool unchanged = false;  ///< The server said so (304).
    bool is_first = false;   ///< What it lists was only recorded.
};

/// Reads the feeds and sitemaps of external sites every Site::feed_minutes, and announces what is new, changed or gone. The first
/// reading of a feed announces nothing: what is there was there before us.
///
/// One site's broken feed delays no other. It is asked less and less often, at least once a day, and logged when it breaks.
class FeedWatcher {
public:
    FeedWatcher(
        Store& store, SiteDirectory const& sites, PingSender& sender, Fetcher& fetcher, Executor& executor, Clock const& clock, Log& log);

    void start() { queue_.start(); }
    void wake() { queue_.wake(); }
    void close() { queue_.close(); }
    std::size_t under_way() const { return queue_.under_way(); }
    void stop() { queue_.stop(); }

    /// Now, whatever the time. Errors: as Fetcher and read_feed(), NotFound (the site names no feed), Refused (the feed is not there).
    Task<Result<FeedReading>> read(std::shared_ptr<Site const> site, Deadline deadline);

private:
    static constexpr std::size_t pages_in_a_step = 200;
    static constexpr std::size_t news_in_a_reading = 100;  ///< The rest waits for the next one.

    DueQueue::Source source();
    Task<void> watch(std::shared_ptr<Site const> site);
    Task<void> put_off(std::vector<std::int64_t> ids);
    /// When to read it next, by site.
    Result<std::map<std::int64_t, Instant>> times();
    Result<FeedState> state_of(Site const& site);
    struct Fresh {
        FeedReading reading;
        std::vector<FeedPage> pages;
        Validators validators;
    };
    Task<Result<Fresh>> fetch(std::shared_ptr<Site const> site, Validators known, Deadline deadline);
    Task<Result<void>> add_sitemaps(
        std::shared_ptr<Site const> site, std::vector<Url> sitemaps, std::shared_ptr<Fresh> fresh, Deadline deadline);
    Task<Result<std::size_t>> tell_news(SiteId site);

    Store& store_;
    SiteDirectory const& sites_;
    PingSender& sender_;
    Fetcher& fetcher_;
    Clock const& clock_;
    Log& log_;
    std::mutex mutex_;
    std::map<std::int64_t, Instant> not_before_;
    DueQueue queue_;
};

}  // namespace backtalk
