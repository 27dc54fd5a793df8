#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/xml_writer.h"

namespace backtalk::feed {

namespace {

// RFC 4287, 4.1.2: an entry has an author unless the feed has one, and a summary or content; its title may be empty text.
void write_entry(XmlWriter& xml, FeedEntry const& entry)
{
    xml.open("entry");
    xml.element("id", entry.id.empty() ? entry.url : entry.id);
    xml.element("title", entry.title, {{"type", "text"}});
    xml.empty("link", {{"rel", "alternate"}, {"type", "text/html"}, {"href", entry.url}});
    xml.element("published", rfc3339(entry.published, entry.offset));
    xml.element("updated", rfc3339(std::max(entry.published, entry.updated), entry.offset));
    if (!entry.author.empty()) {
        xml.open("author");
        xml.element("name", entry.author);
        xml.optional_element("uri", entry.author_url);
        xml.close("author");
    }
    for (std::string const& category : entry.categories)
        xml.empty("category", {{"term", category}});
    if (!entry.summary.empty() || entry.content_html.empty())
        xml.element("summary", entry.summary, {{"type", "text"}});
    if (!entry.content_html.empty())
        xml.element("content", entry.content_html, {{"type", "html"}, {"xml:base", entry.url}});
    xml.close("entry");
}

}  // namespace

std::string atom_feed(FeedInfo const& feed, std::span<FeedEntry const> entries)
{
    XmlWriter xml;
    if (feed.language.empty())
        xml.open("feed", {{"xmlns", "http://www.w3.org/2005/Atom"}});
    else
        xml.open("feed", {{"xmlns", "http://www.w3.org/2005/Atom"}, {"xml:lang", feed.language}});
    xml.element("id", feed.id.empty() ? feed.self_url : feed.id);
    xml.element("title", feed.title, {{"type", "text"}});
    if (!feed.description.empty())
        xml.element("subtitle", feed.description, {{"type", "text"}});
    xml.empty("link", {{"rel", "self"}, {"type", "application/atom+xml"}, {"href", feed.self_url}});
    xml.empty("link", {{"rel", "alternate"}, {"type", "text/html"}, {"href", feed.home_url}});
    Instant updated = feed.updated;
    for (FeedEntry const& entry : entries)
        updated = std::max({updated, entry.published, entry.updated});
    xml.element("updated", rfc3339(updated, feed.offset));
    // The feed's author stands for entries without one (4.1.1); the weblog itself where nobody is named.
    xml.open("author");
    xml.element("name", feed.author.empty() ? feed.title : feed.author);
    xml.close("author");
    xml.optional_element("generator", feed.generator);
    for (FeedEntry const& entry : entries)
        write_entry(xml, entry);
    xml.close("feed");
    return xml.take();
}

std::string tag_uri(std::string_view domain, Instant date, std::string_view specific)
{
    CivilTime const day = civil_time(date);
    return fmt::format("tag:{},{:04}-{:02}-{:02}:{}", domain, day.year, day.month, day.day, specific);
}

}  // namespace backtalk::feed
