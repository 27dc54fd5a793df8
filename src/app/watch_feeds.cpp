#include "app/watch_feeds.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/addresses.h"
#include "base/text.h"

namespace backtalk {

namespace {

constexpr char const* accepted_feeds = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
                                       "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1";

bool is_watched(Site const& site) { return site.kind == SiteKind::External && site.feed_minutes > 0 && !site.feed_url.empty(); }

/// After failures twice as long each time, a day at most (or the owner's own pace, if that is slower).
std::chrono::minutes pause_after(int failures, int feed_minutes)
{
    std::chrono::minutes const pace(feed_minutes);
    std::chrono::minutes const day = std::chrono::hours(24);
    return std::clamp(pace * (1 << std::min(failures, 10)), pace, std::max(pace, day));
}

std::string version_of(feed::FeedItem const& item)
{
    std::uint64_t hash = stable_hash(item.updated ? rfc3339(item.updated->instant) : std::string());
    for (std::string const* const part : {&item.title, &item.content_html})
        hash = stable_hash(*part, stable_hash("|", hash));
    return fmt::format("{:016x}", hash);
}

void add_pages(Site const& site, std::vector<feed::FeedItem> const& items, std::vector<FeedPage>& pages)
{
    for (feed::FeedItem const& item : items) {
        std::optional<PingDoor> door = door_of_page(site, item.url);
        if (!door || pages.size() >= feed::feed_items_max)
            continue;
        FeedPage page;
        page.path = std::move(door->subject);
        page.title = item.title;
        page.published = item.published;
        page.version = version_of(item);
        pages.push_back(std::move(page));
    }
}

Result<void> there_is_a_feed(Fetched const& fetched)
{
    if (fetched.status == 408 || fetched.status == 429 || fetched.status >= 500)
        return failure(ErrorCode::Unavailable, fmt::format("{} answers HTTP {} for now", fetched.url.str(), fetched.status));
    if (fetched.status != 200)
        return failure(ErrorCode::Refused,
            fmt::format("{} answers HTTP {}: give the right address by site set --feed", fetched.url.str(), fetched.status));
    if (fetched.truncated)
        return failure(ErrorCode::TooLarge, fmt::format("{} is longer than fetch.max_bytes: raise it in backtalk.toml", fetched.url.str()));
    return {};
}

Result<feed::ReadFeed> feed_in(Fetched const& fetched)
{
    TRY_DONE(there_is_a_feed(fetched));
    auto feed = feed::read_feed(fetched.body, fetched.headers.get("Content-Type").value_or(""), fetched.url);
    if (!feed)
        return failure(feed.error().code, fmt::format("{}: {}", fetched.url.str(), feed.error().text));
    return feed;
}

}  // namespace

FeedWatcher::FeedWatcher(
    Store& store, SiteDirectory const& sites, PingSender& sender, Fetcher& fetcher, Executor& executor, Clock const& clock, Log& log)
    : store_(store), sites_(sites), sender_(sender), fetcher_(fetcher), clock_(clock), log_(log),
      queue_("reading feeds", source(), executor, clock, log)
{
}

DueQueue::Source FeedWatcher::source()
{
    DueQueue::Source source;
    source.due = [this](Instant now, std::size_t limit) -> Result<std::vector<DueQueue::Job>> {
        TRY(auto const all, times());
        std::vector<DueQueue::Job> jobs;
        for (auto const& [id, time] : all) {
            auto site = sites_.find(SiteId(id));
            if (time > now || !site || jobs.size() >= limit)
                continue;
            Result<Url> const url = Url::parse(site->feed_url);
            std::string host(url ? url->host() : "");
            jobs.emplace_back(
                id, std::move(host), std::to_string(id), [this, site = std::move(site)]() mutable { return watch(std::move(site)); });
        }
        return jobs;
    };
    source.next = [this]() -> Result<std::optional<Instant>> {
        TRY(auto const all, times());
        std::optional<Instant> first;
        for (auto const& [id, time] : all)
            first = std::min(first.value_or(time), time);
        return first;
    };
    source.put_off = [this](std::vector<std::int64_t> ids) { return put_off(std::move(ids)); };
    return source;
}

Result<std::map<std::int64_t, Instant>> FeedWatcher::times()
{
    TRY(std::vector<FeedState> const states, store_.feed_states());
    std::map<std::int64_t, Instant> all;
    for (auto const& site : sites_.all()) {
        if (!is_watched(*site))
            continue;
        auto const known = std::find_if(
            states.begin(), states.end(), [&](FeedState const& each) { return each.site == site->id && each.url == site->feed_url; });
        Instant time = known == states.end() ? Instant() : known->last_try + pause_after(known->failures, site->feed_minutes);
        std::scoped_lock const lock(mutex_);
        if (auto const held = not_before_.find(site->id.value); held != not_before_.end())
            time = std::max(time, held->second);
        all[site->id.value] = time;
    }
    return all;
}

Task<void> FeedWatcher::put_off(std::vector<std::int64_t> ids)
{
    std::scoped_lock const lock(mutex_);
    for (std::int64_t const id : ids)
        not_before_[id] = clock_.now() + std::chrono::seconds(15);
    co_return;
}

Task<void> FeedWatcher::watch(std::shared_ptr<Site const> site)
{
    std::string const subject = fmt::format("the feed of {}", site->base.url().str());
    Result<FeedState> before = state_of(*site);
    Result<FeedReading> const reading = co_await read(site, Deadline::in(std::chrono::minutes(10)));
    if (reading) {
        log_.info(reading->unchanged
                ? fmt::format("{}: unchanged, {} told", subject, reading->told)
                : fmt::format("{}: {} with {} pages, {} told", subject, feed::to_word(reading->kind), reading->pages, reading->told));
        co_return;
    }
    // Once when it breaks, and when it breaks in another way; not at each try.
    if (!before || before->failures == 0 || before->note != reading.error().text)
        log_.error(fmt::format("{}: {}", subject, reading.error().text));
    {
        // Where even the failure could not be kept, the next look must not follow at once.
        std::scoped_lock const lock(mutex_);
        not_before_[site->id.value] = clock_.now() + std::chrono::minutes(1);
    }
}

Result<FeedState> FeedWatcher::state_of(Site const& site)
{
    TRY(std::vector<FeedState> const states, store_.feed_states());
    for (FeedState const& state : states)
        if (state.site == site.id && state.url == site.feed_url)
            return state;
    return FeedState(site.id, site.feed_url);
}

Task<Result<FeedReading>> FeedWatcher::read(std::shared_ptr<Site const> site, Deadline deadline)
{
    if (site->kind != SiteKind::External || site->feed_url.empty())
        co_return failure(ErrorCode::NotFound,
            fmt::format("{} names no feed: give one by backtalk site set {} --feed URL", site->base.url().str(), site->base.url().str()));
    CO_TRY(FeedState state, state_of(*site));
    state.last_try = clock_.now();
    Result<Fresh> fresh = co_await fetch(site, state.validators, deadline);
    if (!fresh) {
        ++state.failures;
        state.note = fresh.error().text;
        CO_TRY_DONE(co_await store_.keep_feed_state(std::move(state)));
        co_return std::unexpected(fresh.error());
    }
    FeedReading reading = fresh->reading;
    reading.is_first = state.readings == 0;
    state.failures = 0;
    state.note.clear();
    if (reading.unchanged) {
        CO_TRY_DONE(co_await store_.keep_feed_state(std::move(state)));
    } else {
        FeedNews const news = reading.is_first ? FeedNews::KeepQuiet : FeedNews::Tell;
        ++state.readings;
        state.validators = std::move(fresh->validators);
        reading.pages = fresh->pages.size();
        for (std::size_t at = 0; at < fresh->pages.size(); at += pages_in_a_step) {
            auto const begin = fresh->pages.begin() + static_cast<std::ptrdiff_t>(at);
            auto const end = fresh->pages.begin() + static_cast<std::ptrdiff_t>(std::min(at + pages_in_a_step, fresh->pages.size()));
            std::vector<FeedPage> step(begin, end);
            CO_TRY_DONE(co_await store_.note_feed_pages(site->id, std::move(step), state.readings, news));
        }
        CO_TRY_DONE(co_await store_.finish_feed_reading(std::move(state), news));
    }
    CO_TRY(reading.told, co_await tell_news(site->id));
    co_return reading;
}

Task<Result<FeedWatcher::Fresh>> FeedWatcher::fetch(std::shared_ptr<Site const> site, Validators known, Deadline deadline)
{
    CO_TRY(Url const url, Url::parse(site->feed_url));
    FetchRequest request(url);
    request.accept = accepted_feeds;
    request.if_none_match = known.etag;
    request.if_modified_since = known.last_modified;
    bool const is_conditional = !known.etag.empty() || !known.last_modified.empty();
    CO_TRY(Fetched const fetched, co_await fetcher_.fetch(std::move(request), deadline));
    auto fresh = std::make_shared<Fresh>();
    if (fetched.status == 304 && is_conditional) {
        fresh->reading.unchanged = true;
        co_return std::move(*fresh);
    }
    CO_TRY(feed::ReadFeed feed, feed_in(fetched));
    fresh->reading.kind = feed.kind;
    add_pages(*site, feed.items, fresh->pages);
    if (feed.kind == feed::FeedKind::SitemapIndex) {
        // NB: no validators: an index may stay as it is while its sitemaps change.
        CO_TRY_DONE(co_await add_sitemaps(std::move(site), std::move(feed.sitemaps), fresh, deadline));
    } else {
        fresh->validators.etag = std::string(fetched.headers.get("ETag").value_or(""));
        fresh->validators.last_modified = std::string(fetched.headers.get("Last-Modified").value_or(""));
    }
    co_return std::move(*fresh);
}

/// One level: an index in an index is left out.
Task<Result<void>> FeedWatcher::add_sitemaps(
    std::shared_ptr<Site const> site, std::vector<Url> sitemaps, std::shared_ptr<Fresh> fresh, Deadline deadline)
{
    for (Url const& url : sitemaps) {
        FetchRequest request(url);
        request.accept = accepted_feeds;
        CO_TRY(Fetched const fetched, co_await fetcher_.fetch(std::move(request), deadline));
        CO_TRY(feed::ReadFeed const feed, feed_in(fetched));
        add_pages(*site, feed.items, fresh->pages);
    }
    co_return Result<void>();
}

Task<Result<std::size_t>> FeedWatcher::tell_news(SiteId site)
{
    CO_TRY(std::vector<EntryId> const news, store_.feed_news(site, news_in_a_reading));
    std::size_t told = 0;
    for (EntryId const id : news) {
        CO_TRY(std::optional<Entry> entry, store_.entry(id));
        if (!entry)
            continue;
        std::string const address = entry->path;
        Result<EntryId> const announced = co_await sender_.announce_page(*std::move(entry));
        if (!announced && announced.error().code == ErrorCode::Busy)
            break;  // a limit of ours: all the others will wait for it too
        told += announced ? 1 : 0;
        if (!announced)
            log_.info(fmt::format("announcing {}: {}", address, announced.error().text));
        bool const again = !announced && announced.error().may_pass();
        CO_TRY_DONE(co_await store_.finish_feed_news(id, again ? Store::NewsOutcome::TryAgain : Store::NewsOutcome::Told));
    }
    co_return told;
}

}  // namespace backtalk
