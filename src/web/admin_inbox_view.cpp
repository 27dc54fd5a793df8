#include "web/admin_inbox.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "app/entry_html.h"
#include "web/admin_desk.h"
#include "web/mention_models.h"

// How the inbox shows what it shows; what it does is in admin_inbox.cpp.

namespace backtalk::web {

namespace {

struct Deed {
    std::string_view word;
    std::string_view label;
    std::string_view shortcut;
};

constexpr Deed approve{"approve", "Approve", "a"};
constexpr Deed reject{"reject", "Reject", "r"};
constexpr Deed spam{"spam", "Spam", "s"};
constexpr Deed remove{"delete", "Delete", "d"};
constexpr Deed recheck{"recheck", "Read its source again", ""};
constexpr Deed block_host{"block-host", "Block its host", ""};
constexpr Deed block_author{"block-author", "Block its author", ""};

struct Deeds {
    std::vector<Deed> usual;
    std::vector<Deed> seldom;
};

Deeds deeds_in(std::optional<MentionState> state)
{
    if (!state)
        return {{block_host}, {}};
    switch (*state) {
    case MentionState::Held: return {{approve, reject, spam, remove}, {recheck, block_host, block_author}};
    case MentionState::Published: return {{reject, spam, remove}, {recheck, block_host, block_author}};
    case MentionState::Spam: return {{approve, reject, remove}, {block_host, block_author}};
    case MentionState::Gone: return {{remove}, {recheck}};
    case MentionState::Deleted: break;
    }
    return {{approve, spam}, {block_host, block_author}};
}

std::string_view name_of(std::optional<MentionState> state)
{
    if (!state)
        return "Refused";
    switch (*state) {
    case MentionState::Held: return "Held";
    case MentionState::Published: return "Published";
    case MentionState::Spam: return "Spam";
    case MentionState::Gone: return "Gone";
    case MentionState::Deleted: break;
    }
    return "Deleted";
}

std::string_view nothing_in(std::optional<MentionState> state)
{
    if (!state)
        return "No ping was refused.";
    switch (*state) {
    case MentionState::Held: return "Nothing waits for you.";
    case MentionState::Published: return "Nobody has linked here yet.";
    case MentionState::Spam: return "No spam.";
    case MentionState::Gone: return "No source has gone away.";
    case MentionState::Deleted: break;
    }
    return "Nothing was rejected or deleted.";
}

void add_deeds(View& view, ListField const& list, std::vector<Deed> const& deeds)
{
    auto const& fields = schema<InboxDeedSchema>();
    for (Deed const& deed : deeds)
        view.add(list)
            .set(fields.word, deed.word)
            .set(fields.label, deed.label)
            .set(fields.shortcut, deed.shortcut)
            .set(fields.is_danger, deed.word == remove.word || deed.word == spam.word);
}

/// The heaviest first, at most so many.
void add_reasons(View& item, judge::Verdict const& verdict, std::size_t reasons_max)
{
    auto const& fields = schema<InboxItemSchema>();
    auto const& reason = schema<ReasonSchema>();
    item.set(fields.has_reasons, !verdict.reasons.empty());
    for (std::size_t i = 0; i < std::min(verdict.reasons.size(), reasons_max); ++i) {
        judge::Reason const& each = verdict.reasons[i];
        bool const is_against = each.weight > 0;
        item.add(fields.reasons)
            .set(reason.sentence, each.sentence)
            .set(reason.weight, fmt::format("{}{:.1f}", is_against ? "+" : "\u2212", std::abs(each.weight)))
            .set(reason.is_against, is_against);
    }
}

void fill_received(View& item, Instant received)
{
    auto const& fields = schema<InboxItemSchema>();
    item.set(fields.received, shown_time(received)).set(fields.received_iso, rfc3339(received));
}

}  // namespace

Result<void> AdminInbox::fill(View& view, AdminVisit const& visit, InboxQuery const& query)
{
    auto const& fields = schema<InboxPageSchema>();
    auto const& tab = schema<InboxTabSchema>();
    auto const at = [&](InboxQuery const& other) { return visit.place.at("inbox?" + other.str()); };
    TRY(InboxCounts const counts, inbox_.inbox_counts(query.filter));
    std::array<std::pair<std::optional<MentionState>, std::int64_t>, 6> const parts = {
        {{MentionState::Held, counts.held}, {MentionState::Published, counts.published}, {MentionState::Spam, counts.spam},
            {MentionState::Gone, counts.gone}, {MentionState::Deleted, counts.deleted}, {std::nullopt, counts.refused}}};
    for (auto const& [state, count] : parts)
        view.add(fields.tabs)
            .set(tab.name, name_of(state))
            .set(tab.url, at(query.in(state)))
            .set(tab.count, count)
            .set(tab.is_current, state == query.state);
    view.set(fields.state, query.state_word()).set(fields.heading, name_of(query.state)).set(fields.back, query.str());
    view.set(fields.page_url, visit.place.at("inbox")).set(fields.action_url, visit.place.at("inbox"));
    view.set(fields.blocks_url, visit.place.at("blocks")).set(fields.decisions_url, visit.place.at("inbox/decisions"));
    view.set(fields.may_moderate, visit.may(Action::Moderate));
    view.set(fields.all_url, visit.place.at(fmt::format("inbox?state={}", query.state_word())));
    fill_filter(view, query);
    return fill_items(view, visit, query);
}

void AdminInbox::fill_filter(View& view, InboxQuery const& query)
{
    auto const& fields = schema<InboxPageSchema>();
    auto const& choice = schema<ChoiceSchema>();
    auto const sites = sites_.all();
    view.set(fields.has_sites, sites.size() > 1);
    for (auto const& site : sites)
        view.add(fields.sites)
            .set(choice.value, std::to_string(site->id.value))
            .set(choice.label, name_of(*site))
            .set(choice.is_chosen, query.filter.site == site->id);
    for (Origin const origin : {Origin::Trackback, Origin::Pingback, Origin::Webmention, Origin::Imported})
        view.add(fields.origins)
            .set(choice.value, to_word(origin))
            .set(choice.label, origin == Origin::Imported ? "imported" : origins_text({origin}))
            .set(choice.is_chosen, query.filter.origin == origin);
    view.set(fields.host, query.filter.host).set(fields.is_filtered, query.is_filtered());
    if (query.filter.entry)
        view.set(fields.entry, std::to_string(query.filter.entry->value));
}

Result<void> AdminInbox::fill_entry(View& item, EntryId id)
{
    auto const& fields = schema<InboxItemSchema>();
    TRY(std::optional<Entry> const entry, store_.entry(id));
    auto const site = entry ? sites_.find(entry->site) : nullptr;
    if (!site)
        return {};
    std::string const address = permalink(*site, *entry).str();
    item.set(fields.entry_title, entry->title.empty() ? address : entry->title).set(fields.entry_url, address);
    return {};
}

Result<void> AdminInbox::fill_mention(View& item, AdminVisit const& visit, StoredMention const& stored, std::size_t reasons_max)
{
    auto const& fields = schema<InboxItemSchema>();
    Listing const& listing = stored.mention.listing();
    std::string const title = title_for_list(stored);
    item.set(fields.key, fmt::format("m{}", stored.id.value)).set(fields.title, title.empty() ? stored.mention.url().str() : title);
    item.set(fields.url, stored.mention.url().str()).set(fields.host, stored.mention.url().host());
    // "Reply from Ann Rowe" says it already.
    if (!listing.title.empty() || !listing.site_name.empty())
        item.set(fields.from, from_whom(stored));
    item.set(fields.author, listing.author_name).set(fields.author_url, listing.author_url).set(fields.excerpt, listing.excerpt);
    item.set(fields.before_link, listing.excerpt.substr(0, listing.link_position));
    item.set(fields.link, listing.excerpt.substr(listing.link_position, listing.link_bytes));
    item.set(fields.after_link, listing.excerpt.substr(listing.link_position + listing.link_bytes));
    item.set(fields.type, noun_of(stored.mention.type())).set(fields.origins, origins_text(stored.origins));
    item.set(fields.note, stored.note).set(fields.state, name_of(stored.state));
    item.set(fields.detail_url, visit.place.at(fmt::format("inbox/{}", stored.id.value)));
    fill_received(item, stored.received);
    TRY(std::optional<judge::Verdict> const verdict, moderator_.verdict(stored.id));
    if (verdict)
        add_reasons(item, *verdict, reasons_max);
    Deeds deeds = deeds_in(stored.state);
    if (listing.author_name.empty() && listing.author_url.empty())
        std::erase_if(deeds.seldom, [](Deed const& deed) { return deed.word == block_author.word; });
    add_deeds(item, fields.deeds, deeds.usual);
    add_deeds(item, fields.more_deeds, deeds.seldom);
    return fill_entry(item, stored.entry);
}

Result<void> AdminInbox::fill_items(View& view, AdminVisit const& visit, InboxQuery const& query)
{
    auto const& fields = schema<InboxPageSchema>();
    auto const& shown = schema<InboxItemSchema>();
    InboxPart part;
    part.limit = items_a_page + 1;  // one more tells whether there is an older page
    part.offset = (query.page - 1) * items_a_page;
    std::size_t found = 0;
    auto const new_item = [&]() -> View* { return ++found > items_a_page ? nullptr : &view.add(fields.items); };
    auto const only_host = [&](std::string_view host) {
        InboxQuery other = query.at_page(1);
        other.filter.host = host;
        return visit.place.at("inbox?" + other.str());
    };
    if (query.state) {
        TRY(std::vector<InboxItem> const items, inbox_.inbox(*query.state, query.filter, part));
        for (InboxItem const& each : items) {
            View* const item = new_item();
            if (!item)
                break;
            TRY_DONE(fill_mention(*item, visit, each.mention, 3));
            item->set(shown.others, each.mentions - 1).set(shown.host_url, only_host(each.mention.mention.url().host()));
            if (each.mentions > 1)
                item->set(shown.key, fmt::format("c{}u{}", each.campaign, each.newest.value));
        }
    } else {
        TRY(std::vector<Ping> const pings, inbox_.refused_pings(query.filter, part));
        for (Ping const& ping : pings) {
            View* const item = new_item();
            if (!item)
                break;
            item->set(shown.key, fmt::format("p{}", ping.id.value)).set(shown.title, ping.title.empty() ? ping.source.str() : ping.title);
            item->set(shown.url, ping.source.str()).set(shown.from, ping.blog_name.empty() ? ping.source.host() : ping.blog_name);
            item->set(shown.host, ping.source.host()).set(shown.excerpt, ping.excerpt).set(shown.after_link, ping.excerpt);
            item->set(shown.type, "Ping");
            item->set(shown.origins, origins_text({ping.origin})).set(shown.note, ping.reason);
            item->set(shown.host_url, only_host(ping.source.host()));
            fill_received(*item, ping.received);
            TRY_DONE(fill_entry(*item, ping.entry));
            add_deeds(*item, shown.deeds, deeds_in(query.state).usual);
        }
    }
    Deeds const deeds = deeds_in(query.state);
    add_deeds(view, fields.deeds, deeds.usual);
    add_deeds(view, fields.deeds, deeds.seldom);
    if (found == 0)
        view.set(fields.empty, query.is_filtered() ? "Nothing here fits the filter." : nothing_in(query.state));
    if (query.page > 1)
        view.set(fields.newer_url, visit.place.at("inbox?" + query.at_page(query.page - 1).str()));
    if (found > items_a_page)
        view.set(fields.older_url, visit.place.at("inbox?" + query.at_page(query.page + 1).str()));
    return {};
}

http::Response AdminInbox::detail(AdminVisit const& visit)
{
    Result<std::optional<StoredMention>> const found = store_.mention(MentionId(visit.id()));
    if (!found)
        return frame_.out_of_order(visit, found.error());
    if (!*found)
        return frame_.not_found(visit);
    StoredMention const& stored = **found;
    auto const& fields = schema<MentionPageSchema>();
    View view(fields);
    Result<void> filled = fill_mention(view.make(fields.item), visit, stored, SIZE_MAX);
    if (filled)
        filled = fill_pings(view, stored.id);
    if (!filled)
        return frame_.out_of_order(visit, filled.error());
    Listing const& listing = stored.mention.listing();
    view.set(fields.said, listing.content_text).set(fields.source, stored.source);
    if (listing.published)
        view.set(fields.published, shown_time(*listing.published)).set(fields.published_iso, rfc3339(*listing.published));
    if (stored.verified)
        view.set(fields.verified, shown_time(*stored.verified)).set(fields.verified_iso, rfc3339(*stored.verified));
    view.set(fields.language, listing.language).set(fields.may_moderate, visit.may(Action::Moderate));
    InboxQuery const back = InboxQuery().in(stored.state);
    view.set(fields.back, back.str())
        .set(fields.inbox_url, visit.place.at("inbox?" + back.str()))
        .set(fields.action_url, visit.place.at("inbox"));
    return frame_.page(visit, std::move(view), "A mention");
}

Result<void> AdminInbox::fill_pings(View& view, MentionId mention)
{
    auto const& fields = schema<MentionPageSchema>();
    auto const& shown = schema<PingSchema>();
    PingQuery query;
    query.mention = mention;
    TRY(std::vector<Ping> const pings, store_.pings(query));
    for (Ping const& ping : pings) {
        View& each = view.add(fields.pings).set(shown.source, ping.source_as_received).set(shown.sender, ping.sender);
        each.set(shown.origin, ping.origin == Origin::Imported ? "imported" : origins_text({ping.origin}));
        each.set(shown.received, shown_time(ping.received)).set(shown.received_iso, rfc3339(ping.received));
        each.set(shown.state, to_word(ping.state)).set(shown.reason, ping.reason);
    }
    return {};
}

}  // namespace backtalk::web
