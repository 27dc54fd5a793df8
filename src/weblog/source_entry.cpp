#include "weblog/source_entry.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "base/text.h"
#include "markup/plain_text.h"
#include "weblog/page_values.h"
#include "weblog/presentation.h"

namespace backtalk {

namespace {

using markup::MfItem;
using markup::MfProperty;
using markup::MfValue;

constexpr std::size_t summary_characters_max = 500;
constexpr std::size_t content_html_bytes_max = 64 * 1024;
constexpr std::size_t relations_max = 100;
constexpr std::size_t media_max = 10;
constexpr std::size_t responses_max = 50;

struct RelationProperty {
    std::string_view name;
    MentionType type;
    bool plain_only = false;  ///< A nested item under that name is somebody's response to the entry, not what the entry responds to.
};
constexpr std::array relation_properties = {
    RelationProperty{"repost-of", MentionType::Repost},
    RelationProperty{"repost", MentionType::Repost, true},
    RelationProperty{"like-of", MentionType::Like},
    RelationProperty{"like", MentionType::Like, true},
    RelationProperty{"bookmark-of", MentionType::Bookmark},
    RelationProperty{"bookmark", MentionType::Bookmark, true},
    RelationProperty{"in-reply-to", MentionType::Reply},
    RelationProperty{"rsvp-of", MentionType::Reply},
    RelationProperty{"invitee", MentionType::Mention},
    RelationProperty{"mention", MentionType::Mention, true},
    RelationProperty{"mention-of", MentionType::Mention},
    RelationProperty{"quotation-of", MentionType::Mention},
    RelationProperty{"tag-of", MentionType::Mention},
    RelationProperty{"read-of", MentionType::Mention},
    RelationProperty{"listen-of", MentionType::Mention},
    RelationProperty{"watch-of", MentionType::Mention},
    RelationProperty{"follow-of", MentionType::Mention},
    RelationProperty{"category", MentionType::Mention},
    RelationProperty{"item", MentionType::Mention},
};

struct ResponseProperty {
    std::string_view name;
    MentionType type;
};
/// As they are called on pages and by webmention.io and XRay.
constexpr std::array response_properties = {
    ResponseProperty{"comment", MentionType::Reply},
    ResponseProperty{"like", MentionType::Like},
    ResponseProperty{"repost", MentionType::Repost},
    ResponseProperty{"bookmark", MentionType::Bookmark},
    ResponseProperty{"rsvp", MentionType::Rsvp},
    ResponseProperty{"mention", MentionType::Mention},
};

std::optional<ZonedTime> published_of(MfItem const& item)
{
    if (MfProperty const* const property = item.find("published"))
        for (MfValue const& value : property->values)
            if (auto time = parse_rfc3339(trimmed(value.text)))
                return time;
    return std::nullopt;
}

std::string rsvp_of(MfItem const& item)
{
    std::string word = ascii_lower(trimmed(item.text_of("rsvp").substr(0, 40)));
    bool const is_valid = word == "yes" || word == "no" || word == "maybe" || word == "interested";
    return is_valid ? std::move(word) : std::string();
}

/// The whole text, each block on a line of its own.
std::string text_of(MfValue const& value)
{
    return value.html ? without_controls(markup::plain_text(*value.html)) : without_controls(trimmed(value.text));
}

std::vector<Relation> relations_of(MfItem const& item, markup::LinkFilter const& filter)
{
    std::vector<Relation> relations;
    for (RelationProperty const& each : relation_properties) {
        MfProperty const* const property = item.find(each.name);
        if (property == nullptr)
            continue;
        for (MfValue const& value : property->values) {
            if (relations.size() >= relations_max)
                return relations;
            if (each.plain_only && !value.item.empty())
                continue;
            if (auto url = url_in(value); url && filter.wants(*url))
                relations.emplace_back(each.type, *std::move(url));
        }
    }
    return relations;
}

std::vector<std::string> media_of(MfItem const& item, std::string_view property)
{
    std::vector<std::string> media;
    for (Url const& url : urls_in(item, property, media_max))
        media.push_back(url.str());
    return media;
}

MentionType type_of_response(MfItem const& item, MentionType by_property)
{
    if (!rsvp_of(item).empty())
        return MentionType::Rsvp;
    if (item.find("repost-of") != nullptr)
        return MentionType::Repost;
    if (item.find("like-of") != nullptr)
        return MentionType::Like;
    if (item.find("bookmark-of") != nullptr)
        return MentionType::Bookmark;
    return by_property;
}

std::optional<NestedResponse> response_of(MfItem const& item, MentionType by_property)
{
    auto const url = url_in(item, "url");
    if (!url)
        return std::nullopt;
    NestedResponse response;
    response.type = type_of_response(item, by_property);
    response.url = url->str();
    // Only its own author: who it is nested in wrote something else.
    Authorship const authorship = authorship_of(item, nullptr, {});
    response.author_name = authorship.author.name;
    if (auto const& author_url = authorship.page ? authorship.page : authorship.author.url)
        response.author_url = author_url->str();
    if (authorship.author.photo)
        response.author_photo = authorship.author.photo->str();
    if (MfProperty const* const content = item.find("content"); content != nullptr && !content->values.empty())
        response.text = line_of(text_of(content->values.front()), response_characters_max);
    if (response.text.empty())
        response.text = line_of(item.text_of("summary"), response_characters_max);
    bool const speaks = response.type == MentionType::Reply || response.type == MentionType::Mention;
    if (response.text.empty() && speaks)
        response.text = line_of(item.text_of("name"), response_characters_max);
    if (auto const published = published_of(item)) {
        response.published = published->instant;
        response.published_offset = published->offset;
    }
    return response;
}

std::vector<NestedResponse> responses_of(MfItem const& item)
{
    std::vector<NestedResponse> responses;
    for (ResponseProperty const& each : response_properties) {
        MfProperty const* const property = item.find(each.name);
        if (property == nullptr)
            continue;
        for (MfValue const& value : property->values) {
            if (responses.size() >= responses_max)
                return responses;
            if (value.item.empty())
                continue;
            auto response = response_of(value.item.front(), each.type);
            if (response && std::ranges::find(responses, response->url, &NestedResponse::url) == responses.end())
                responses.push_back(*std::move(response));
        }
    }
    return responses;
}

/// An item that may be what the page is about, and the feed that it stands in.
struct Candidate {
    Candidate(MfItem const* the_item, MfItem const* the_feed) : item(the_item), feed(the_feed) { }

    MfItem const* item;
    MfItem const* feed;
};

bool is_entry(MfItem const& item) { return item.is("h-entry"); }
bool is_other_carrier(MfItem const& item)
{
    return std::ranges::any_of(std::array{"h-event", "h-review", "h-product", "h-recipe", "h-resume", "h-item", "h-review-aggregate"},
        [&](std::string_view type) { return item.is(type); });
}

struct Candidates {
    std::vector<Candidate> entries;
    std::vector<Candidate> others;
    MfItem const* first_feed = nullptr;
};

/// Everything that stands inside no entry. A class like "h-full" of a style sheet framework is a root as well: what stands in it
/// still counts.
Candidates candidates_of(markup::Microformats const& microformats)
{
    Candidates found;
    std::vector<Candidate> open;
    auto const push = [&](std::vector<MfItem> const& items, MfItem const* feed) {
        for (MfItem const& item : items | std::views::reverse)
            open.emplace_back(&item, feed);
    };
    push(microformats.items, nullptr);
    while (!open.empty()) {
        Candidate const now = open.back();
        open.pop_back();
        if (is_entry(*now.item)) {
            found.entries.push_back(now);
        } else if (is_other_carrier(*now.item)) {
            found.others.push_back(now);
        } else if (!now.item->is("h-cite")) {
            bool const is_feed = now.item->is("h-feed");
            if (is_feed && found.first_feed == nullptr)
                found.first_feed = now.item;
            push(now.item->children, is_feed ? now.item : now.feed);
        }
    }
    return found;
}

bool is_at(MfItem const& item, std::string const& key, std::string const& canonical_key)
{
    return std::ranges::any_of(urls_in(item, "url", media_max), [&](Url const& url) {
        std::string const own = comparison_key(url);
        return own == key || own == canonical_key;
    });
}

Candidate const* only_one(std::vector<Candidate> const& candidates)
{
    if (candidates.size() == 1)
        return &candidates.front();
    auto const is_alone = [](Candidate const& each) { return each.feed == nullptr; };
    return std::ranges::count_if(candidates, is_alone) == 1 ? &*std::ranges::find_if(candidates, is_alone) : nullptr;
}

Candidate const* primary_of(Candidates const& candidates, Url const& page, Url const& canonical)
{
    std::string const key = comparison_key(page);
    std::string const canonical_key = comparison_key(canonical);
    for (auto const* group : {&candidates.entries, &candidates.others})
        for (Candidate const& each : *group)
            if (is_at(*each.item, key, canonical_key))
                return &each;
    return only_one(candidates.entries.empty() ? candidates.others : candidates.entries);
}

SourceEntry entry_of(Candidate const& primary, markup::Microformats const& microformats, markup::LinkFilter const& filter)
{
    MfItem const& item = *primary.item;
    SourceEntry entry;
    entry.summary = line_of(item.text_of("summary"), summary_characters_max);
    if (MfProperty const* const content = item.find("content"); content != nullptr && !content->values.empty()) {
        MfValue const& value = content->values.front();
        if (value.html && value.html->size() <= content_html_bytes_max)
            entry.content_html = *value.html;
        entry.content_text = cut_text(text_of(value), content_characters_max);
    }
    entry.name = line_of(item.text_of("name"));
    if (repeats(entry.name, entry.content_text.empty() ? entry.summary : entry.content_text))
        entry.name.clear();
    entry.url = url_in(item, "url");
    entry.published = published_of(item);
    Authorship authorship = authorship_of(item, primary.feed, microformats);
    entry.author = std::move(authorship.author);
    entry.author_page = std::move(authorship.page);
    entry.rsvp = rsvp_of(item);
    entry.relations = relations_of(item, filter);
    entry.syndication = media_of(item, "syndication");
    entry.photos = media_of(item, "photo");
    entry.videos = media_of(item, "video");
    entry.audios = media_of(item, "audio");
    entry.responses = responses_of(item);
    return entry;
}

}  // namespace

SourceMicroformats read_source_microformats(
    markup::Microformats const& microformats, Url const& page, Url const& canonical, markup::LinkFilter const& filter)
{
    Candidates const candidates = candidates_of(microformats);
    SourceMicroformats read;
    if (MfItem const* const feed = candidates.first_feed) {
        read.feed_name = line_of(feed->text_of("name"));
        read.feed_author = authorship_of(*feed, nullptr, {}).author;
    }
    if (Candidate const* const primary = primary_of(candidates, page, canonical))
        read.entry = entry_of(*primary, microformats, filter);
    return read;
}

}  // namespace backtalk
