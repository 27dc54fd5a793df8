#include "webmention/jf2.h"

#include <array>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::webmention {

namespace {

namespace json = boost::json;

struct TypeWords {
    MentionType type;
    std::string_view property;
    std::string_view relation;  ///< The member that names the target.
    std::string_view activity;
    std::string_view verb;
};

constexpr std::array<TypeWords, 6> type_words = {{
    {MentionType::Mention, "mention-of", "mention-of", "link", "linked to"},
    {MentionType::Reply, "in-reply-to", "in-reply-to", "reply", "replied to"},
    {MentionType::Like, "like-of", "like-of", "like", "liked"},
    {MentionType::Repost, "repost-of", "repost-of", "repost", "reposted"},
    {MentionType::Bookmark, "bookmark-of", "bookmark-of", "bookmark", "bookmarked"},
    {MentionType::Rsvp, "rsvp", "in-reply-to", "rsvp", "answered"},
}};

TypeWords const& words_of(MentionType type)
{
    for (TypeWords const& words : type_words)
        if (words.type == type)
            return words;
    return type_words.front();
}

void put(json::object& object, std::string_view name, std::vector<std::string> const& urls)
{
    if (!urls.empty())
        object[name] = json::array(urls.begin(), urls.end());
}

/// The protocol that says most of those by which the mention was announced.
std::string_view protocol_of(StoredMention const& mention)
{
    for (Origin const origin : {Origin::Webmention, Origin::Pingback, Origin::Trackback})
        if (std::find(mention.origins.begin(), mention.origins.end(), origin) != mention.origins.end())
            return to_word(origin);
    return to_word(Origin::Imported);
}

std::string const& source_of(StoredMention const& mention) { return mention.source.empty() ? mention.mention.url().str() : mention.source; }

Instant listed_since(StoredMention const& mention) { return mention.listed.value_or(mention.received); }

json::value published_of(Listing const& listing)
{
    return listing.published ? json::value(rfc3339(*listing.published, listing.published_offset)) : json::value(nullptr);
}

/// Text in place of a content that the source does not mark, as our own pages show it.
std::string const& text_of(Listing const& listing)
{
    return !listing.content_text.empty() || !listing.content_html.empty() ? listing.content_text : listing.excerpt;
}

/// What stands in data.content and content.html: the source's own, sanitised, or its text.
std::string html_of(Listing const& listing) { return listing.content_html.empty() ? escaped(text_of(listing)) : listing.content_html; }

/// Both forms or none: programs that find no HTML put the text into their pages as it stands, and others fail without a text.
json::value content_of(Listing const& listing)
{
    std::string html = html_of(listing);
    return html.empty() ? json::value(nullptr) : json::value(json::object{{"html", std::move(html)}, {"text", text_of(listing)}});
}

/// The page's own word on where it lives, as far as it is another address than the announced one.
void put_rels(json::object& object, StoredMention const& mention)
{
    if (mention.mention.url().str() != source_of(mention))
        object["rels"] = json::object{{"canonical", mention.mention.url().str()}};
}

json::value text_or_null(std::string const& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object classic_data(StoredMention const& mention)
{
    Listing const& listing = mention.mention.listing();
    json::object data;
    data["author"] = json::object{{"name", text_or_null(listing.author_name)}, {"url", text_or_null(listing.author_url)},
        {"photo", text_or_null(listing.author_photo)}};
    data["url"] = mention.mention.url().str();
    data["name"] = text_or_null(listing.title);
    data["content"] = text_or_null(html_of(listing));
    data["published"] = published_of(listing);
    data["published_ts"] =
        listing.published ? json::value(std::int64_t(listing.published->time_since_epoch().count())) : json::value(nullptr);
    if (!listing.rsvp.empty() && listing.rsvp != "interested")
        data["rsvp"] = listing.rsvp;
    return data;
}

/// Who says what, for those who show nothing else.
json::object activity_of(StoredMention const& mention, std::string_view target)
{
    Listing const& listing = mention.mention.listing();
    std::string const& url = mention.mention.url().str();
    std::string const who = !listing.author_name.empty() ? listing.author_name
        : !listing.site_name.empty()                     ? listing.site_name
                                                         : std::string(mention.mention.url().host());
    MentionType const type = mention.mention.type();
    std::string said(words_of(type).verb);
    if (!listing.rsvp.empty())
        said += fmt::format(" “{}” to", listing.rsvp);
    std::string const text = cut_at_word(text_of(listing), 200);
    std::string const author_html =
        listing.author_url.empty() ? escaped(who) : fmt::format(R"(<a href="{}">{}</a>)", escaped(listing.author_url), escaped(who));
    return json::object{{"type", activity_type(type)},
        {"sentence", fmt::format("{} {} {}{}{}", who, said, target, text.empty() ? "" : ": ", text)},
        {"sentence_html",
            fmt::format(R"({} <a href="{}">{}</a> <a href="{}">{}</a>{}{})", author_html, escaped(url), escaped(said), escaped(target),
                escaped(target), text.empty() ? "" : ": ", escaped(text))}};
}

}  // namespace

std::string_view wm_property(MentionType type) { return words_of(type).property; }
std::string_view activity_type(MentionType type) { return words_of(type).activity; }

std::optional<MentionType> mention_type_of_property(std::string_view property)
{
    for (TypeWords const& words : type_words)
        if (words.property == property)
            return words.type;
    return std::nullopt;
}

json::object jf2_object(StoredMention const& mention, std::string_view target)
{
    Listing const& listing = mention.mention.listing();
    MentionType const type = mention.mention.type();
    json::object object;
    object["type"] = "entry";
    // Empty rather than null: programs call string functions on them.
    object["author"] =
        json::object{{"type", "card"}, {"name", listing.author_name}, {"photo", listing.author_photo}, {"url", listing.author_url}};
    object["url"] = mention.mention.url().str();
    object["published"] = published_of(listing);
    object["wm-received"] = rfc3339(listed_since(mention));
    object["wm-id"] = mention.id.value;
    object["wm-source"] = source_of(mention);
    object["wm-target"] = target;
    object["wm-protocol"] = protocol_of(mention);
    if (!listing.title.empty())
        object["name"] = listing.title;
    if (!listing.summary.empty())
        object["summary"] = json::object{{"content-type", "text/plain"}, {"value", listing.summary}};
    if (json::value content = content_of(listing); !content.is_null())
        object["content"] = std::move(content);
    put(object, "syndication", listing.syndication);
    put(object, "photo", listing.photos);
    put(object, "video", listing.videos);
    put(object, "audio", listing.audios);
    object[words_of(type).relation] = target;
    if (!listing.rsvp.empty())
        object["rsvp"] = listing.rsvp;
    object["wm-property"] = wm_property(type);
    object["wm-private"] = false;
    put_rels(object, mention);
    return object;
}

json::object classic_object(StoredMention const& mention, std::string_view target)
{
    json::object object;
    object["source"] = source_of(mention);
    object["verified"] = mention.verified.has_value();
    object["verified_date"] = rfc3339(listed_since(mention)).replace(19, std::string::npos, "+00:00");
    object["id"] = mention.id.value;
    object["private"] = false;
    object["data"] = classic_data(mention);
    object["activity"] = activity_of(mention, target);
    put_rels(object, mention);
    object["target"] = target;
    return object;
}

std::string script_safe_json(json::value const& value)
{
    std::string const text = repaired_utf8(json::serialize(value));
    std::string safe;
    safe.reserve(text.size() + text.size() / 16);
    for (std::size_t i = 0; i < text.size(); ++i) {
        // All of these stand only inside strings, where an escape means the same.
        switch (text[i]) {
        case '<': safe += "\\u003c"; break;
        case '>': safe += "\\u003e"; break;
        case '&': safe += "\\u0026"; break;
        case '\xe2':
            if (std::string_view const next = std::string_view(text).substr(i, 3); next == "\u2028" || next == "\u2029") {
                safe += next == "\u2028" ? "\\u2028" : "\\u2029";
                i += 2;
                break;
            }
            [[fallthrough]];
        default: safe += text[i];
        }
    }
    return safe;
}

}  // namespace backtalk::webmention
