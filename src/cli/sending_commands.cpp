#include <fmt/format.h>

#include "app/addresses.h"
#include "async/task_group.h"
#include "base/text.h"
#include "cli/commands.h"
#include "trackback/message.h"
#include "weblog/source_page.h"

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

/// What a page that is not ours says of itself, and the pages it links to.
struct ForeignPage {
    PingText text;
    std::vector<Url> targets;
};

Result<ForeignPage> read_foreign_page(Home& home, Url const& url)
{
    FetchRequest request(url);
    TRY(Fetched const fetched, run_blocking(home.pool, home.fetcher.fetch(std::move(request), Deadline::in(std::chrono::minutes(1)))));
    if (fetched.status != 200)
        return failure(
            ErrorCode::Refused, fmt::format("{} answers HTTP {}: give the address of a page that is there", url.str(), fetched.status));
    TRY(SourcePage const page, read_source(fetched.body, fetched.headers.get("Content-Type").value_or(""), fetched.url));
    ForeignPage foreign;
    foreign.text.url = page.canonical.value_or(page.url).str();
    foreign.text.title = page.title;
    foreign.text.blog_name = page.site_name;
    foreign.text.excerpt = cut_at_word(page.description.empty() ? page.text : page.description, trackback::field_characters_max);
    std::vector<std::string> seen = {comparison_key(page.url), comparison_key(url)};
    for (SourceLink const& link : page.links) {
        if (link.element != LinkElement::A && link.element != LinkElement::Area && link.element != LinkElement::Blockquote &&
            link.element != LinkElement::Q)
            continue;
        std::string key = comparison_key(link.url);
        if (std::find(seen.begin(), seen.end(), key) != seen.end())
            continue;
        seen.push_back(std::move(key));
        foreign.targets.push_back(link.url);
    }
    return foreign;
}

Result<void> send_page(Home& home, Options const& options, Streams& streams)
{
    TRY(Url const url, Url::parse(options.url));
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
        TRY(ForeignPage foreign, read_foreign_page(home, url));
        text = std::move(foreign.text);
        targets = std::move(foreign.targets);
    }
    if (targets.empty() && !options.quiet && !options.json)
        streams.error(fmt::format("backtalk: {} links to no other page: there is nobody to tell\n", url.str()));
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
