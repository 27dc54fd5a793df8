#include "markup/json_counterparts.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "markup/plain_text.h"

namespace backtalk::markup {

namespace {

constexpr std::size_t values_of_property_max = 20;

/// NB: a few properties of ours at most; an item with thousands of them is read by mf2_item(), which never searches.
void add_value(MfItem& item, std::string_view property, MfValue value)
{
    auto found = std::ranges::find(item.properties, property, &MfProperty::name);
    if (found == item.properties.end()) {
        item.properties.emplace_back();
        found = std::prev(item.properties.end());
        found->name = property;
    }
    if (found->values.size() < values_of_property_max)
        found->values.push_back(std::move(value));
}

void add_text(MfItem& item, std::string_view property, std::string_view text)
{
    if (text.empty() || text.size() > json_value_bytes_max)
        return;
    add_value(item, property, text_value(text));
}

void add_html(MfItem& item, std::string_view property, std::string_view html)
{
    if (html.empty() || html.size() > json_value_bytes_max)
        return;
    add_value(item, property, html_value(html));
}

struct Counterpart {
    std::string_view key;
    std::string_view property;
};
/// Of the keys for one property the first that is there counts.
constexpr std::array text_counterparts = {
    Counterpart{"name", "name"},
    Counterpart{"title", "name"},
    Counterpart{"headline", "name"},
    Counterpart{"published", "published"},
    Counterpart{"date_published", "published"},
    Counterpart{"datePublished", "published"},
    Counterpart{"rsvp", "rsvp"},
};
/// Of texts that may hold markup.
constexpr std::array html_counterparts = {
    Counterpart{"content_html", "content"},
    Counterpart{"contentHtml", "content"},
    Counterpart{"content", "content"},
    Counterpart{"content_text", "content"},
    Counterpart{"articleBody", "content"},
    Counterpart{"summary", "summary"},
    Counterpart{"description", "summary"},
};
/// A URL, an object with a url or an id, or several of either.
constexpr std::array url_counterparts = {
    Counterpart{"url", "url"},
    Counterpart{"in-reply-to", "in-reply-to"},
    Counterpart{"inReplyTo", "in-reply-to"},
    Counterpart{"like-of", "like-of"},
    Counterpart{"repost-of", "repost-of"},
    Counterpart{"bookmark-of", "bookmark-of"},
    Counterpart{"syndication", "syndication"},
    Counterpart{"photo", "photo"},
    Counterpart{"image", "photo"},
    Counterpart{"avatar", "photo"},
    Counterpart{"icon", "photo"},
    Counterpart{"video", "video"},
    Counterpart{"audio", "audio"},
};

std::string_view url_text(json::value const& value)
{
    if (json::string const* const text = value.if_string())
        return view(*text);
    if (json::object const* const object = value.if_object())
        for (std::string_view key : {"url", "href", "id", "@id"})
            if (json::string const* const text = string_of(*object, key))
                return view(*text);
    return {};
}

void add_texts(MfItem& item, json::object const& object)
{
    for (Counterpart const& each : text_counterparts)
        if (json::string const* const text = string_of(object, each.key); text != nullptr && item.find(each.property) == nullptr)
            add_text(item, each.property, view(*text));
    for (Counterpart const& each : html_counterparts) {
        if (item.find(each.property) != nullptr)
            continue;
        if (json::string const* const text = string_of(object, each.key)) {
            bool const is_text = each.key == "content_text" || text->find('<') == json::string::npos;
            if (is_text)
                add_text(item, each.property, view(*text));
            else if (each.property == "summary")
                add_text(item, each.property, plain_text(view(*text).substr(0, json_value_bytes_max)));
            else
                add_html(item, each.property, view(*text));
        } else if (json::object const* const content = object_of(object, each.key)) {
            // JF2: {"html": …, "text": …}
            if (json::string const* const html = string_of(*content, "html"))
                add_html(item, each.property, view(*html));
            else if (json::string const* const plain = string_of(*content, "text"))
                add_text(item, each.property, view(*plain));
        }
    }
}

void add_urls(MfItem& item, json::object const& object)
{
    for (Counterpart const& each : url_counterparts)
        if (json::value const* const value = object.if_contains(json::string_view(each.key.data(), each.key.size())))
            for_each_value(*value, [&](json::value const& one) { add_text(item, each.property, url_text(one)); });
    if (item.find("url") == nullptr)
        if (json::string const* const id = string_of(object, "id"))
            add_text(item, "url", view(*id));
}

void add_author(MfItem& item, json::object const& object)
{
    for (std::string_view key : {"author", "authors", "attributedTo", "actor"}) {
        json::value const* const value = object.if_contains(json::string_view(key.data(), key.size()));
        if (value == nullptr || item.find("author") != nullptr)
            continue;
        for_each_value(*value, [&](json::value const& one) {
            if (json::string const* const text = one.if_string()) {
                add_text(item, "author", view(*text));
            } else if (json::object const* const person = one.if_object()) {
                MfValue author;
                MfItem& card = author.item.emplace_back();
                card.types = {"h-card"};
                add_texts(card, *person);
                add_urls(card, *person);
                author.text = card.text_of("name");
                add_value(item, "author", std::move(author));
            }
        });
    }
}

/// The type in ActivityStreams, JF2 or schema.org; empty where there is none.
std::string_view type_of(json::object const& object)
{
    for (std::string_view key : {"type", "@type"}) {
        json::value const* value = object.if_contains(json::string_view(key.data(), key.size()));
        if (value != nullptr && value->is_array() && !value->get_array().empty())
            value = &value->get_array().front();
        if (value != nullptr && value->is_string())
            return view(value->get_string());
    }
    return {};
}

}  // namespace

MfItem counterpart_item(json::object const& object)
{
    std::string_view const type = type_of(object);
    json::object const* const inner = object_of(object, "object");
    if (inner != nullptr && (type == "Create" || type == "Update"))
        return counterpart_item(*inner);
    MfItem item;
    item.types = {type == "event" || type == "Event" ? "h-event" : type == "card" || type == "Person" ? "h-card" : "h-entry"};
    add_texts(item, object);
    add_urls(item, object);
    add_author(item, object);
    if (json::value const* const activity_object = object.if_contains("object")) {
        std::string_view const property = type == "Like" ? "like-of" : type == "Announce" ? "repost-of" : "";
        if (!property.empty())
            add_text(item, property, url_text(*activity_object));
    }
    return item;
}

MfItem counterpart_feed(json::object const& object)
{
    MfItem feed;
    feed.types = {"h-feed"};
    add_texts(feed, object);
    add_author(feed, object);
    return feed;
}

}  // namespace backtalk::markup
