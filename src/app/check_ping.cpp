#include "app/check_ping.h"

#include <algorithm>
#include <atomic>
#include <map>

#include <fmt/format.h>

#include "app/addresses.h"
#include "app/backoff.h"
#include "app/entry_html.h"
#include "judge/evidence_of_page.h"
#include "judge/language_guess.h"
#include "markup/plain_text.h"
#include "weblog/author.h"

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

/// Grows with time, whatever the clock does: which of two answers was asked for later.
std::int64_t next_fetch_order()
{
    static std::atomic<std::int64_t> last = 0;
    std::int64_t const now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::microseconds(1);
    std::int64_t before = last.load();
    while (!last.compare_exchange_weak(before, std::max(now, before + 1))) { }
    return std::max(now, before + 1);
}

/// HTML first: most sources have an h-entry or a title to show. The others are read too (R12).
constexpr char const* accepted_sources =
    "text/html, application/xhtml+xml;q=0.9, application/mf2+json;q=0.6, application/json;q=0.5, text/plain;q=0.4, */*;q=0.1";

/// Names may be out of order for a while, as hosts may.
bool may_pass(Error const& error, bool by_fetcher) { return error.may_pass() || (by_fetcher && error.code == ErrorCode::NotFound); }

}  // namespace

PingChecker::PingChecker(Store& store, SiteDirectory const& sites, Fetcher& fetcher, PingJudge& judge, ReflectionCap& cap,
    Executor& executor, Clock const& clock, Log& log, Moderation moderation)
    : store_(store), sites_(sites), fetcher_(fetcher), judge_(judge), cap_(cap), clock_(clock), log_(log), moderation_(moderation),
      queue_("checking pings", source(), executor, clock, log)
{
}

DueQueue::Source PingChecker::source()
{
    DueQueue::Source source;
    source.due = [this](Instant now, std::size_t limit) -> Result<std::vector<DueQueue::Job>> {
        TRY(std::vector<Ping> pings, store_.due_pings(now, limit));
        // What waits together for one source is checked together.
        std::map<std::string, std::vector<Ping>> by_subject;
        std::vector<std::string> subjects;
        for (Ping& ping : pings) {
            std::string subject = fmt::format("{} {}", ping.entry.value, comparison_key(ping.source));
            std::vector<Ping>& same = by_subject[subject];
            if (same.empty())
                subjects.push_back(std::move(subject));
            same.push_back(std::move(ping));
        }
        std::vector<DueQueue::Job> jobs;
        for (std::string& subject : subjects) {
            std::vector<Ping> same = std::move(by_subject[subject]);
            std::string host(same.front().source.host());
            std::int64_t const id = same.front().id.value;
            jobs.emplace_back(
                id, std::move(host), std::move(subject), [this, same = std::move(same)]() mutable { return check(std::move(same)); });
        }
        return jobs;
    };
    source.next = [this] { return store_.next_ping_due(); };
    source.put_off = [this](std::vector<std::int64_t> ids) { return put_off(std::move(ids)); };
    return source;
}

Task<void> PingChecker::put_off(std::vector<std::int64_t> ids)
{
    if (Result<void> const done = co_await store_.put_off_pings(std::move(ids), clock_.now() + std::chrono::seconds(3)); !done)
        log_.error(fmt::format("checking pings: {}", done.error().text));
}

Task<void> PingChecker::check(std::vector<Ping> pings)
{
    EntryId const entry = pings.front().entry;
    Ping asked = pings.front();
    for (Ping const& each : pings)
        if (asked.vouch.empty())
            asked.vouch = each.vouch;
    PingOutcome const outcome = co_await outcome_of(std::move(asked), Deadline::in(std::chrono::minutes(2)));
    std::string what;
    bool listing_changes = false;
    if (auto const* const verified = std::get_if<PingVerified>(&outcome)) {
        what = fmt::format("verified, {}", to_word(verified->state));
        listing_changes = verified->state == MentionState::Published;
    } else if (auto const* const no = std::get_if<PingRefused>(&outcome)) {
        what = fmt::format("refused: {}", no->reason);
        listing_changes = no->source_withdrawn;
    } else if (auto const* const later_on = std::get_if<PingLater>(&outcome)) {
        what = fmt::format("waits: {}", later_on->reason);
    } else {
        what = "unchanged";
    }
    for (Ping const& ping : pings) {
        std::string const subject = fmt::format("ping {} for entry {} from {}", ping.id.value, ping.entry.value, ping.source.str());
        PingOutcome of_this = outcome;
        auto const finished = co_await store_.finish_ping(ping.id, std::move(of_this));
        if (finished)
            log_.info(fmt::format("{}: {}", subject, what));
        else
            log_.error(fmt::format("{}: {}", subject, finished.error().text));
    }
    if (!listing_changes || !tell_)
        co_return;
    Result<void> const told = co_await tell_(entry);
    if (!told)
        log_.error(fmt::format("telling of a new response to entry {}: {}", entry.value, told.error().text));
}

Task<PingOutcome> PingChecker::outcome_of(Ping ping, Deadline deadline)
{
    auto const entry = store_.entry(ping.entry);
    if (!entry)
        co_return later(ping, entry.error());
    std::shared_ptr<Site const> const site = entry->has_value() ? sites_.find((*entry)->site) : nullptr;
    bool const must_be_looked_for = site && site->kind == SiteKind::External && (*entry)->status == EntryStatus::Draft;
    if (!site || (!has_page((*entry)->status) && !must_be_looked_for))
        co_return refused("the entry is no longer there");

    std::string const source_key = comparison_key(ping.source);
    auto const known = store_.validators(ping.entry, source_key);
    auto const mention = store_.mention_by_source(ping.entry, source_key);
    if (!known || !mention)
        co_return later(ping, known ? mention.error() : known.error());
    bool const is_known = mention->has_value();
    auto const charges = std::make_shared<ReflectionCap::Charges>();
    // What was true once counts no more.
    bool const is_proved = known->has_value() || (is_known && (*mention)->verified);
    FetchRequest request = is_proved ? FetchRequest(ping.source) : unverified(ping.source, charges);
    request.accept = accepted_sources;
    if (known->has_value()) {
        request.if_none_match = (*known)->etag;
        request.if_modified_since = (*known)->last_modified;
    }
    std::int64_t const fetched_at = next_fetch_order();
    Result<Fetched> fetched = co_await fetcher_.fetch(std::move(request), deadline);
    if (!fetched)
        co_return not_fetched(ping, fetched.error(), is_proved ? std::nullopt : cap_.free_at(ping.source));
    // NB: a 304 that was not asked for proves nothing; it is refused below.
    if (fetched->status == 304 && known->has_value())
        co_return PingOutcome(PingUnchanged{"the source has not changed since it was checked"});
    if (auto const error = error_of_status(fetched->status))
        co_return failed(ping, *error, is_known, fetched_at);

    Result<Found> found = found_in(*fetched, ping, **entry, *site);
    if (!found) {
        if (found.error().may_pass() || found.error().code == ErrorCode::Internal)
            co_return later(ping, found.error());
        // What cannot be read says nothing of a link that it had once.
        if (found.error().code == ErrorCode::Malformed)
            co_return failed(ping, found.error(), is_known, fetched_at);
        // A page that was cut short may have its link in the rest: nothing is proved.
        std::string const& reason = found.error().text;
        co_return PingOutcome(
            PingRefused{fetched->truncated ? reason + " in what was read of it" : reason, !fetched->truncated, fetched_at});
    }
    cap_.give_back(*charges, fetched->url);
    if (must_be_looked_for) {
        Result<EntryId> const there = co_await look_for_entry(**entry, site, deadline);
        if (!there && there.error().code == ErrorCode::Busy)
            co_return PingOutcome(PingLater{there.error().text, clock_.now() + std::chrono::seconds(30), false});
        if (!there && there.error().may_pass())
            co_return later(ping, there.error());
        if (!there)
            co_return refused(there.error().text);
        ping.entry = *there;
    }
    Mention complete = std::move(found->mention);
    if (found->author_page) {
        Url author_page = *found->author_page;
        complete = co_await with_author(std::move(complete), std::move(author_page), deadline);
    }
    std::string const etag(fetched->headers.get("ETag").value_or(""));
    std::string const last_modified(fetched->headers.get("Last-Modified").value_or(""));
    CaseToJudge the_case(ping, std::move(complete), site->id, std::move(found->target), std::move(found->page));
    Result<PingVerified> verified = co_await judged(std::move(the_case), site, deadline);
    if (!verified)
        co_return later(ping, verified.error());
    verified->validators = Validators{etag, last_modified};
    verified->fetched = fetched_at;
    co_return PingOutcome(*std::move(verified));
}

/// The source answered, but not with a page that can be read.
PingOutcome PingChecker::failed(Ping const& ping, Error const& error, bool is_known, std::int64_t fetched) const
{
    if (error.code == ErrorCode::Gone)
        return PingRefused{error.text, true, fetched};
    // A page that once linked here may come back: its mention stays, and it is asked again.
    if (may_pass(error, false) || is_known)
        return later(ping, error);
    return refused(error.text);
}

Result<PingChecker::Found> PingChecker::found_in(Fetched const& fetched, Ping const& ping, Entry const& entry, Site const& site)
{
    std::string const content_type(fetched.headers.get("Content-Type").value_or(""));
    Result<SourcePage> const read = read_source(fetched.body, content_type, fetched.url, LinkFilter({std::string(site.base.url().host())}));
    if (!read)
        return failure(ErrorCode::Malformed, read.error().text);
    SourcePage const& page = *read;
    if (page.is_gone)
        return failure(ErrorCode::Gone, "the source says that it was deleted (meta http-equiv=status)");
    std::optional<Error> store_trouble;
    auto const is_target = [&](Url const& url) {
        auto const owner = entry_at(store_, site, url);
        if (!owner)
            store_trouble = owner.error();
        return owner && owner->has_value() && (*owner)->entry == entry.id;
    };
    Result<Mention> mention = verify(ping, page, is_target);
    if (store_trouble)
        return std::unexpected(*store_trouble);
    if (!mention)
        return std::unexpected(mention.error());
    // A reply, a like and so on stand in the page's own entry, often out of sight.
    auto const link = mention->type() == MentionType::Mention
        ? std::ranges::find_if(page.links, [&](SourceLink const& each) { return is_target(each.url); })
        : page.links.end();
    std::string_view const html =
        content_type.find("html") != std::string::npos || content_type.empty() ? fetched.body : std::string_view();
    std::string const entry_text = markup::plain_text(body_html(entry) + extended_html(entry));
    judge::TargetEvidence target{entry.title, judge::guessed_language(entry_text)};
    judge::PageEvidence evidence = judge::evidence_of_page(page, html, link == page.links.end() ? nullptr : &*link, entry_text);
    return Found{*std::move(mention), page.author_page, std::move(target), std::move(evidence)};
}

PingOutcome PingChecker::not_fetched(Ping const& ping, Error const& error, std::optional<Instant> free_at)
{
    constexpr std::chrono::hours waits_at_most{72};  // for its turn, among pings that may all be forged
    if (error.code != ErrorCode::Busy)
        return may_pass(error, true) ? later(ping, error) : refused(error.text);
    if (clock_.now() - ping.received > waits_at_most)
        return refused("given up after three days: " + error.text);
    return PingLater{error.text, free_at.value_or(clock_.now() + std::chrono::seconds(30)), false};
}

FetchRequest PingChecker::unverified(Url url, std::shared_ptr<ReflectionCap::Charges> charges)
{
    FetchRequest request(std::move(url));
    request.may_ask = cap_.guard(std::move(charges));
    return request;
}

/// What cannot be learnt of an author is no reason to refuse what was said.
Task<Mention> PingChecker::with_author(Mention mention, Url author_page, Deadline deadline)
{
    auto const charges = std::make_shared<ReflectionCap::Charges>();
    FetchRequest request = unverified(author_page, charges);
    Result<Fetched> const fetched = co_await fetcher_.fetch(std::move(request), deadline);
    // The page that was found true may name its own site as often as it likes, but nobody else's.
    cap_.give_back(*charges, mention.url());
    if (!fetched || fetched->status != 200)
        co_return mention;
    std::string const content_type(fetched->headers.get("Content-Type").value_or(""));
    Result<Author> const author = read_author_page(fetched->body, content_type, author_page, fetched->url);
    co_return author ? mention.with_author(*author) : mention;
}

Task<Result<EntryId>> PingChecker::look_for_entry(Entry entry, std::shared_ptr<Site const> site, Deadline deadline)
{
    Url const address = permalink(*site, entry);
    FetchRequest request(address);
    CO_TRY(Fetched const fetched, co_await fetcher_.fetch(std::move(request), deadline));
    if (auto const error = error_of_status(fetched.status))
        co_return failure(may_pass(*error, false) ? ErrorCode::Unavailable : ErrorCode::NotFound,
            fmt::format("the target {} answers HTTP {}", address.str(), fetched.status));
    if (!site->base.contains(fetched.url))
        co_return failure(ErrorCode::NotFound, fmt::format("the target {} leads to another site: {}", address.str(), fetched.url.str()));
    EntryDraft draft = entry;
    Url permalink = fetched.url;
    std::string const content_type(fetched.headers.get("Content-Type").value_or(""));
    if (auto const page = read_source(fetched.body, content_type, fetched.url)) {
        draft.title = page->title;
        if (page->published) {
            draft.published = page->published->instant;
            draft.offset = page->published->offset;
        }
        permalink = canonical_address(*site, fetched.url, page->canonical);
    }
    std::string path = door_of_page(*site, permalink)->subject;
    co_return co_await store_.settle_page(entry.id, std::move(draft), std::move(path));
}

PingOutcome PingChecker::later(Ping const& ping, Error const& error) const
{
    auto const delay = retry_delay(ping.attempts + 1);
    if (!delay)
        return refused(fmt::format("given up after {} attempts: {}", ping.attempts + 1, error.text));
    return PingLater{error.text, clock_.now() + *delay, true};
}

}  // namespace backtalk
