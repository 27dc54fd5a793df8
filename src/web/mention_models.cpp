#include "web/mention_models.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::web {

namespace {

std::string date_text(Instant instant, std::chrono::minutes offset) { return long_date(civil_time(instant, offset)); }

std::string_view protocol_name(Origin origin)
{
    switch (origin) {
    case Origin::Trackback: return "TrackBack";
    case Origin::Pingback: return "Pingback";
    case Origin::Webmention: return "Webmention";
    case Origin::Imported: break;
    }
    return {};
}

std::string by_whom(StoredMention const& stored)
{
    std::string const& author = stored.mention.listing().author_name;
    return author.empty() ? from_whom(stored) : author;
}

std::string_view verb_of_rsvp(std::string_view rsvp)
{
    return rsvp == "yes" ? "is going" : rsvp == "no" ? "is not going" : rsvp == "maybe" ? "may be going" : "is interested";
}

std::string_view verb_of(MentionType type, std::string_view rsvp)
{
    switch (type) {
    case MentionType::Mention: return "mentioned this";
    case MentionType::Reply: return "replied";
    case MentionType::Like: return "likes this";
    case MentionType::Repost: return "reposted this";
    case MentionType::Bookmark: return "bookmarked this";
    case MentionType::Rsvp: return verb_of_rsvp(rsvp);
    }
    return {};
}

/// The first character of a name that is no mark ("@ann", "“Ann”").
std::string initial_of(std::string_view name)
{
    constexpr std::string_view marks = "@#\"'`*~-_.,:;!?()[]{}<>|/\\+=&$%^ \t\n";
    std::size_t const start = name.find_first_not_of(marks);
    if (start == std::string_view::npos)
        return "?";
    std::size_t end = start;
    next_code_point(name, end);
    std::string initial(name.substr(start, end - start));
    if (initial[0] >= 'a' && initial[0] <= 'z')
        initial[0] = static_cast<char>(initial[0] - 32);
    return initial;
}

/// The permalink itself, and the pages of its mentions.
bool is_page_of(std::string_view key, std::string_view permalink_key)
{
    return key == permalink_key || (key.starts_with(permalink_key) && key.substr(permalink_key.size()).starts_with("/mentions"));
}

void fill_response(View& view, NestedResponse const& response, Url const& url)
{
    auto const& fields = schema<ResponseSchema>();
    std::string const author = response.author_name.empty() ? std::string(url.host()) : response.author_name;
    view.set(fields.url, url.str()).set(fields.author, author).set(fields.author_url, response.author_url);
    view.set(fields.initial, initial_of(author)).set(fields.text, response.text);
    // Who answers an answer's invitation is of no use without the word, which a nested response does not carry.
    view.set(fields.verb, response.type == MentionType::Rsvp ? "answered" : verb_of(response.type, ""));
    if (response.published) {
        view.set(fields.date_iso, rfc3339(*response.published, response.published_offset));
        view.set(fields.date, date_text(*response.published, response.published_offset));
    }
}

void fill_responses(View& view, StoredMention const& stored, std::string_view permalink_key, std::set<std::string> const& shown)
{
    auto const& fields = schema<MentionSchema>();
    std::set<std::string> seen;
    std::int64_t left_out = 0;
    for (NestedResponse const& response : stored.mention.listing().responses) {
        auto const url = Url::parse(response.url);
        if (!url)
            continue;
        std::string key = comparison_key(*url);
        if (is_page_of(key, permalink_key) || shown.contains(key) || !seen.insert(std::move(key)).second)
            continue;
        if (seen.size() > responses_shown_max)
            ++left_out;
        else
            fill_response(view.add(fields.responses), response, *url);
    }
    view.set(fields.more_responses, left_out);
}

void fill_mention(View& view, StoredMention const& stored)
{
    auto const& fields = schema<MentionSchema>();
    Listing const& listing = stored.mention.listing();
    Instant const when = listing.published.value_or(stored.received);
    std::string const author = by_whom(stored);
    std::string from = from_whom(stored);
    if (from == listing.author_name)
        view.set(fields.from_url, listing.author_url);
    view.set(fields.id, stored.id.value).set(fields.title, listing.title).set(fields.url, stored.mention.url().str());
    view.set(fields.from, std::move(from)).set(fields.author, author).set(fields.author_url, listing.author_url);
    view.set(fields.initial, initial_of(author)).set(fields.verb, verb_of(stored.mention.type(), listing.rsvp));
    view.set(fields.is_reply, stored.mention.type() == MentionType::Reply).set(fields.excerpt, listing.excerpt);
    if (stored.mention.type() == MentionType::Reply)
        view.set(fields.content, listing.content_html);
    view.set(fields.date_iso, rfc3339(when, listing.published_offset)).set(fields.date, date_text(when, listing.published_offset));
    view.set(fields.origins, origins_text(stored.origins));
    view.set(fields.is_imported, std::find(stored.origins.begin(), stored.origins.end(), Origin::Imported) != stored.origins.end());
}

struct ReactionKind {
    MentionType type;
    std::string_view rsvp;
    std::string_view heading;
};

constexpr std::array<ReactionKind, 7> reaction_kinds = {{{MentionType::Like, "", "Liked by"}, {MentionType::Repost, "", "Reposted by"},
    {MentionType::Bookmark, "", "Bookmarked by"}, {MentionType::Rsvp, "yes", "Going"}, {MentionType::Rsvp, "maybe", "Maybe"},
    {MentionType::Rsvp, "interested", "Interested"}, {MentionType::Rsvp, "no", "Not going"}}};

bool is_of(ReactionKind const& kind, StoredMention const& stored)
{
    if (stored.mention.type() != kind.type)
        return false;
    std::string const& rsvp = stored.mention.listing().rsvp;
    return kind.type != MentionType::Rsvp || rsvp == kind.rsvp ||
        (kind.rsvp == "interested" && rsvp != "yes" && rsvp != "maybe" && rsvp != "no");
}

}  // namespace

std::string origins_text(std::vector<Origin> const& origins)
{
    std::vector<std::string_view> names;
    for (Origin const origin : origins)
        if (auto const name = protocol_name(origin); !name.empty())
            names.push_back(name);
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += fmt::format("{}{}", i == 0 ? "" : i + 1 == names.size() ? " and " : ", ", names[i]);
    return text;
}

std::string_view noun_of(MentionType type)
{
    switch (type) {
    case MentionType::Mention: return "Mention";
    case MentionType::Reply: return "Reply";
    case MentionType::Like: return "Like";
    case MentionType::Repost: return "Repost";
    case MentionType::Bookmark: return "Bookmark";
    case MentionType::Rsvp: return "RSVP";
    }
    return {};
}

std::string from_whom(StoredMention const& stored)
{
    Listing const& listing = stored.mention.listing();
    if (!listing.site_name.empty())
        return listing.site_name;
    return listing.author_name.empty() ? std::string(stored.mention.url().host()) : listing.author_name;
}

std::string title_for_list(StoredMention const& stored)
{
    std::string const& title = stored.mention.listing().title;
    if (!title.empty() || stored.mention.type() == MentionType::Mention)
        return title;
    return fmt::format("{} from {}", noun_of(stored.mention.type()), by_whom(stored));
}

void fill_mentions(View& page, Url const& permalink, std::vector<StoredMention> const& mentions)
{
    auto const& fields = schema<EntryPageSchema>();
    auto const& group = schema<ReactionsSchema>();
    std::string const permalink_key = comparison_key(permalink);
    std::set<std::string> shown;
    for (StoredMention const& stored : mentions)
        shown.insert(stored.mention.source_keys().begin(), stored.mention.source_keys().end());

    bool has_mentions = false;
    for (StoredMention const& stored : mentions) {
        if (stored.mention.type() != MentionType::Mention && stored.mention.type() != MentionType::Reply)
            continue;
        View& view = page.add(fields.mentions);
        fill_mention(view, stored);
        fill_responses(view, stored, permalink_key, shown);
        has_mentions = true;
    }
    bool has_reactions = false;
    for (ReactionKind const& kind : reaction_kinds) {
        View* reactions = nullptr;
        for (StoredMention const& stored : mentions) {
            if (!is_of(kind, stored))
                continue;
            if (!reactions) {
                reactions = &page.add(fields.reactions).set(group.heading, kind.heading);
                // An h-entry with a property rsvp is an answer to an invitation itself.
                if (kind.type != MentionType::Rsvp)
                    reactions->set(group.type, to_word(kind.type));
            }
            View& view = reactions->add(group.mentions);
            fill_mention(view, stored);
            fill_responses(view, stored, permalink_key, shown);
        }
        has_reactions = has_reactions || reactions;
    }
    page.set(fields.has_mentions, has_mentions).set(fields.has_reactions, has_reactions);
}

}  // namespace backtalk::web
