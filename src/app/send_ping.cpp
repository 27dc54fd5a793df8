#include "app/send_ping.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/addresses.h"
#include "app/backoff.h"
#include "app/entry_html.h"
#include "base/text.h"
#include "markup/charset.h"
#include "pingback/message.h"
#include "pingback/reply.h"
#include "trackback/message.h"
#include "trackback/reply.h"
#include "url/form.h"
#include "webmention/message.h"
#include "webmention/reply.h"

// How one target is told: the half of PingSender behind the queue. What is to be told, and to whom, is in announce_entry.cpp.

namespace backtalk {

namespace {

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
            jobs.emplace_back(
                id, std::move(host), std::move(subject), [this, sent = std::move(sent)]() mutable { return deliver_due(std::move(sent)); });
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
        FetchRequest request =
            post(endpoint, "application/x-www-form-urlencoded", accept, webmention::form_of(telling.text.url, telling.target.str(), vouch));
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
    FetchRequest request =
        post(endpoint, xmlrpc::xml_content_type, "text/xml, */*;q=0.1", pingback::write_ping(telling.text.url, telling.target.str()));
    Result<Fetched> const answer = co_await fetcher_.fetch(std::move(request), deadline);
    if (!answer)
        co_return outcome_of_silence(answer.error());
    co_return outcome_of_reply(pingback::read_reply(answer->status, answer->headers.get("Content-Type").value_or(""), answer->body));
}

Task<SentOutcome> PingSender::tell_trackback(Telling telling, Url endpoint, Deadline deadline)
{
    PingText const& text = telling.text;
    FormFields const fields = {{"title", text.title}, {"url", text.url}, {"excerpt", text.excerpt}, {"blog_name", text.blog_name}};
    FetchRequest request = post(
        endpoint, "application/x-www-form-urlencoded; charset=utf-8", "text/xml, application/xml;q=0.9, */*;q=0.1", form_encoded(fields));
    Result<Fetched> const answer = co_await fetcher_.fetch(std::move(request), deadline);
    if (!answer)
        co_return outcome_of_silence(answer.error());
    co_return outcome_of_reply(trackback::read_reply(answer->status, answer->headers.get("Content-Type").value_or(""), answer->body));
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

Task<void> PingSender::deliver_due(Sent sent) { co_await deliver(std::move(sent)); }

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
