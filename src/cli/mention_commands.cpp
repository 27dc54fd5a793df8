#include <fmt/format.h>

#include "app/verdict_json.h"
#include "async/task_group.h"
#include "base/text.h"
#include "cli/commands.h"

namespace backtalk::cli {

namespace {

JsonLine json_of(StoredMention const& stored)
{
    Listing const& listing = stored.mention.listing();
    std::vector<std::string> origins;
    for (Origin const origin : stored.origins)
        origins.emplace_back(to_word(origin));
    JsonLine line;
    line.add("id", stored.id.value)
        .add("entry", stored.entry.value)
        .add("state", to_word(stored.state))
        .add("type", to_word(stored.mention.type()));
    line.add_list("origins", origins).add("source", stored.source).add("url", stored.mention.url().str()).add("title", listing.title);
    line.add("excerpt", listing.excerpt)
        .add("site_name", listing.site_name)
        .add("author", listing.author_name)
        .add("author_url", listing.author_url);
    if (listing.published)
        line.add("published", rfc3339(*listing.published, listing.published_offset));
    else
        line.add_null("published");
    line.add("received", rfc3339(stored.received));
    if (stored.verified)
        line.add("verified", rfc3339(*stored.verified));
    else
        line.add_null("verified");
    return line.add("note", stored.note);
}

/// What only `mentions show` tells.
void add_words(JsonLine& line, Listing const& listing)
{
    line.add("author_photo", listing.author_photo)
        .add("content", listing.content_text)
        .add("content_html", listing.content_html)
        .add("summary", listing.summary)
        .add("rsvp", listing.rsvp);
    line.add_list("syndication", listing.syndication).add_list("photos", listing.photos);
    std::vector<std::string> responses;
    for (NestedResponse const& each : listing.responses) {
        JsonLine response;
        response.add("type", to_word(each.type)).add("url", each.url).add("author", each.author_name).add("author_url", each.author_url);
        response.add("text", each.text);
        if (each.published)
            response.add("published", rfc3339(*each.published, each.published_offset));
        else
            response.add_null("published");
        responses.push_back(response.object());
    }
    line.add_objects("responses", responses);
}

/// Null where the judge was never asked: of what an archive brought.
void add_verdict(JsonLine& line, Result<judge::Verdict> const& judged)
{
    if (!judged) {
        line.add_null("outcome").add_null("score").add_objects("reasons", {});
        return;
    }
    std::vector<std::string> reasons;
    for (judge::Reason const& reason : judged->reasons)
        reasons.push_back(JsonLine().add("name", reason.name).add_real("weight", reason.weight).add("sentence", reason.sentence).object());
    line.add("outcome", to_word(judged->outcome)).add_real("score", judged->score).add_objects("reasons", reasons);
}

JsonLine json_of(Ping const& ping)
{
    JsonLine line;
    line.add("id", ping.id.value)
        .add("entry", ping.entry.value)
        .add("source", ping.source_as_received)
        .add("target", ping.target_as_received);
    line.add("origin", to_word(ping.origin))
        .add("state", to_word(ping.state))
        .add("reason", ping.reason)
        .add("received", rfc3339(ping.received));
    line.add("title", ping.title)
        .add("excerpt", ping.excerpt)
        .add("blog_name", ping.blog_name)
        .add("sender", ping.sender)
        .add("attempts", std::int64_t(ping.attempts));
    if (ping.state == PingState::Queued)
        line.add("next_try", rfc3339(ping.next_try));
    if (ping.mention)
        line.add("mention", ping.mention->value);
    else
        line.add_null("mention");
    return line;
}

Result<void> list_mentions(Home& home, Options const& options, Streams& streams)
{
    MentionQuery query;
    if (auto const state = mention_state_named(options.state))
        query.states = {*state};
    if (!options.site.empty()) {
        TRY(auto const site, chosen_site(home, options));
        query.site = site->id;
    }
    if (options.entry)
        query.entry = EntryId(*options.entry);
    query.limit = options.limit.value_or(SIZE_MAX);
    TRY(std::vector<StoredMention> const mentions, home.store.mentions(query));
    for (StoredMention const& stored : mentions) {
        if (options.json)
            streams.print(json_of(stored).str());
        else
            streams.print(fmt::format("{:>6}  {:<9}  entry {:<6}  {}  {}\n", stored.id.value, to_word(stored.state), stored.entry.value,
                stored.mention.url().str(), stored.mention.listing().title));
    }
    return {};
}

Result<void> list_pings(Home& home, Options const& options, Streams& streams)
{
    PingQuery query;
    query.state = ping_state_named(options.state);
    if (options.entry)
        query.entry = EntryId(*options.entry);
    query.limit = options.limit.value_or(SIZE_MAX);
    TRY(std::vector<Ping> const pings, home.store.pings(query));
    for (Ping const& ping : pings) {
        if (options.json)
            streams.print(json_of(ping).str());
        else
            streams.print(fmt::format("{:>6}  {}  {:<8}  entry {:<6}  {}{}{}\n", ping.id.value, rfc3339(ping.received), to_word(ping.state),
                ping.entry.value, ping.source.str(), ping.reason.empty() ? "" : "  ", ping.reason));
    }
    return {};
}

Result<void> show_mention(Home& home, Options const& options, Streams& streams)
{
    MentionId const id(options.ids.front());
    TRY(std::optional<StoredMention> const stored, home.store.mention(id));
    if (!stored)
        return failure(ErrorCode::NotFound, fmt::format("there is no mention {}: see backtalk mentions list", id.value));
    PingQuery query;
    query.mention = id;
    TRY(std::vector<Ping> const pings, home.store.pings(query));
    TRY(std::string const kept, home.store.verdict(id));
    Result<judge::Verdict> const judged = read_verdict(kept);
    if (options.json) {
        std::vector<std::string> objects;
        for (Ping const& ping : pings)
            objects.push_back(json_of(ping).object());
        JsonLine line = json_of(*stored);
        add_words(line, stored->mention.listing());
        add_verdict(line, judged);
        streams.print(line.add_objects("pings", objects).str());
        return {};
    }
    Listing const& listing = stored->mention.listing();
    streams.print(fmt::format("» {}{}{}\n  {}\n  {}\n", listing.title, listing.site_name.empty() ? "" : " from ", listing.site_name,
        stored->mention.url().str(), listing.excerpt));
    streams.print(fmt::format("  mention {} of entry {}: {}, {}\n", id.value, stored->entry.value, to_word(stored->state), stored->note));
    for (Ping const& ping : pings)
        streams.print(
            fmt::format("  ping {} by {} on {}: {}\n", ping.id.value, to_word(ping.origin), rfc3339(ping.received), to_word(ping.state)));
    if (judged) {
        streams.print(fmt::format("  judged {} with a score of {:.2f}:\n", to_word(judged->outcome), judged->score));
        for (judge::Reason const& reason : judged->reasons)
            streams.print(fmt::format("  {:>+7.2f}  {}: {}\n", reason.weight, reason.name, reason.sentence));
    }
    return {};
}

Result<void> show_ping(Home& home, Options const& options, Streams& streams)
{
    PingId const id(options.ids.front());
    TRY(std::optional<Ping> const ping, home.store.ping(id));
    if (!ping)
        return failure(ErrorCode::NotFound, fmt::format("there is no ping {}: see backtalk pings list", id.value));
    if (options.json) {
        streams.print(json_of(*ping).str());
        return {};
    }
    streams.print(fmt::format("ping {} for entry {} by {}\n  source  {}\n  target  {}\n  title   {}\n  from    {}\n  excerpt {}\n  sender  "
                              "{} on {}\n  state   {}{}{}\n",
        id.value, ping->entry.value, to_word(ping->origin), ping->source_as_received, ping->target_as_received, ping->title,
        ping->blog_name, ping->excerpt, ping->sender, rfc3339(ping->received), to_word(ping->state), ping->reason.empty() ? "" : ": ",
        ping->reason));
    return {};
}

std::vector<MentionId> mention_ids(Options const& options)
{
    std::vector<MentionId> ids;
    for (std::int64_t const id : options.ids)
        ids.emplace_back(id);
    return ids;
}

}  // namespace

Result<void> run_mentions_command(Home& home, Options const& options, Streams& streams)
{
    std::string const& command = options.command;
    if (command == "mentions list")
        return list_mentions(home, options, streams);
    if (command == "mentions show")
        return show_mention(home, options, streams);
    if (command == "pings list")
        return list_pings(home, options, streams);
    if (command == "pings show")
        return show_ping(home, options, streams);
    if (command == "mentions recheck") {
        TRY_DONE(run_blocking(home.pool, home.store.recheck_mentions(mention_ids(options))));
        home.checker.wake();
        return {};
    }
    Decision const decision = decision_named(std::string_view(command).substr(std::string_view("mentions ").size())).value();
    TRY(Decided const decided, run_blocking(home.pool, home.moderator.decide(mention_ids(options), decision, "command line")));
    if (decided.withdrawn > 0) {
        home.checker.wake();
        streams.print(
            fmt::format("{} did not link here any more when last read: read again now, and shown if that changed\n", decided.withdrawn));
    }
    return {};
}

}  // namespace backtalk::cli
