#include <algorithm>

#include <fmt/format.h>

#include "app/addresses.h"
#include "app/foreign_page.h"
#include "async/task_group.h"
#include "base/text.h"
#include "cli/commands.h"

namespace backtalk::cli {

namespace {

std::string_view found_by(trackback::Endpoint::Found found)
{
    using enum trackback::Endpoint::Found;
    switch (found) {
    case Rdf: return "RDF";
    case LinkHeader: return "Link header";
    case LinkElement: return "link element";
    case Anchor: return "a element";
    }
    return {};
}

std::string_view found_by(webmention::Endpoint::Found found)
{
    using enum webmention::Endpoint::Found;
    switch (found) {
    case LinkHeader: return "Link header";
    case LinkElement: return "link element";
    case Anchor: return "a element";
    }
    return {};
}

/// An endpoint as `discover` lists it.
struct ListedEndpoint {
    Protocol protocol;
    std::string url;
    std::string_view found;
};

std::vector<ListedEndpoint> endpoints_of(Discovered const& discovered)
{
    std::vector<ListedEndpoint> all;
    if (discovered.webmention)
        all.push_back({Protocol::Webmention, discovered.webmention->url.str(), found_by(discovered.webmention->found)});
    if (discovered.pingback)
        all.push_back({Protocol::Pingback, discovered.pingback->str(), "X-Pingback or link element"});
    for (auto const& endpoint : discovered.trackback)
        all.push_back({Protocol::Trackback, endpoint.url.str(), found_by(endpoint.found)});
    return all;
}

Result<void> list_sent(Home& home, Options const& options, Streams& streams)
{
    TRY(std::vector<Sent> const all, home.store.sent_of(options.entry ? std::optional(EntryId(*options.entry)) : std::nullopt));
    for (Sent const& sent : all) {
        bool const waits = sent.last.state == SentState::Queued;
        if (options.json) {
            JsonLine line;
            line.add("id", sent.id.value)
                .add("entry", sent.entry.value)
                .add("target", sent.target.str())
                .add("endpoint", sent.last.endpoint);
            line.add("protocol", sent.last.protocol).add("outcome", to_word(sent.last.state)).add("message", sent.last.message);
            line.add("attempts", std::int64_t(sent.attempts)).add("updated", rfc3339(sent.updated));
            if (waits)
                line.add("next_try", rfc3339(sent.last.next_try));
            else
                line.add_null("next_try");
            streams.print(line.str());
        } else {
            streams.print(fmt::format("{:>6}  entry {:<6}  {:<11}  {}{}{}{}\n", sent.id.value, sent.entry.value, to_word(sent.last.state),
                sent.target.str(), sent.last.message.empty() ? "" : "  ", sent.last.message,
                waits ? "  next try " + rfc3339(sent.last.next_try) : ""));
        }
    }
    return {};
}

void print_outcome(Options const& options, Streams& streams, Url const& target, SentOutcome const& outcome)
{
    if (options.json)
        streams.print(JsonLine()
                .add("target", target.str())
                .add("protocol", outcome.protocol)
                .add("endpoint", outcome.endpoint)
                .add("outcome", to_word(outcome.state))
                .add("message", outcome.message)
                .str());
    else
        streams.print(fmt::format("{}  {}  {}{}{}\n", target.str(), outcome.protocol.empty() ? "-" : outcome.protocol,
            to_word(outcome.state), outcome.message.empty() ? "" : ": ", outcome.message));
}

/// A page of no site of this home: told at once, nothing is kept.
Result<ForeignPage> read_page_of_others(Home& home, Url const& url)
{
    FetchRequest request(url);
    TRY(Fetched const fetched, run_blocking(home.pool, home.fetcher.fetch(std::move(request), Deadline::in(std::chrono::minutes(1)))));
    if (fetched.status != 200)
        return failure(
            ErrorCode::Refused, fmt::format("{} answers HTTP {}: give the address of a page that is there", url.str(), fetched.status));
    return read_foreign_page(fetched);
}

void say_nobody(Options const& options, Streams& streams, Url const& url)
{
    if (!options.quiet && !options.json)
        streams.error(fmt::format("backtalk: {} links to no other page: there is nobody to tell\n", url.str()));
}

/// A page of an external site of this home: who was told of it as it is now is not told again, who is no longer linked to is.
Result<void> send_external(Home& home, std::shared_ptr<Site const> const& site, Url const& url, Options const& options, Streams& streams)
{
    constexpr std::chrono::minutes ours(10);  // for that long a server's own sender leaves alone what is sent here
    std::optional<Protocol> const wanted = protocol_named(options.protocol);
    TRY(EntryId const known, run_blocking(home.pool, home.store.add_page(site->id, door_of_page(*site, url)->subject, home.clock.now())));
    TRY(std::optional<Entry> entry, home.store.entry(known));
    if (!entry)
        return failure(ErrorCode::Conflict, fmt::format("{} has just been removed: try again", url.str()));
    TRY(EntryId const id, run_blocking(home.pool, home.sender.announce_page(*std::move(entry), ours)));
    TRY(std::vector<Sent> all, home.store.sent_of(id));
    std::reverse(all.begin(), all.end());  // in the order of the page
    bool anybody = false;
    for (Sent& sent : all) {
        bool const again = sent.last.state == SentState::Queued || (wanted && sent.linked);
        if (!again && !sent.linked)
            continue;
        anybody = true;
        Url const target = sent.target;
        SentOutcome outcome = sent.last;
        if (again) {
            streams.progress(fmt::format("asking {}", target.str()));
            outcome = run_blocking(home.pool, home.sender.deliver(std::move(sent), wanted));
            streams.end_progress();
        } else {
            outcome.message = "told before, and the page has not changed since";
        }
        print_outcome(options, streams, target, outcome);
    }
    if (!anybody)
        say_nobody(options, streams, url);
    return {};
}

Result<void> send_page(Home& home, Options const& options, Streams& streams)
{
    TRY(Url const url, Url::parse(options.url));
    if (auto const site = home.sites.find_holding(url); site && site->kind == SiteKind::External)
        return send_external(home, site, url.without_fragment(), options, streams);
    std::optional<Protocol> const wanted = protocol_named(options.protocol);  // empty: the best that each page offers
    PingText text;
    std::vector<Url> targets;
    std::vector<std::string> endpoints;
    bool ours = false;
    for (auto const& site : home.sites.all()) {
        TRY(std::optional<AddressOwner> const owner, entry_at(home.store, *site, url));
        if (!owner || !has_page(owner->status))
            continue;
        TRY(std::optional<Entry> const entry, home.store.entry(owner->entry));
        text = ping_text(*site, *entry);
        targets = targets_of(*site, *entry);
        endpoints = entry->trackbacks;
        ours = true;
        break;
    }
    if (!ours) {
        TRY(ForeignPage page, read_page_of_others(home, url));
        text = PingText{page.url.str(), std::move(page.title), std::move(page.excerpt), std::move(page.site_name)};
        targets = std::move(page.targets);
    }
    if (targets.empty())
        say_nobody(options, streams, url);
    for (Url const& target : targets) {
        streams.progress(fmt::format("asking {}", target.str()));
        Telling telling(text, target);
        telling.is_endpoint = std::find(endpoints.begin(), endpoints.end(), target.str()) != endpoints.end();
        telling.protocol = wanted;
        SentOutcome outcome = run_blocking(home.pool, home.sender.send(std::move(telling), Deadline::in(std::chrono::minutes(1))));
        if (outcome.state == SentState::Queued)
            outcome.state = SentState::Failed;  // nothing waits behind this command
        streams.end_progress();
        print_outcome(options, streams, target, outcome);
    }
    return {};
}

Result<void> discover(Home& home, Options const& options, Streams& streams)
{
    TRY(Url const url, Url::parse(options.url));
    TRY(Discovered const discovered, run_blocking(home.pool, home.sender.discover(url, Deadline::in(std::chrono::minutes(1)))));
    std::vector<ListedEndpoint> const found = endpoints_of(discovered);
    auto const used = discovered.best();
    if (options.json) {
        std::vector<std::string> endpoints;
        for (ListedEndpoint const& each : found)
            endpoints.push_back(
                JsonLine().add("protocol", to_word(each.protocol)).add("endpoint", each.url).add("found", each.found).object());
        JsonLine line;
        line.add("url", url.str()).add("page", discovered.page.str()).add_objects("endpoints", endpoints);
        if (used)
            line.add("used", used->endpoint.str()).add("protocol", to_word(used->protocol));
        else
            line.add_null("used").add_null("protocol");
        streams.print(line.str());
        return {};
    }
    if (found.empty())
        streams.print("no endpoint\n");
    bool first = true;
    for (ListedEndpoint const& each : found) {
        streams.print(fmt::format("{:<10}  {}  ({}){}\n", to_word(each.protocol), each.url, each.found, first ? "  <- used" : ""));
        first = false;
    }
    return {};
}

}  // namespace

Result<void> run_sending_command(Home& home, Options const& options, Streams& streams)
{
    if (options.command == "sent list")
        return list_sent(home, options, streams);
    if (options.command == "send")
        return send_page(home, options, streams);
    if (options.command == "discover")
        return discover(home, options, streams);
    std::vector<SentId> ids;
    for (std::int64_t const id : options.ids)
        ids.emplace_back(id);
    TRY_DONE(run_blocking(home.pool, home.store.retry_sent(std::move(ids))));
    home.sender.wake();
    return {};
}

}  // namespace backtalk::cli
