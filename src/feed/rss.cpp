#include <algorithm>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/xml_writer.h"

namespace backtalk::feed {

namespace {

void write_item(XmlWriter& xml, FeedEntry const& entry)
{
    xml.open("item");
    xml.element("title", entry.title);
    xml.element("link", entry.url);
    // An id that is not the permalink must say so, else readers take it for an address.
    bool const is_permalink = entry.id.empty() || entry.id == entry.url;
    xml.element("guid", is_permalink ? entry.url : entry.id, {{"isPermaLink", is_permalink ? "true" : "false"}});
    xml.element("pubDate", rfc822_date(entry.published, entry.offset));
    // RSS's own <author> wants a mail address; names go into Dublin Core.
    xml.optional_element("dc:creator", entry.author);
    for (std::string const& category : entry.categories)
        xml.optional_element("category", category);
    // The description is read as HTML by everybody, so a plain text is escaped once more.
    xml.optional_element("description", escaped(entry.summary));
    xml.optional_element("content:encoded", entry.content_html);
    xml.close("item");
}

}  // namespace

std::string rss_feed(FeedInfo const& feed, std::span<FeedEntry const> entries)
{
    XmlWriter xml;
    xml.open("rss",
        {{"version", "2.0"}, {"xmlns:atom", "http://www.w3.org/2005/Atom"}, {"xmlns:content", "http://purl.org/rss/1.0/modules/content/"},
            {"xmlns:dc", "http://purl.org/dc/elements/1.1/"}});
    xml.open("channel");
    xml.element("title", feed.title);
    xml.element("link", feed.home_url);
    xml.element("description", feed.description);
    xml.empty("atom:link", {{"rel", "self"}, {"type", "application/rss+xml"}, {"href", feed.self_url}});
    xml.optional_element("language", feed.language);
    Instant updated = feed.updated;
    for (FeedEntry const& entry : entries)
        updated = std::max({updated, entry.published, entry.updated});
    xml.element("lastBuildDate", rfc822_date(updated, feed.offset));
    xml.optional_element("generator", feed.generator);
    for (FeedEntry const& entry : entries)
        write_item(xml, entry);
    xml.close("channel");
    xml.close("rss");
    return xml.take();
}

}  // namespace backtalk::feed
