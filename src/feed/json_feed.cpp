#include <boost/json.hpp>

#include <fmt/format.h>

#include "base/text.h"
#include "feed/feed_items.h"
#include "markup/microformats.h"

namespace backtalk::feed {

namespace {

namespace json = boost::json;

std::string_view text_at(json::object const& object, std::string_view key)
{
    json::value const* const value = object.if_contains(key);
    json::string const* const text = value ? value->if_string() : nullptr;
    return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

std::optional<ZonedTime> date_at(json::object const& object, std::string_view key) { return feed_date(text_at(object, key)); }

void read_item(json::object const& object, Url const& base, FeedItems& items)
{
    std::string_view reference = text_at(object, "url");
    if (reference.empty() && starts_with_ignoring_case(text_at(object, "id"), "http"))
        reference = text_at(object, "id");
    FeedItem* const item = items.add(reference, base);
    if (!item)
        return;
    item->title = title_of_text(text_at(object, "title"));
    item->published = date_at(object, "date_published");
    item->updated = date_at(object, "date_modified");
    std::string_view const html = text_at(object, "content_html");
    item->content_html = html.empty() ? kept_content(escaped(text_at(object, "content_text"))) : kept_content(html);
}

Result<ReadFeed> feed_of(json::value const& document, Url const& url)
{
    json::object const* const root = document.if_object();
    json::value const* const list = root ? root->if_contains("items") : nullptr;
    if (!list || !list->is_array() || text_at(*root, "version").find("jsonfeed.org") == std::string_view::npos)
        return failure(ErrorCode::Malformed, "it is JSON, but not a JSON feed");
    ReadFeed feed{FeedKind::Json, {}, {}};
    FeedItems items(feed);
    for (json::value const& each : list->get_array())
        if (json::object const* const object = each.if_object())
            read_item(*object, url, items);
    return feed;
}

/// The entries of a list of items and of the feeds among them, two levels at most.
void read_entries(std::vector<markup::MfItem> const& all, Url const& base, FeedItems& items, int levels)
{
    for (markup::MfItem const& each : all) {
        if (each.is("h-feed") && levels > 0)
            read_entries(each.children, base, items, levels - 1);
        if (!each.is("h-entry") && !each.is("h-event"))
            continue;
        FeedItem* const item = items.add(each.text_of("url"), base);
        if (!item)
            continue;
        item->title = title_of_text(each.text_of("name"));
        item->published = feed_date(each.text_of("published"));
        item->updated = feed_date(each.text_of("updated"));
        if (auto const* const content = each.find("content"); content && !content->values.empty())
            item->content_html = kept_content(content->values.front().html.value_or(escaped(content->values.front().text)));
    }
}

}  // namespace

Result<ReadFeed> read_json_feed(std::string_view utf8, Url const& url)
{
    try {
        json::monotonic_resource memory;
        json::parse_options options;
        options.max_depth = 64;
        json::error_code error;
        json::value const document = json::parse(json::string_view(utf8.data(), utf8.size()), error, &memory, options);
        if (error)
            return failure(error == json::error::too_deep ? ErrorCode::TooLarge : ErrorCode::Malformed,
                fmt::format("it is not well-formed JSON: {}", error.message()));
        return feed_of(document, url);
    } catch (std::exception const& exception) {
        return failure(ErrorCode::Malformed, fmt::format("it is not well-formed JSON: {}", exception.what()));
    }
}

Result<ReadFeed> read_h_feed(std::string_view utf8, Url const& url)
{
    markup::Microformats const microformats = markup::read_microformats(utf8, url);
    ReadFeed feed{FeedKind::HFeed, {}, {}};
    FeedItems items(feed);
    read_entries(microformats.items, url, items, 1);
    if (feed.items.empty())
        return failure(ErrorCode::Malformed, "it is neither a feed nor a sitemap, nor a page with an h-feed");
    return feed;
}

}  // namespace backtalk::feed
