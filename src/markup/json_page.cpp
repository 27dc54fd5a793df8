#include "markup/json_page.h"

#include <algorithm>
#include <array>
#include <exception>
#include <iterator>
#include <optional>
#include <unordered_set>
#include <utility>

#include <boost/json.hpp>

#include "base/text.h"
#include "markup/plain_text.h"

namespace backtalk::markup {

namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 64;
constexpr std::size_t value_bytes_max = 64 * 1024;
constexpr std::size_t url_bytes_max = 8192;
constexpr std::size_t items_max = 1000;
constexpr std::size_t types_max = 10;
constexpr std::size_t values_max = 20'000;
constexpr std::size_t values_of_property_max = 20;  ///< Of what is no mf2 JSON.

/// What may still be kept: a value takes 136 bytes for the 3 that `"",` has in JSON.
struct Budget {
    std::size_t items = items_max;
    std::size_t values = values_max;

    bool take_item() { return items > 0 && items-- > 0; }
    bool take_value() { return values > 0 && values-- > 0; }
};

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

/// Null where the member is missing or no string.
json::string const* string_of(json::object const& object, std::string_view key)
{
    json::value const* const value = object.if_contains(json::string_view(key.data(), key.size()));
    return value == nullptr ? nullptr : value->if_string();
}

json::object const* object_of(json::object const& object, std::string_view key)
{
    json::value const* const value = object.if_contains(json::string_view(key.data(), key.size()));
    return value == nullptr ? nullptr : value->if_object();
}

json::array const* array_of(json::object const& object, std::string_view key)
{
    json::value const* const value = object.if_contains(json::string_view(key.data(), key.size()));
    return value == nullptr ? nullptr : value->if_array();
}

/// Calls `visit` for a value, or for each of an array of them.
template <class Visit> void for_each_value(json::value const& value, Visit visit)
{
    if (json::array const* const array = value.if_array())
        for (json::value const& each : *array)
            visit(each);
    else
        visit(value);
}

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

MfValue text_value(std::string_view text)
{
    MfValue value;
    value.text = text;
    return value;
}

MfValue html_value(std::string_view html)
{
    MfValue value;
    value.text = plain_text(html);
    value.html = html;
    return value;
}

void add_text(MfItem& item, std::string_view property, std::string_view text)
{
    if (text.empty() || text.size() > value_bytes_max)
        return;
    add_value(item, property, text_value(text));
}

void add_html(MfItem& item, std::string_view property, std::string_view html)
{
    if (html.empty() || html.size() > value_bytes_max)
        return;
    add_value(item, property, html_value(html));
}

// mf2 JSON. Depth is bounded by the parser, so functions may call each other.

bool is_mf2_item(json::object const& object) { return array_of(object, "type") != nullptr && object_of(object, "properties") != nullptr; }

MfItem mf2_item(json::object const& object, Budget& budget);

std::optional<MfValue> mf2_value(json::value const& value, Budget& budget)
{
    if (!budget.take_value())
        return std::nullopt;
    auto const is_short = [](json::string const* text) { return text != nullptr && text->size() <= value_bytes_max; };
    if (json::string const* const text = value.if_string())
        return is_short(text) ? std::optional(text_value(view(*text))) : std::nullopt;
    json::object const* const object = value.if_object();
    if (object == nullptr)
        return std::nullopt;
    json::string const* const text = string_of(*object, "value");
    if (is_mf2_item(*object)) {
        MfItem item = mf2_item(*object, budget);
        MfValue nested = text_value(is_short(text) ? view(*text) : item.text_of("name"));
        nested.item.push_back(std::move(item));
        return nested;
    }
    if (json::string const* const html = string_of(*object, "html"); is_short(html))
        return html_value(view(*html));
    return is_short(text) ? std::optional(text_value(view(*text))) : std::nullopt;
}

MfItem mf2_item(json::object const& object, Budget& budget)
{
    MfItem item;
    for (json::value const& type : *array_of(object, "type"))
        if (json::string const* const name = type.if_string(); name != nullptr && name->size() <= 100 && item.types.size() < types_max)
            item.types.emplace_back(view(*name));
    std::ranges::sort(item.types);
    for (auto const& [name, values] : *object_of(object, "properties")) {
        MfProperty property;
        property.name = view(name);
        for_each_value(values, [&](json::value const& each) {
            if (auto value = mf2_value(each, budget))
                property.values.push_back(*std::move(value));
        });
        if (!property.values.empty())
            item.properties.push_back(std::move(property));
    }
    if (json::array const* const children = array_of(object, "children"))
        for (json::value const& child : *children)
            if (json::object const* const nested = child.if_object(); nested != nullptr && is_mf2_item(*nested) && budget.take_item())
                item.children.push_back(mf2_item(*nested, budget));
    return item;
}

// Everything else.

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
                add_text(item, each.property, plain_text(view(*text).substr(0, value_bytes_max)));
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

MfItem other_item(json::object const& object)
{
    std::string_view const type = type_of(object);
    json::object const* const inner = object_of(object, "object");
    if (inner != nullptr && (type == "Create" || type == "Update"))
        return other_item(*inner);
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

void read_object(json::object const& object, Microformats& microformats, Budget& budget)
{
    if (!budget.take_item())
        return;
    if (is_mf2_item(object)) {
        microformats.items.push_back(mf2_item(object, budget));
        return;
    }
    json::array const* const items = array_of(object, "items");
    if (items == nullptr) {
        microformats.items.push_back(other_item(object));
        return;
    }
    bool is_mf2 = false;
    MfItem feed;
    feed.types = {"h-feed"};
    add_texts(feed, object);
    add_author(feed, object);
    for (json::value const& each : *items) {
        json::object const* const one = each.if_object();
        if (one == nullptr || !budget.take_item())
            continue;
        if (is_mf2_item(*one)) {
            is_mf2 = true;
            microformats.items.push_back(mf2_item(*one, budget));
        } else {
            feed.children.push_back(other_item(*one));
        }
    }
    if (!is_mf2)
        microformats.items.push_back(std::move(feed));
}

/// rels and rel-urls of mf2 JSON, as far as authorship needs them.
void read_rels(json::object const& object, Microformats& microformats, Budget& budget)
{
    json::object const* const rels = object_of(object, "rels");
    if (rels == nullptr)
        return;
    for (auto const& [name, urls] : *rels) {
        for_each_value(urls, [&, rel = view(name)](json::value const& url) {
            if (json::string const* const text = url.if_string(); text != nullptr && text->size() <= url_bytes_max && budget.take_value()) {
                MfRelUrl link;
                link.url = view(*text);
                link.rels = {std::string(rel)};
                microformats.rel_urls.push_back(std::move(link));
            }
        });
    }
}

void collect_urls(json::value const& root, std::size_t urls_max, std::vector<Url>& urls)
{
    std::unordered_set<std::string> seen;
    std::vector<json::value const*> open{&root};
    while (!open.empty() && urls.size() < urls_max) {
        json::value const* const value = open.back();
        open.pop_back();
        if (json::string const* const text = value->if_string()) {
            if (!starts_with_ignoring_case(trimmed(view(*text)), "http"))
                continue;
            if (auto url = Url::parse(view(*text)); url && seen.insert(url->str()).second)
                urls.push_back(*std::move(url));
        } else if (json::array const* const array = value->if_array()) {
            for (auto each = array->rbegin(); each != array->rend(); ++each)
                open.push_back(&*each);
        } else if (json::object const* const object = value->if_object()) {
            for (std::size_t i = object->size(); i > 0; --i)
                open.push_back(&(object->begin() + static_cast<std::ptrdiff_t>(i - 1))->value());
        }
    }
}

JsonPage page_of(json::value const& root, std::size_t urls_max)
{
    JsonPage page;
    Budget budget;
    for_each_value(root, [&](json::value const& each) {
        if (json::object const* const object = each.if_object()) {
            read_object(*object, page.microformats, budget);
            read_rels(*object, page.microformats, budget);
            for (std::string_view key : {"language", "lang", "inLanguage"})
                if (json::string const* const language = string_of(*object, key); language != nullptr && page.language.empty())
                    page.language = view(*language).substr(0, 100);
        }
    });
    collect_urls(root, urls_max, page.urls);
    return page;
}

}  // namespace

Result<JsonPage> read_json_page(std::string_view utf8_json, std::size_t urls_max)
{
    if (utf8_json.size() > json_page_bytes_max)
        return failure(ErrorCode::TooLarge, "the JSON is too long");
    std::string const repaired = is_valid_utf8(utf8_json) ? std::string() : repaired_utf8(utf8_json);
    std::string_view const text = repaired.empty() ? utf8_json : std::string_view(repaired);
    try {
        json::monotonic_resource memory;
        json::parse_options options;
        options.max_depth = depth_max;
        json::error_code error;
        json::value const root = json::parse(json::string_view(text.data(), text.size()), error, &memory, options);
        if (error)
            return failure(ErrorCode::Malformed, "not JSON: " + error.message());
        return page_of(root, urls_max);
    } catch (std::exception const& exception) {
        return failure(ErrorCode::Malformed, std::string("not JSON: ") + exception.what());
    }
}

}  // namespace backtalk::markup
