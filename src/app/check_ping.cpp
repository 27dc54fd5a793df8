#include "app/check_ping.h"

#include <fmt/format.h>

#include "app/addresses.h"
#include "app/backoff.h"

namespace backtalk {

namespace {

PingOutcome refused(std::string reason) { return PingRefused{std::move(reason), false}; }

/// What an answer without a page to read means. Nothing: there is a page.
std::optional<Error> error_of_status(int status)
{
    if (status >= 200 && status < 300)
        return std::nullopt;
    if (status == 410)
        return Error(ErrorCode::Gone, "the source is gone for good (HTTP 410)");
    if (status == 408 || status == 425 || status == 429 || status >= 500)
        return Error(ErrorCode::Unavailable, fmt::format("the source answers HTTP {} for now", status));
    if (status == 404)
        return Error(ErrorCode::NotFound, "the source does not exist (HTTP 404)");
    return Error(ErrorCode::Refused, fmt::format("the source answers HTTP {}", status));
}

/// Names may be out of order for a while, as hosts may.
bool may_pass(Error const& error, bool by_fetcher) { return error.may_pass() || (by_fetcher && error.code == ErrorCode::NotFound); }

}  // namespace

PingChecker::PingChecker(
    Store& store, SiteDirectory const& sites, Fetcher& fetcher, Executor& executor, Clock const& clock, Log& log, Moderation moderation)
    : store_(store), sites_(sites), fetcher_(fetcher), clock_(clock), log_(log), moderation_(moderation),
      queue_("checking pings", source(), executor, clock, log)
{
}

DueQueue::Source PingChecker::source()
{
    DueQueue::Source source;
    source.due = [this](Instant now, std::size_t limit) -> Result<std::vector<DueQueue::Job>> {
        TRY(std::vector<Ping> pings, store_.due_pings(now, limit));
        std::vector<DueQueue::Job> jobs;
        for (Ping& ping : pings) {
            std::string host(ping.source.host());
            std::int64_t const id = ping.id.value;
            jobs.emplace_back(id, std::move(host), [this, ping = std::move(ping)]() mutable { return check(std::move(ping)); });
        }
        return jobs;
    };
    source.next = [this] { return store_.next_ping_due(); };
    source.put_off = [this](std::vector<std::int64_t> ids) { return put_off(std::move(ids)); };
    return source;
}

Task<void> PingChecker::put_off(std::vector<std::int64_t> ids)
{
    if (Result<void> const done = co_await store_.put_off_pings(std::move(ids), clock_.now() + std::chrono::seconds(15)); !done)
        log_.error(fmt::format("checking pings: {}", done.error().text));
}

Task<void> PingChecker::check(Ping ping)
{
    PingId const id = ping.id;
    std::string const subject = fmt::format("ping {} for entry {} from {}", id.value, ping.entry.value, ping.source.str());
    PingOutcome outcome = co_await outcome_of(std::move(ping), Deadline::in(std::chrono::minutes(2)));
    std::string what;
    if (auto const* const verified = std::get_if<PingVerified>(&outcome))
        what = fmt::format("verified, {}", to_word(verified->state));
    else if (auto const* const no = std::get_if<PingRefused>(&outcome))
        what = fmt::format("refused: {}", no->reason);
    else if (auto const* const later_on = std::get_if<PingLater>(&outcome))
        what = fmt::format("waits: {}", later_on->reason);
    else
        what = "unchanged";
    if (auto const finished = co_await store_.finish_ping(id, std::move(outcome)); !finished)
        log_.error(fmt::format("{}: {}", subject, finished.error().text));
    else
        log_.info(fmt::format("{}: {}", subject, what));
}

Task<PingOutcome> PingChecker::outcome_of(Ping ping, Deadline deadline)
{
    auto const entry = store_.entry(ping.entry);
    if (!entry)
        co_return later(ping, entry.error());
    std::shared_ptr<Site const> const site = entry->has_value() ? sites_.find((*entry)->site) : nullptr;
    if (!site || !has_page((*entry)->status))
        co_return refused("the entry is no longer there");

    FetchRequest request(ping.source);
    auto const known = store_.validators(ping.entry, comparison_key(ping.source));
    if (known && known->has_value()) {
        request.if_none_match = (*known)->etag;
        request.if_modified_since = (*known)->last_modified;
    }
    Result<Fetched> fetched = co_await fetcher_.fetch(std::move(request), deadline);
    if (!fetched) {
        if (fetched.error().code == ErrorCode::Busy)
            co_return PingOutcome(PingLater{fetched.error().text, clock_.now() + std::chrono::seconds(30), false});
        if (may_pass(fetched.error(), true))
            co_return later(ping, fetched.error());
        co_return refused(fetched.error().text);
    }
    // NB: a 304 that was not asked for proves nothing; it is refused below.
    if (fetched->status == 304 && known && known->has_value())
        co_return PingOutcome(PingUnchanged{"the source has not changed since it was checked"});
    if (auto const error = error_of_status(fetched->status)) {
        if (may_pass(*error, false))
            co_return later(ping, *error);
        co_return PingOutcome(PingRefused{error->text, error->code == ErrorCode::Gone});
    }
    Result<PingOutcome> judgement = judged(ping, **entry, *site, *fetched);
    if (!judgement)
        co_return later(ping, judgement.error());
    co_return std::move(*judgement);
}

Result<PingOutcome> PingChecker::judged(Ping const& ping, Entry const& entry, Site const& site, Fetched const& fetched)
{
    std::string const content_type(fetched.headers.get("Content-Type").value_or(""));
    Result<SourcePage> page = read_source(fetched.body, content_type, fetched.url, LinkFilter({std::string(site.base.url().host())}));
    if (!page)
        return refused(page.error().text);

    std::optional<Error> store_trouble;
    Result<Mention> mention = verify(ping, *page, [&](Url const& url) {
        auto const owner = entry_at(store_, site, url);
        if (!owner)
            store_trouble = owner.error();
        return owner && owner->has_value() && (*owner)->entry == entry.id;
    });
    if (store_trouble)
        return std::unexpected(*store_trouble);
    if (!mention) {
        // A page that was cut short may have its link in the rest: nothing is proved.
        return PingRefused{fetched.truncated ? mention.error().text + " in what was read of it" : mention.error().text, !fetched.truncated};
    }

    MentionState state = MentionState::Published;
    std::string note = "its source links to the entry";
    if (moderation_ == Moderation::All) {
        state = MentionState::Held;
        note += "; held: mentions.moderation is \"all\"";
    } else if (moderation_ == Moderation::Known) {
        TRY(bool const approved, store_.approved_before(ping.entry, mention->url().host()));
        if (!approved) {
            state = MentionState::Held;
            note += "; held: nothing from this host was approved before";
        }
    }
    PingVerified verified{*std::move(mention), state, std::move(note), {}};
    verified.validators.etag = fetched.headers.get("ETag").value_or("");
    verified.validators.last_modified = fetched.headers.get("Last-Modified").value_or("");
    return verified;
}

PingOutcome PingChecker::later(Ping const& ping, Error const& error) const
{
    auto const delay = retry_delay(ping.attempts + 1);
    if (!delay)
        return refused(fmt::format("given up after {} attempts: {}", ping.attempts + 1, error.text));
    return PingLater{error.text, clock_.now() + *delay, true};
}

}  // namespace backtalk
