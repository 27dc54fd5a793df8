#include "weblog/mention.h"

#include <algorithm>

#include "base/text.h"
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

Result<Mention> verify(PingClaim const& claim, SourcePage const& page, std::function<bool(Url const&)> const& is_target)
{
    if (is_target(page.url))
        return failure(ErrorCode::Refused, "the source is the entry itself");
    if (page.is_gone)
        return failure(ErrorCode::Gone, "the source says that it was deleted");
    auto const found = std::find_if(page.links.begin(), page.links.end(), [&](SourceLink const& link) { return is_target(link.url); });
    if (found == page.links.end())
        return failure(ErrorCode::Refused, "the source does not link to the entry");

    std::vector<std::string> keys;
    add_key(keys, claim.source);
    add_key(keys, page.url);
    if (page.canonical)
        add_key(keys, *page.canonical);

    Listing listing;
    // What the page says outranks what the ping claimed of it.
    listing.title = first_of(without_site_name(page.title, page.site_name), claim.title);
    listing.excerpt = excerpt_around(page, *found);
    if (listing.excerpt.empty())
        listing.excerpt = first_of(page.description, claim.excerpt);
    listing.site_name = first_of(page.site_name, claim.blog_name);
    listing.author_name = page.author_name;
    if (page.author_url)
        listing.author_url = page.author_url->str();
    listing.language = page.language;
    if (page.published) {
        listing.published = page.published->instant;
        listing.published_offset = page.published->offset;
    }
    return Mention(page.canonical.value_or(page.url), std::move(keys), MentionType::Mention, std::move(listing));
}

}  // namespace backtalk
