#include "weblog/mention.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "weblog/presentation.h"
#include "weblog/words.h"

namespace backtalk {

namespace {

constexpr WordTable<MentionState, 5> states = {{{{MentionState::Published, "published"}, {MentionState::Held, "held"},
    {MentionState::Spam, "spam"}, {MentionState::Gone, "gone"}, {MentionState::Deleted, "deleted"}}}};

void add_key(std::vector<std::string>& keys, Url const& url)
{
    std::string key = comparison_key(url);
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
        keys.push_back(std::move(key));
}

std::string first_of(std::string const& said_by_page, std::string const& claimed) { return said_by_page.empty() ? claimed : said_by_page; }

/// "Lights out - Public Square" from Public Square is "Lights out": pages put their weblog's name into <title>.
std::string without_site_name(std::string const& title, std::string const& site_name)
{
    if (site_name.empty() || title.size() <= site_name.size())
        return title;
    for (std::string_view const mark : {" - ", " | ", " · ", " – ", " — ", " » ", " « ", " : ", ": ", " :: "}) {
        std::string const behind = std::string(mark) + site_name;
        std::string const before = site_name + std::string(mark);
        if (title.size() > behind.size() && title.ends_with(behind))
            return title.substr(0, title.size() - behind.size());
        if (title.size() > before.size() && title.starts_with(before))
            return title.substr(before.size());
    }
    return title;
}

}  // namespace

std::string_view to_word(MentionState state) { return states.word(state); }
std::optional<MentionState> mention_state_named(std::string_view word) { return states.named(word); }

Mention Mention::imported(PingClaim const& claim, std::chrono::minutes offset)
{
    Listing listing;
    listing.title = claim.title;
    listing.excerpt = claim.excerpt;
    listing.site_name = claim.blog_name;
    listing.published = claim.received;
    listing.published_offset = offset;
    std::vector<std::string> keys;
    add_key(keys, claim.source);
    return Mention(claim.source, std::move(keys), MentionType::Mention, std::move(listing));
}

Mention Mention::stored(Url url, std::vector<std::string> source_keys, MentionType type, Listing listing)
{
    return Mention(std::move(url), std::move(source_keys), type, std::move(listing));
}

Mention Mention::with_author(Author const& author) const
{
    Mention mention = *this;
    if (!author.name.empty())
        mention.listing_.author_name = author.name;
    if (author.url)
        mention.listing_.author_url = author.url->str();
    if (author.photo)
        mention.listing_.author_photo = author.photo->str();
    return mention;
}

namespace {

/// How much a type says: the first that a source states of the target counts.
constexpr MentionType by_rank[] = {
    MentionType::Rsvp, MentionType::Repost, MentionType::Like, MentionType::Bookmark, MentionType::Reply, MentionType::Mention};

std::ptrdiff_t rank(MentionType type) { return std::ranges::find(by_rank, type) - std::begin(by_rank); }

/// What the entry is to the target; nothing if none of its properties points there.
/// NB: webmention.io takes the property of any entry; one that points elsewhere says nothing of us.
std::optional<MentionType> type_toward(SourceEntry const& entry, std::function<bool(Url const&)> const& is_target)
{
    std::optional<MentionType> best;
    for (Relation const& relation : entry.relations) {
        MentionType const type = relation.type == MentionType::Reply && !entry.rsvp.empty() ? MentionType::Rsvp : relation.type;
        if ((!best || rank(type) < rank(*best)) && is_target(relation.target))
            best = type;
    }
    return best;
}

void take_excerpt(Listing& listing, SourcePage const& page, SourceLink const* link, std::string const& claimed)
{
    LinkExcerpt around = link != nullptr ? excerpt_around(page, *link) : LinkExcerpt();
    if (around.text.empty()) {
        listing.excerpt = first_of(page.description, claimed);
        return;
    }
    listing.excerpt = std::move(around.text);
    listing.link_position = around.link_position;
    listing.link_bytes = around.link_bytes;
}

/// Title and excerpt, by what the source is to the entry. What the page says outranks what the ping claimed of it.
void present(Listing& listing, PingClaim const& claim, SourcePage const& page, SourceLink const* link, MentionType type)
{
    switch (type) {
    case MentionType::Mention:
        listing.title = first_of(without_site_name(page.title, page.site_name), claim.title);
        take_excerpt(listing, page, link, claim.excerpt);
        return;
    case MentionType::Reply:
    case MentionType::Rsvp:
        listing.title = page.entry->name;
        listing.excerpt = words_of_reply(*page.entry);
        // An answer to "Are you coming?" may be without words; a reply without any that are marked has them around the link.
        if (listing.excerpt.empty() && type == MentionType::Reply)
            take_excerpt(listing, page, link, claim.excerpt);
        if (listing.title == listing.excerpt)
            listing.title.clear();
        return;
    case MentionType::Like:
    case MentionType::Repost:
    case MentionType::Bookmark:
        listing.title = page.entry->name;
        listing.excerpt = words_of_reaction(*page.entry);
        return;
    }
}

void take_entry(Listing& listing, SourceEntry const& entry, SourcePage const& page, std::function<bool(Url const&)> const& is_target)
{
    listing.content_html = shown_content(entry, page.url);
    listing.content_text = entry.content_text;
    listing.summary = entry.summary;
    listing.syndication = entry.syndication;
    listing.photos = entry.photos;
    listing.videos = entry.videos;
    listing.audios = entry.audios;
    for (NestedResponse const& response : entry.responses) {
        auto const url = Url::parse(response.url);
        // Our own entry, shown by the source as an answer to it, would answer itself.
        if (url && !is_target(*url))
            listing.responses.push_back(response);
    }
}

}  // namespace

Result<Mention> verify(PingClaim const& claim, SourcePage const& page, std::function<bool(Url const&)> const& is_target)
{
    if (is_target(page.url))
        return failure(ErrorCode::Refused, "the source is the entry itself");
    if (page.is_gone)
        return failure(ErrorCode::Gone, "the source says that it was deleted");
    auto const found = std::find_if(page.links.begin(), page.links.end(), [&](SourceLink const& link) { return is_target(link.url); });
    SourceLink const* const link = found != page.links.end() ? &*found : nullptr;
    std::optional<MentionType> const stated = page.entry ? type_toward(*page.entry, is_target) : std::nullopt;
    if (link == nullptr && !stated)
        return failure(ErrorCode::Refused, "the source does not link to the entry");
    MentionType const type = stated.value_or(MentionType::Mention);

    std::vector<std::string> keys;
    add_key(keys, claim.source);
    add_key(keys, page.url);
    if (page.canonical)
        add_key(keys, *page.canonical);

    Listing listing;
    present(listing, claim, page, link, type);
    if (page.entry)
        take_entry(listing, *page.entry, page, is_target);
    if (type == MentionType::Rsvp)
        listing.rsvp = page.entry->rsvp;
    listing.site_name = first_of(page.site_name, claim.blog_name);
    listing.author_name = page.author_name;
    if (page.author_url)
        listing.author_url = page.author_url->str();
    if (page.author_photo)
        listing.author_photo = page.author_photo->str();
    listing.language = page.language;
    if (page.published) {
        listing.published = page.published->instant;
        listing.published_offset = page.published->offset;
    }
    return Mention(page.canonical.value_or(page.url), std::move(keys), type, std::move(listing));
}

}  // namespace backtalk
