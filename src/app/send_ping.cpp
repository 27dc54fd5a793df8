#include "app/send_ping.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/addresses.h"
#include "app/backoff.h"
#include "app/entry_html.h"
#include "app/foreign_page.h"
#include "base/text.h"
#include "markup/charset.h"
#include "markup/page_links.h"
#include "pingback/message.h"
#include "pingback/reply.h"
#include "trackback/message.h"
#include "trackback/reply.h"
#include "url/form.h"
#include "webmention/message.h"
#include "webmention/reply.h"

namespace backtalk {

namespace {

constexpr std::size_t responses_told_max = 1000;

bool tells(markup::LinkElement element)
{
    using enum markup::LinkElement;
    return element == A || element == Area || element == Blockquote || element == Q;
}

SentOutcome outcome_of_error(Error const& error)
{
    SentOutcome outcome;
    outcome.state = error.may_pass() || error.code == ErrorCode::NotFound ? SentState::Queued : SentState::Failed;
    outcome.message = error.text;
    outcome.counts = error.code != ErrorCode::Busy;
    return outcome;
}

/// Of an endpoint that gave no answer. One that nobody may ask (a private address, S15) is refused by us.
SentOutcome outcome_of_silence(Error const& error)
{
    SentOutcome outcome = outcome_of_error(error);
    if (error.code == ErrorCode::Refused)
        outcome.state = SentState::Refused;
    return outcome;
}

/// The protocols' replies say alike: yes, no, or not now.
template <class Reply> SentOutcome outcome_of_reply(Result<Reply> const& reply)
{
    if (!reply) {
        SentOutcome outcome = outcome_of_error(reply.error());
        if (reply.error().code == ErrorCode::NotFound)
            outcome.state = SentState::Failed;  // the endpoint's own 404, not a name that may come back
        return outcome;
    }
    SentOutcome outcome;
    outcome.state = reply->accepted ? SentState::Accepted : reply->may_pass ? SentState::Queued : SentState::Refused;
    outcome.message = reply->message;
    return outcome;
}

FetchRequest post(Url const& endpoint, std::string_view content_type, std::string_view accept, std::string body)
{
    FetchRequest request(endpoint);
    request.post = true;
    request.content_type = content_type;
    request.accept = accept;
    request.body = std::move(body);
    return request;
}

std::vector<std::string> all_values(http::Headers const& headers, std::string_view name)
{
    std::vector<std::string> values;
    for (std::string_view const value : headers.all(name))
        values.emplace_back(value);
    return values;
}

bool is_page(Fetched const& fetched)
{
    std::string const type = ascii_lower(fetched.headers.get("Content-Type").value_or("text/html"));
    return type.starts_with("text/") || type.find("html") != std::string::npos || type.find("xml") != std::string::npos;
}

}  // namespace

std::string_view to_word(Protocol protocol)
{
    switch (protocol) {
    case Protocol::Webmention: return "webmention";
    case Protocol::Pingback: return "pingback";
    case Protocol::Trackback: return "trackback";
    }
    return {};
}

std::optional<Protocol> protocol_named(std::string_view word)
{
    for (Protocol const protocol : {Protocol::Webmention, Protocol::Pingback, Protocol::Trackback})
        if (to_word(protocol) == word)
            return protocol;
    return std::nullopt;
}

std::optional<PingRoute> Discovered::best(std::optional<Protocol> wanted) const
{
    auto const may = [&](Protocol protocol) { return !wanted || *wanted == protocol; };
    if (may(Protocol::Webmention) && webmention)
        return PingRoute(Protocol::Webmention, webmention->url);
    if (may(Protocol::Pingback) && pingback)
        return PingRoute(Protocol::Pingback, *pingback);
    if (may(Protocol::Trackback) && !trackback.empty())
        return PingRoute(Protocol::Trackback, trackback.front().url);
    return std::nullopt;
}

PingText ping_text(Site const& site, Entry const& entry)
{
    PingText text;
    text.url = permalink(site, entry).str();
    text.title = entry.title;
    text.excerpt = cut_at_word(excerpt_text(entry), trackback::field_characters_max);
    text.blog_name = site.title;
    return text;
}

std::vector<Url> targets_of(Site const& site, Entry const& entry)
{
    Url const self = permalink(site, entry);
    std::string const self_key = comparison_key(self);
    std::set<std::string> seen;
    std::vector<Url> targets;
    auto const add = [&](Url const& url) {
        if (!url.has_credentials() && comparison_key(url) != self_key && seen.insert(url.without_fragment().str()).second)
            targets.push_back(url);
    };
    for (std::string const& html : {body_html(entry), extended_html(entry)})
        for (markup::PageLink const& link : markup::links_of(html, self))
            if (tells(link.element))
                add(link.url);
    for (std::string const& wanted : entry.trackbacks)
        if (auto const url = Url::parse(wanted))
            add(*url);
    if (auto const url = Url::parse(entry.in_reply_to); !entry.in_reply_to.empty() && url)
        add(*url);
    return targets;
}

PingSender::PingSender(Store& store, SiteDirectory const& sites, Fetcher& fetcher, Executor& executor, Clock const& clock, Log& log)
    : store_(store), sites_(sites), fetcher_(fetcher), clock_(clock), log_(log), queue_("sending pings", source(), executor, clock, log)
{
}

DueQueue::Source PingSender::source()
{
    DueQueue::Source source;
    source.due = [this](Instant now, std::size_t limit) -> Result<std::vector<DueQueue::Job>> {
        TRY(std::vector<Sent> all, store_.due_sent(now, limit));
        std::vector<DueQueue::Job> jobs;
        for (Sent& sent : all) {
            std::string host(sent.target.host());
            std::int64_t const id = sent.id.value;
            std::string subject = sent.target.str();
            jobs.emplace_back(id, std::move(host), std::move(subject), [this, sent = std::move(sent)]() mutable { return deliver_due(std::move(sent)); });
        }
        return jobs;
    };
    source.next = [this] { return store_.next_sent_due(); };
    source.put_off = [this](std::vector<std::int64_t> ids) { return put_off(std::move(ids)); };
    return source;
}

Task<void> PingSender::put_off(std::vector<std::int64_t> ids)
{
    if (Result<void> const done = co_await store_.put_off_sent(std::move(ids), clock_.now() + std::chrono::seconds(15)); !done)
        log_.error(fmt::format("sending pings: {}", done.error().text));
}

Result<SentVersion> PingSender::version_of(Site const& site, Entry const& entry)
{
    if (!has_page(entry.status))
        return SentVersion("deleted", "");
    std::uint64_t text = stable_hash(permalink(site, entry).str());
    for (std::string const* const part : {&entry.title, &entry.body, &entry.extended_body, &entry.excerpt, &entry.in_reply_to})
        text = stable_hash(*part, stable_hash("|", text));
    MentionQuery query;
    query.entry = entry.id;
    query.states = {MentionState::Published};
    query.oldest_first = true;
    query.limit = responses_told_max;
    TRY(std::vector<StoredMention> const mentions, store_.mentions(query));
    std::set<std::string> responses;
    for (StoredMention const& mention : mentions) {
        responses.insert(mention.mention.url().str());
        // What another site shows of ours is nothing new to anybody: two sites that show each other would never come to rest.
        for (NestedResponse const& nested : mention.mention.listing().responses)
            if (auto const url = Url::parse(nested.url); url && !sites_.find_holding(*url))
                responses.insert(nested.url);
    }
    std::uint64_t shown = stable_hash("responses");
    for (std::string const& each : responses)
        shown = stable_hash(each, stable_hash("|", shown));
    return SentVersion(fmt::format("{:016x}", text), responses.empty() ? "" : fmt::format("{:016x}", shown));
}

Task<Result<void>> PingSender::announce(Entry entry)
{
    auto const site = sites_.find(entry.site);
    bool const is_gone = entry.status == EntryStatus::Deleted;
    if (!site || (entry.status != EntryStatus::Published && !is_gone))
        co_return Result<void>();
    if (site->kind == SiteKind::External && !is_gone) {
        CO_TRY_DONE(co_await announce_page(std::move(entry)));
        co_return Result<void>();
    }
    std::vector<Url> targets;
    if (!is_gone) {
        for (Url& target : targets_of(*site, entry)) {
            // Any of its own addresses is the entry itself.
            CO_TRY(std::optional<AddressOwner> const owner, entry_at(store_, *site, target));
            if (!owner || owner->entry != entry.id)
                targets.push_back(std::move(target));
        }
    }
    CO_TRY(SentVersion version, version_of(*site, entry));
    Result<void> const queued = co_await store_.queue_sent(entry.id, std::move(targets), std::move(version));
    wake();
    co_return queued;
}

Task<Result<EntryId>> PingSender::announce_page(Entry entry, std::chrono::seconds wait)
{
    auto const site = sites_.find(entry.site);
    if (!site)
        co_return failure(ErrorCode::NotFound, "the entry's site was removed: see backtalk site list");
    Url const address = permalink(*site, entry);
    FetchRequest request(address);
    CO_TRY(Fetched const fetched, co_await fetcher_.fetch(std::move(request), Deadline::in(std::chrono::minutes(2))));
    int const status = fetched.status;
    bool const is_gone = status == 404 || status == 410;
    if (is_gone && entry.status != EntryStatus::Draft) {
        // NB: a 404 may be a mistake of the site, so the entry stays; whoever is told looks for himself.
        if (status == 410)
            CO_TRY_DONE(co_await store_.set_entry_status(entry.id, EntryStatus::Deleted));
        std::vector<Url> none;
        SentVersion deleted("deleted", "");
        CO_TRY_DONE(co_await store_.queue_sent(entry.id, std::move(none), std::move(deleted), wait));
        wake();
        co_return entry.id;
    }
    if (status < 200 || status >= 300)
        co_return failure(is_gone                                      ? ErrorCode::NotFound
                : status == 408 || status == 429 || status >= 500 ? ErrorCode::Unavailable
                                                                  : ErrorCode::Refused,
            fmt::format("{} answers HTTP {}: give the address of a page that is there", address.str(), status));
    if (!site->base.contains(fetched.url))
        co_return failure(ErrorCode::Refused, fmt::format("{} leads to another site: {}", address.str(), fetched.url.str()));
    CO_TRY(ForeignPage page, read_foreign_page(fetched));

    EntryDraft draft = entry;
    draft.title = page.title;
    draft.excerpt = page.excerpt;
    if (page.published) {
        draft.published = page.published->instant;
        draft.offset = page.published->offset;
    }
    std::string path = door_of_page(*site, canonical_address(*site, fetched.url, page.url))->subject;
    CO_TRY(EntryId const id, co_await store_.settle_page(entry.id, std::move(draft), std::move(path)));
    std::vector<Url> targets;
    for (Url& target : page.targets) {
        CO_TRY(std::optional<AddressOwner> const owner, entry_at(store_, *site, target));
        if (!owner || owner->entry != id)
            targets.push_back(std::move(target));
    }
    // NB: of responses nothing: what the page shows of them, and when, only its own site knows.
    SentVersion version(std::move(page.version), "");
    CO_TRY_DONE(co_await store_.queue_sent(id, std::move(targets), std::move(version), wait));
    wake();
    co_return id;
}

Task<Result<void>> PingSender::announce_responses(EntryId id)
{
    CO_TRY(std::vector<Sent> const told, store_.sent_of(id));
    bool const by_webmention =
        std::any_of(told.begin(), told.end(), [](Sent const& sent) { return sent.linked && sent.last.protocol == "webmention"; });
    if (!by_webmention)
        co_return Result<void>();
    CO_TRY(std::optional<Entry> entry, store_.entry(id));
    auto const site = entry ? sites_.find(entry->site) : nullptr;
    if (!site || site->kind == SiteKind::External)
        co_return Result<void>();
    co_return co_await announce(*std::move(entry));
}

Task<Result<Discovered>> PingSender::discover(Url target, Deadline deadline)
{
    FetchRequest request(target.without_fragment());
    CO_TRY(Fetched const fetched, co_await fetcher_.fetch(std::move(request), deadline));
    if (fetched.status == 408 || fetched.status == 429 || fetched.status >= 500)
        co_return failure(ErrorCode::Unavailable, fmt::format("the target answers HTTP {} for now", fetched.status));
    if (fetched.status < 200 || fetched.status >= 300)
        co_return failure(ErrorCode::Refused, fmt::format("the target answers HTTP {}", fetched.status));
    Discovered discovered(fetched.url);
    std::vector<std::string> const link_headers = all_values(fetched.headers, "Link");
    std::string const content_type(fetched.headers.get("Content-Type").value_or(""));
    std::string const html = is_page(fetched) ? markup::decoded_html(fetched.body, content_type) : std::string();
    // Plain text may look like HTML and is none; the other two protocols read any text (P8, T9).
    bool const is_html = !ascii_lower(content_type).starts_with("text/plain");
    discovered.webmention = webmention::find_endpoint(is_html ? html : std::string(), link_headers, fetched.url);
    discovered.pingback = pingback::discover(html, all_values(fetched.headers, "X-Pingback"), fetched.url);
    discovered.trackback = trackback::discover(html, link_headers, fetched.url, target);
    co_return discovered;
}

Task<SentOutcome> PingSender::send(Telling telling, Deadline deadline)
{
    Result<Discovered> const discovered = co_await discover(telling.target, deadline);
    std::optional<PingRoute> route;
    if (discovered)
        route = discovered->best(telling.protocol);
    bool const may_be_trackback = !telling.protocol || *telling.protocol == Protocol::Trackback;
    if (!route && telling.is_endpoint && may_be_trackback)
        route = PingRoute(Protocol::Trackback, telling.target);
    if (!route && !discovered)
        co_return outcome_of_error(discovered.error());
    if (!route) {
        SentOutcome nothing;
        nothing.state = SentState::NoEndpoint;
        nothing.message = "the page names no endpoint";
        co_return nothing;
    }
    SentOutcome outcome;
    switch (route->protocol) {
    case Protocol::Webmention: outcome = co_await tell_webmention(std::move(telling), route->endpoint, deadline); break;
    case Protocol::Pingback: outcome = co_await tell_pingback(std::move(telling), route->endpoint, deadline); break;
    case Protocol::Trackback: outcome = co_await tell_trackback(std::move(telling), route->endpoint, deadline); break;
    }
    outcome.endpoint = route->endpoint.str();
    outcome.protocol = to_word(route->protocol);
    co_return outcome;
}

Task<SentOutcome> PingSender::tell_webmention(Telling telling, Url endpoint, Deadline deadline)
{
    constexpr std::string_view accept = "application/json, text/plain;q=0.9, */*;q=0.1";
    std::string vouch;
    for (;;) {
        FetchRequest request = post(
            endpoint, "application/x-www-form-urlencoded", accept, webmention::form_of(telling.text.url, telling.target.str(), vouch));
        Result<Fetched> const answer = co_await fetcher_.fetch(std::move(request), deadline);
        if (!answer)
            co_return outcome_of_silence(answer.error());
        auto const reply = webmention::read_reply(answer->status, answer->headers, answer->body, endpoint);
        if (reply && reply->wants_vouch && vouch.empty() && !telling.vouch.empty()) {
            vouch = telling.vouch;
            continue;
        }
        SentOutcome outcome = outcome_of_reply(reply);
        if (reply && reply->status_url)
            outcome.status_url = reply->status_url->str();
        co_return outcome;
    }
}

Task<SentOutcome> PingSender::tell_pingback(Telling telling, Url endpoint, Deadline deadline)
{
    FetchRequest request = post(
        endpoint, xmlrpc::xml_content_type, "text/xml, */*;q=0.1", pingback::write_ping(telling.text.url, telling.target.str()));
    Result<Fetched> const answer = co_await fetcher_.fetch(std::move(request), deadline);
    if (!answer)
        co_return outcome_of_silence(answer.error());
    co_return outcome_of_reply(
        pingback::read_reply(answer->status, answer->headers.get("Content-Type").value_or(""), answer->body));
}

Task<SentOutcome> PingSender::tell_trackback(Telling telling, Url endpoint, Deadline deadline)
{
    PingText const& text = telling.text;
    FormFields const fields = {{"title", text.title}, {"url", text.url}, {"excerpt", text.excerpt}, {"blog_name", text.blog_name}};
    FetchRequest request = post(endpoint, "application/x-www-form-urlencoded; charset=utf-8",
        "text/xml, application/xml;q=0.9, */*;q=0.1", form_encoded(fields));
    Result<Fetched> const answer = co_await fetcher_.fetch(std::move(request), deadline);
    if (!answer)
        co_return outcome_of_silence(answer.error());
    co_return outcome_of_reply(
        trackback::read_reply(answer->status, answer->headers.get("Content-Type").value_or(""), answer->body));
}

/// A page that links to us, of a site that the target's owner may know: the newest that stands under our entries.
std::string PingSender::vouch_for(Site const& site, Url const& target)
{
    MentionQuery query;
    query.site = site.id;
    query.states = {MentionState::Published};
    query.limit = 20;
    auto const mentions = store_.mentions(query);
    if (mentions)
        for (StoredMention const& each : *mentions)
            if (each.verified && each.mention.url().host() != target.host() && !site.base.contains(each.mention.url()))
                return each.mention.url().str();
    return {};
}

Task<void> PingSender::deliver_due(Sent sent)
{
    co_await deliver(std::move(sent));
}

Task<SentOutcome> PingSender::deliver(Sent sent, std::optional<Protocol> wanted)
{
    auto const entry = store_.entry(sent.entry);
    std::shared_ptr<Site const> const site = entry && entry->has_value() ? sites_.find((*entry)->site) : nullptr;
    SentOutcome outcome;
    if (!site || (!has_page((*entry)->status) && sent.linked)) {
        outcome.message = "the entry is no longer published";
    } else {
        Telling telling(ping_text(*site, **entry), sent.target);
        auto const& trackbacks = (*entry)->trackbacks;
        telling.is_endpoint = std::find(trackbacks.begin(), trackbacks.end(), sent.target.str()) != trackbacks.end();
        telling.vouch = vouch_for(*site, sent.target);
        telling.protocol = wanted;
        // Only a Webmention says "look again" where there is no link any more.
        if (!sent.linked)
            telling.protocol = Protocol::Webmention;
        outcome = co_await send(std::move(telling), Deadline::in(std::chrono::minutes(2)));
    }
    if (outcome.state == SentState::Queued && !outcome.counts) {
        outcome.next_try = clock_.now() + std::chrono::seconds(30);
    } else if (outcome.state == SentState::Queued) {
        if (auto const delay = retry_delay(sent.attempts + 1)) {
            outcome.next_try = clock_.now() + *delay;
        } else {
            outcome.state = SentState::Failed;
            outcome.message = fmt::format("given up after {} attempts: {}", sent.attempts + 1, outcome.message);
        }
    }
    outcome.version = sent.version;
    std::string const told = fmt::format("entry {} told {}{}: {}{}{}", sent.entry.value, sent.target.str(),
        outcome.endpoint.empty() ? "" : " at " + outcome.endpoint, to_word(outcome.state), outcome.message.empty() ? "" : ": ",
        outcome.message);
    SentOutcome kept = outcome;
    if (Result<void> const finished = co_await store_.finish_sent(sent.id, std::move(kept)); !finished)
        log_.error(fmt::format("{}: {}", told, finished.error().text));
    else
        log_.info(told);
    co_return outcome;
}

}  // namespace backtalk
