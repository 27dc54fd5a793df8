#include "app/send_ping.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/addresses.h"
#include "app/backoff.h"
#include "app/entry_html.h"
#include "base/text.h"
#include "markup/charset.h"
#include "markup/page_links.h"
#include "trackback/message.h"
#include "trackback/reply.h"
#include "url/form.h"

namespace backtalk {

namespace {

bool tells(markup::LinkElement element)
{
    using enum markup::LinkElement;
    return element == A || element == Area || element == Blockquote || element == Q;
}

/// Changes when what a target would be told changes.
std::string version_of(Site const& site, Entry const& entry)
{
    std::uint64_t hash = stable_hash(permalink(site, entry).str());
    for (std::string const* const part : {&entry.title, &entry.body, &entry.extended_body, &entry.excerpt})
        hash = stable_hash(*part, stable_hash("|", hash));
    return fmt::format("{:016x}", hash);
}

SentOutcome outcome_of_error(Error const& error)
{
    SentOutcome outcome;
    outcome.state = error.may_pass() || error.code == ErrorCode::NotFound ? SentState::Queued : SentState::Failed;
    outcome.message = error.text;
    outcome.counts = error.code != ErrorCode::Busy;
    return outcome;
}

bool is_page(Fetched const& fetched)
{
    std::string const type = ascii_lower(fetched.headers.get("Content-Type").value_or("text/html"));
    return type.starts_with("text/") || type.find("html") != std::string::npos || type.find("xml") != std::string::npos;
}

}  // namespace

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
        Url target = url.without_fragment();
        if (!target.has_credentials() && comparison_key(target) != self_key && seen.insert(target.str()).second)
            targets.push_back(std::move(target));
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
            jobs.emplace_back(id, std::move(host), [this, sent = std::move(sent)]() mutable { return deliver(std::move(sent)); });
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

Task<Result<void>> PingSender::announce(Entry entry)
{
    auto const site = sites_.find(entry.site);
    if (!site || entry.status != EntryStatus::Published)
        co_return Result<void>();
    std::vector<Url> targets;
    for (Url& target : targets_of(*site, entry)) {
        // Any of its own addresses is the entry itself.
        CO_TRY(std::optional<AddressOwner> const owner, entry_at(store_, *site, target));
        if (!owner || owner->entry != entry.id)
            targets.push_back(std::move(target));
    }
    if (targets.empty())
        co_return Result<void>();
    Result<void> const queued = co_await store_.queue_sent(entry.id, std::move(targets), version_of(*site, entry));
    wake();
    co_return queued;
}

Task<Result<Discovered>> PingSender::discover(Url target, Deadline deadline)
{
    FetchRequest request(target);
    CO_TRY(Fetched const fetched, co_await fetcher_.fetch(std::move(request), deadline));
    if (fetched.status == 408 || fetched.status == 429 || fetched.status >= 500)
        co_return failure(ErrorCode::Unavailable, fmt::format("the target answers HTTP {} for now", fetched.status));
    if (fetched.status < 200 || fetched.status >= 300)
        co_return failure(ErrorCode::Refused, fmt::format("the target answers HTTP {}", fetched.status));
    Discovered discovered(fetched.url);
    std::vector<std::string> link_headers;
    for (auto const& value : fetched.headers.all("Link"))
        link_headers.emplace_back(value);
    std::string const content_type(fetched.headers.get("Content-Type").value_or(""));
    std::string const html = is_page(fetched) ? markup::decoded_html(fetched.body, content_type) : std::string();
    discovered.trackback = trackback::discover(html, link_headers, fetched.url, target);
    co_return discovered;
}

Task<SentOutcome> PingSender::send(PingText text, Url target, bool is_endpoint, Deadline deadline)
{
    Result<Discovered> const discovered = co_await discover(target, deadline);
    std::optional<Url> endpoint;
    if (discovered && !discovered->trackback.empty())
        endpoint = discovered->trackback.front().url;
    else if (is_endpoint)
        endpoint = target;
    else if (!discovered)
        co_return outcome_of_error(discovered.error());
    if (!endpoint) {
        SentOutcome nothing;
        nothing.state = SentState::NoEndpoint;
        nothing.message = "the page names no endpoint";
        co_return nothing;
    }

    FetchRequest request(*endpoint);
    request.post = true;
    request.content_type = "application/x-www-form-urlencoded; charset=utf-8";
    request.accept = "text/xml, application/xml;q=0.9, */*;q=0.1";
    FormFields const fields = {{"title", text.title}, {"url", text.url}, {"excerpt", text.excerpt}, {"blog_name", text.blog_name}};
    request.body = form_encoded(fields);
    Result<Fetched> const answer = co_await fetcher_.fetch(std::move(request), deadline);
    SentOutcome outcome;
    if (!answer) {
        outcome = outcome_of_error(answer.error());
    } else if (auto const reply = trackback::read_reply(answer->status, answer->headers.get("Content-Type").value_or(""), answer->body);
        !reply) {
        outcome = outcome_of_error(reply.error());
        if (reply.error().code == ErrorCode::NotFound)
            outcome.state = SentState::Failed;  // the endpoint's own 404, not a name that may come back
    } else if (reply->accepted) {
        outcome.state = SentState::Accepted;
    } else {
        outcome.state = reply->may_pass ? SentState::Queued : SentState::Refused;
        outcome.message = reply->message;
    }
    outcome.endpoint = endpoint->str();
    outcome.protocol = "trackback";
    co_return outcome;
}

Task<void> PingSender::deliver(Sent sent)
{
    auto const entry = store_.entry(sent.entry);
    std::shared_ptr<Site const> const site = entry && entry->has_value() ? sites_.find((*entry)->site) : nullptr;
    SentOutcome outcome;
    if (!site || !has_page((*entry)->status)) {
        outcome.message = "the entry is no longer published";
    } else {
        bool const is_endpoint =
            std::find((*entry)->trackbacks.begin(), (*entry)->trackbacks.end(), sent.target.str()) != (*entry)->trackbacks.end();
        outcome = co_await send(ping_text(*site, **entry), sent.target, is_endpoint, Deadline::in(std::chrono::minutes(2)));
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
    if (Result<void> const finished = co_await store_.finish_sent(sent.id, std::move(outcome)); !finished)
        log_.error(fmt::format("{}: {}", told, finished.error().text));
    else
        log_.info(told);
}

}  // namespace backtalk
