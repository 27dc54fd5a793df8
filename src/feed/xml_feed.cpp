#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/text.h"
#include "feed/feed_items.h"

namespace backtalk::feed {

namespace {

constexpr int depth_max = 64;

/// pugixml calls it for each node, without recursion.
class DepthCheck final : public pugi::xml_tree_walker {
public:
    bool for_each(pugi::xml_node&) override { return depth() < depth_max; }
};

Result<void> load(pugi::xml_document& document, std::string_view text)
{
    constexpr unsigned flags = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_doctype;
    pugi::xml_parse_result const parsed = document.load_buffer(text.data(), text.size(), flags, pugi::encoding_utf8);
    // It stands before the root, so it was seen even if what follows is broken.
    for (pugi::xml_node const node : document.children())
        if (node.type() == pugi::node_doctype)
            return failure(ErrorCode::Refused, "it has a document type declaration, which is not read");
    if (!parsed)
        return failure(ErrorCode::Malformed, fmt::format("it is not well-formed XML: {} at byte {}", parsed.description(), parsed.offset));
    if (DepthCheck check; !document.traverse(check))
        return failure(ErrorCode::TooLarge, fmt::format("its elements are nested more than {} deep", depth_max));
    return {};
}

/// "content:encoded" gives "encoded".
/// NB: prefixes are not looked up in their declarations; the two that matter are used by everybody under the same name.
std::string_view local_name(pugi::xml_node node)
{
    std::string_view const name = node.name();
    auto const colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool has_prefix(pugi::xml_node node, std::string_view prefix)
{
    std::string_view const name = node.name();
    return name.size() > prefix.size() && name.starts_with(prefix) && name[prefix.size()] == ':';
}

/// All text inside an element, CDATA sections included.
std::string text_in(pugi::xml_node node)
{
    std::string text;
    for (pugi::xml_node const child : node.children())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
            text += child.value();
    return text;
}

/// The children as XML again. pugixml writes without recursion.
std::string markup_in(pugi::xml_node node)
{
    struct Writer final : pugi::xml_writer {
        std::string out;
        void write(void const* data, std::size_t size) override { out.append(static_cast<char const*>(data), size); }
    } writer;
    for (pugi::xml_node const child : node.children())
        child.print(writer, "", pugi::format_raw, pugi::encoding_utf8);
    return std::move(writer.out);
}

/// A text construct of Atom as HTML. Spec: RFC 4287, 3.1 and 4.1.3.
std::string html_of_construct(pugi::xml_node node)
{
    std::string_view const type = node.attribute("type").value();
    if (type == "xhtml")
        return markup_in(node);
    if (type == "html" || type == "text/html")
        return text_in(node);
    return escaped(text_in(node));
}

/// The base for what is in `node`. Spec: https://www.w3.org/TR/xmlbase/
Url base_in(pugi::xml_node node, Url const& base)
{
    std::string_view const reference = node.attribute("xml:base").value();
    if (reference.empty())
        return base;
    Result<Url> const own = base.resolve(reference);
    return own ? *own : base;
}

/// The page of an Atom entry: its first alternate link, one to HTML before others; else its id, if that is an address.
std::pair<std::string, Url> page_of_atom_entry(pugi::xml_node entry, Url const& base)
{
    std::string best;
    Url best_base = base;
    int best_rank = 0;
    for (pugi::xml_node const child : entry.children()) {
        std::string_view const name = local_name(child);
        int rank = 0;
        std::string reference;
        if (name == "link") {
            std::string_view const rel = child.attribute("rel").value();
            std::string_view const type = child.attribute("type").value();
            if (rel.empty() || rel == "alternate")
                rank = type.empty() || type.find("html") != std::string_view::npos ? 3 : 2;
            reference = child.attribute("href").value();
        } else if (name == "id") {
            reference = text_in(child);
            rank = starts_with_ignoring_case(trimmed(reference), "http") ? 1 : 0;
        }
        if (rank > best_rank) {
            best = std::move(reference);
            best_base = base_in(child, base);
            best_rank = rank;
        }
    }
    return {std::move(best), std::move(best_base)};
}

void read_atom_entry(pugi::xml_node entry, Url const& base, FeedItems& items)
{
    auto const [reference, page_base] = page_of_atom_entry(entry, base);
    FeedItem* const item = items.add(reference, page_base);
    if (!item)
        return;
    std::string summary;
    for (pugi::xml_node const child : entry.children()) {
        std::string_view const name = local_name(child);
        if (name == "title" && item->title.empty())
            item->title = title_of_html(html_of_construct(child));
        else if (name == "published" || name == "issued")
            item->published = feed_date(text_in(child));
        else if (name == "updated" || name == "modified")
            item->updated = feed_date(text_in(child));
        else if (name == "content" && item->content_html.empty())
            item->content_html = kept_content(html_of_construct(child));
        else if (name == "summary" && summary.empty())
            summary = html_of_construct(child);
    }
    if (item->content_html.empty())
        item->content_html = kept_content(summary);
}

ReadFeed read_atom(pugi::xml_node root, Url const& url)
{
    ReadFeed feed{FeedKind::Atom, {}, {}};
    FeedItems items(feed);
    Url const base = base_in(root, url);
    for (pugi::xml_node const child : root.children())
        if (local_name(child) == "entry" && !items.full())
            read_atom_entry(child, base_in(child, base), items);
    return feed;
}

/// The page of an RSS item. A reader of feeds that rewrites links leaves the real one in origLink.
std::string page_of_rss_item(pugi::xml_node item)
{
    std::string link, guid, original;
    for (pugi::xml_node const child : item.children()) {
        std::string_view const name = local_name(child);
        if (name == "origLink" && original.empty())
            original = text_in(child);
        else if (name == "link" && link.empty() && !has_prefix(child, "atom"))
            link = text_in(child);
        else if (name == "guid" && std::string_view(child.attribute("isPermaLink").value()) != "false")
            guid = text_in(child);
    }
    if (link.empty())
        link = item.attribute("rdf:about").value();
    if (!trimmed(original).empty())
        return original;
    return !trimmed(link).empty() || !starts_with_ignoring_case(trimmed(guid), "http") ? link : guid;
}

void read_rss_item(pugi::xml_node element, Url const& base, FeedItems& items)
{
    FeedItem* const item = items.add(page_of_rss_item(element), base);
    if (!item)
        return;
    std::string description;
    for (pugi::xml_node const child : element.children()) {
        std::string_view const name = local_name(child);
        if (name == "title" && item->title.empty() && !has_prefix(child, "media"))
            item->title = title_of_html(text_in(child));
        else if ((name == "pubDate" || name == "date") && !item->published)
            item->published = feed_date(text_in(child));
        else if (name == "updated" || name == "modified")
            item->updated = feed_date(text_in(child));
        else if (name == "encoded")
            item->content_html = kept_content(text_in(child));
        else if (name == "description" && description.empty() && !has_prefix(child, "media"))
            description = text_in(child);
    }
    if (item->content_html.empty())
        item->content_html = kept_content(description);
}

/// In RSS 2.0 items stand in the channel, in RSS 1.0 beside it.
ReadFeed read_rss(pugi::xml_node root, Url const& url)
{
    ReadFeed feed{FeedKind::Rss, {}, {}};
    FeedItems items(feed);
    Url const base = base_in(root, url);
    for (pugi::xml_node const child : root.children()) {
        if (local_name(child) == "item")
            read_rss_item(child, base, items);
        if (local_name(child) != "channel")
            continue;
        for (pugi::xml_node const item : child.children())
            if (local_name(item) == "item" && !items.full())
                read_rss_item(item, base, items);
    }
    return feed;
}

std::string child_text(pugi::xml_node node, std::string_view name)
{
    for (pugi::xml_node const child : node.children())
        if (local_name(child) == name && !has_prefix(child, "image") && !has_prefix(child, "video"))
            return text_in(child);
    return {};
}

ReadFeed read_sitemap(pugi::xml_node root, Url const& url)
{
    ReadFeed feed{FeedKind::Sitemap, {}, {}};
    FeedItems items(feed);
    for (pugi::xml_node const child : root.children())
        if (local_name(child) == "url")
            if (FeedItem* const item = items.add(child_text(child, "loc"), url))
                item->updated = feed_date(child_text(child, "lastmod"));
    return feed;
}

ReadFeed read_sitemap_index(pugi::xml_node root, Url const& url)
{
    std::vector<std::pair<Instant, Url>> found;
    for (pugi::xml_node const child : root.children()) {
        if (local_name(child) != "sitemap" || found.size() >= feed_items_max)
            continue;
        std::string const address = child_text(child, "loc");
        Result<Url> const sitemap = url.resolve(trimmed(address));
        auto const changed = feed_date(child_text(child, "lastmod"));
        // A sitemap lists pages of its own host only, and so does its index.
        if (!trimmed(address).empty() && sitemap && sitemap->host() == url.host() && !sitemap->has_credentials())
            found.emplace_back(changed ? changed->instant : Instant(), sitemap->without_fragment());
    }
    std::stable_sort(found.begin(), found.end(), [](auto const& a, auto const& b) { return a.first > b.first; });
    ReadFeed feed{FeedKind::SitemapIndex, {}, {}};
    for (auto& each : found)
        if (feed.sitemaps.size() < sitemaps_max &&
            std::find(feed.sitemaps.begin(), feed.sitemaps.end(), each.second) == feed.sitemaps.end())
            feed.sitemaps.push_back(std::move(each.second));
    return feed;
}

}  // namespace

Result<ReadFeed> read_xml_feed(std::string_view utf8, Url const& url)
{
    pugi::xml_document document;
    TRY_DONE(load(document, utf8));
    pugi::xml_node const root = document.document_element();
    std::string_view const name = local_name(root);
    if (name == "feed")
        return read_atom(root, url);
    if (name == "rss" || name == "RDF")
        return read_rss(root, url);
    if (name == "urlset")
        return read_sitemap(root, url);
    if (name == "sitemapindex")
        return read_sitemap_index(root, url);
    return failure(ErrorCode::Malformed, "it is XML, but neither a feed nor a sitemap");
}

}  // namespace backtalk::feed
