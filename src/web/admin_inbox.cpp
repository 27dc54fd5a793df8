#include "web/admin_inbox.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/addresses.h"
#include "base/counted.h"
#include "base/text.h"
#include "web/decided_message.h"

namespace backtalk::web {

namespace {

/// What a button of an item says: "approve m17".
struct Order {
    std::string deed;
    std::vector<std::string> keys;
};

Order order_of(AdminVisit const& visit)
{
    Order order;
    if (std::string_view const item = visit.field("item"); !item.empty()) {
        std::size_t const blank = item.find(' ');
        order.deed = item.substr(0, blank);
        if (blank != std::string_view::npos)
            order.keys.emplace_back(item.substr(blank + 1));
        return order;
    }
    order.deed = visit.field("do");
    for (std::string_view const key : visit.all("pick"))
        order.keys.emplace_back(key);
    return order;
}

/// The page that a form came from.
InboxQuery query_of(AdminVisit const& visit) { return InboxQuery::parse(visit.field("back")); }

/// In what state that page showed what it showed. Nothing: there was no page, or who decides knows better by now.
std::optional<MentionState> seen_by(AdminVisit const& visit)
{
    return visit.has("back") && !visit.has("anyway") ? query_of(visit).state : std::nullopt;
}

Error nothing_chosen()
{
    return Error(ErrorCode::Malformed, "nothing is chosen: tick the boxes of what you mean, or use the buttons of one item");
}

}  // namespace

void AdminInbox::add_to(AdminTable& table)
{
    table.get("inbox", Action::ReadInbox, *this, &AdminInbox::show);
    table.get("inbox/count", Action::ReadInbox, *this, &AdminInbox::count);
    table.get("inbox/{id}", Action::ReadInbox, *this, &AdminInbox::detail);
    table.post("inbox", Action::Moderate, *this, &AdminInbox::decide);
    frame_.set_waiting([this] { return inbox_.count_held().value_or(0); });
}

http::Response AdminInbox::show(AdminVisit const& visit)
{
    View view(schema<InboxPageSchema>());
    if (Result<void> const filled = fill(view, visit, InboxQuery::parse(visit.request.query)); !filled)
        return frame_.out_of_order(visit, filled.error());
    return frame_.page(visit, std::move(view), "Inbox");
}

/// For the script of the pages, which asks now and then: {"held":3}
http::Response AdminInbox::count(AdminVisit const& visit)
{
    Result<std::int64_t> const held = inbox_.count_held();
    if (!held)
        return frame_.out_of_order(visit, held.error());
    return http::Response(200, "application/json", fmt::format("{{\"held\":{}}}\n", *held));
}

Result<AdminInbox::Chosen> AdminInbox::chosen(std::vector<std::string> const& keys, InboxQuery const& query)
{
    Chosen chosen;
    for (std::string const& key : keys) {
        std::string_view const digits = std::string_view(key).substr(std::min<std::size_t>(key.size(), 1));
        // Of a campaign "c5u17": as far as the page showed it.
        std::size_t const end = std::min(digits.find('u'), digits.size());
        auto const number = parse_integer<std::int64_t>(digits.substr(0, end));
        auto const newest = parse_integer<std::int64_t>(digits.substr(std::min(end + 1, digits.size())));
        if (!number || *number <= 0 || newest.has_value() != key.starts_with('c'))
            return std::unexpected(nothing_chosen());
        if (key[0] == 'm') {
            chosen.mentions.emplace_back(*number);
        } else if (key[0] == 'c' && query.state) {
            TRY(std::vector<MentionId> const campaign, inbox_.campaign_mentions(*number, *query.state, query.filter, MentionId(*newest)));
            chosen.mentions.insert(chosen.mentions.end(), campaign.begin(), campaign.end());
        } else if (key[0] == 'p') {
            chosen.pings.emplace_back(*number);
        } else {
            return std::unexpected(nothing_chosen());
        }
    }
    if (chosen.size() == 0)
        return std::unexpected(nothing_chosen());
    return chosen;
}

Task<http::Response> AdminInbox::decide(AdminVisit visit)
{
    InboxQuery const query = query_of(visit);
    std::string next = visit.place.at("inbox?" + query.str());
    Order const order = order_of(visit);
    Result<Chosen> found = chosen(order.keys, query);
    if (!found)
        co_return frame_.failed(visit, next, found.error());
    Chosen what = *std::move(found);
    // Where the eye goes on: the script names the item after the one that goes.
    if (std::string_view const focus = visit.field("focus"); !focus.empty() && std::all_of(focus.begin(), focus.end(), is_ascii_alnum))
        next += fmt::format("#{}", focus);
    if (auto const decision = decision_named(order.deed))
        co_return co_await judge(std::move(visit), std::move(what), *decision, std::move(next));
    if (order.deed == "block-host")
        co_return co_await block(std::move(visit), std::move(what), BlockKind::Host, std::move(next));
    if (order.deed == "block-author")
        co_return co_await block(std::move(visit), std::move(what), BlockKind::Author, std::move(next));
    if (order.deed == "recheck")
        co_return co_await recheck(std::move(visit), std::move(what), std::move(next));
    Error const unknown(ErrorCode::Malformed, "nothing was done: choose what to do with what is ticked");
    co_return frame_.failed(visit, next, unknown);
}

Task<Result<AdminMessage>> AdminInbox::decided(AdminVisit visit, Chosen chosen, Decision decision)
{
    std::optional<MentionState> const seen = seen_by(visit);
    CO_TRY(Decided const done, co_await moderator_.decide(std::move(chosen.mentions), decision, visit.user().name.str(), seen));
    if (done.withdrawn > 0)
        wake_checker_();
    if (done.mentions > 0) {
        std::string what = counted(done.mentions, "a mention", "mentions");
        Activity activity(visit.actor(), std::string(past_of(decision)), what);
        CO_TRY_DONE(co_await people_.note(std::move(activity)));
    }
    co_return decided_message(visit.place, done, decision, visit.field("back"));
}

Task<http::Response> AdminInbox::judge(AdminVisit visit, Chosen chosen, Decision decision, std::string next)
{
    if (chosen.mentions.empty()) {
        Error const refused(ErrorCode::Malformed,
            "a refused ping is no mention, so there is nothing to decide: its source did not link here when it was read");
        co_return frame_.failed(visit, next, refused);
    }
    Result<AdminMessage> message = co_await decided(visit, std::move(chosen), decision);
    if (!message)
        co_return frame_.failed(visit, next, message.error());
    AdminMessage shown = *std::move(message);
    co_return frame_.done(visit, next, std::move(shown));
}

/// Whom these are from is not seen again, and they go to spam.
Task<http::Response> AdminInbox::block(AdminVisit visit, Chosen chosen, BlockKind kind, std::string next)
{
    std::string const actor = visit.user().name.str();
    bool const by_host = kind == BlockKind::Host;
    Result<std::vector<std::pair<SiteId, std::string>>> const hosts = hosts_of(chosen.pings);
    if (!hosts)
        co_return frame_.failed(visit, next, hosts.error());
    if (!by_host && chosen.mentions.empty()) {
        Error const refused(ErrorCode::Malformed, "nobody read the source of a refused ping for its author: block its host");
        co_return frame_.failed(visit, next, refused);
    }
    std::set<std::int64_t> blocks;
    for (MentionId const id : chosen.mentions) {
        Task<Result<BlockId>> blocking = by_host ? moderator_.block_host_of(id, actor) : moderator_.block_author_of(id, actor);
        Result<BlockId> const done = co_await std::move(blocking);
        if (!done)
            co_return frame_.failed(visit, next, done.error());
        blocks.insert(done->value);
    }
    for (auto const& [site, host] : *hosts) {
        Result<BlockId> const done = co_await moderator_.block(site, BlockKind::Host, host, actor);
        if (!done)
            co_return frame_.failed(visit, next, done.error());
        blocks.insert(done->value);
    }
    std::string const what = counted(blocks.size(), by_host ? "a host" : "an author", by_host ? "hosts" : "authors");
    Activity activity(visit.actor(), "blocked", what);
    Result<void> const noted = co_await people_.note(std::move(activity));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    std::string const sentence = fmt::format("{} {} blocked: what comes from there is spam from now on.",
        counted(blocks.size(), by_host ? "The host" : "The author", by_host ? "hosts" : "authors"), blocks.size() == 1 ? "is" : "are");
    if (chosen.mentions.empty() || query_of(visit).state == MentionState::Spam)
        co_return frame_.done(visit, next, sentence);
    Result<AdminMessage> decided_too = co_await decided(visit, std::move(chosen), Decision::Spam);
    if (!decided_too)
        co_return frame_.failed(visit, next, decided_too.error());
    AdminMessage message = *std::move(decided_too);
    message.text = fmt::format("{} {}", sentence, message.text);
    co_return frame_.done(visit, next, std::move(message));
}

Result<std::vector<std::pair<SiteId, std::string>>> AdminInbox::hosts_of(std::vector<PingId> const& pings)
{
    std::vector<std::pair<SiteId, std::string>> hosts;
    for (PingId const id : pings) {
        TRY(std::optional<Ping> const ping, store_.ping(id));
        TRY(std::optional<Entry> const entry, ping ? store_.entry(ping->entry) : Result<std::optional<Entry>>(std::nullopt));
        if (!entry)
            return failure(ErrorCode::NotFound, "the ping is no longer there: look at the list again");
        hosts.emplace_back(entry->site, std::string(ping->source.host()));
    }
    return hosts;
}

Task<http::Response> AdminInbox::recheck(AdminVisit visit, Chosen chosen, std::string next)
{
    std::size_t const count = chosen.mentions.size();
    if (count == 0) {
        Error const refused(ErrorCode::Malformed, "a refused ping is not read again: its sender can send it once more");
        co_return frame_.failed(visit, next, refused);
    }
    Result<void> const queued = co_await store_.recheck_mentions(std::move(chosen.mentions));
    if (!queued)
        co_return frame_.failed(visit, next, queued.error());
    wake_checker_();
    co_return frame_.done(visit, next, fmt::format("{} will be read again in a moment.", counted(count, "The source", "sources")));
}

}  // namespace backtalk::web
