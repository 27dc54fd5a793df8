#include <fmt/format.h>

#include "app/change_keys.h"
#include "feed/feed.h"
#include "feed/sitemap.h"
#include "web/page_models.h"
#include "web/pages.h"

namespace backtalk::web {

namespace {

constexpr std::size_t entries_in_feed = 20;

feed::FeedEntry feed_entry(Site const& site, Entry const& entry)
{
    feed::FeedEntry item;
    // The id of an entry never changes, its address may.
    item.id = feed::tag_uri(site.base.url().host(), entry.published, fmt::format("{}{}", site.base.prefix(), entry.id.value));
    item.url = permalink(site, entry).str();
    item.title = entry.title;
    item.summary = excerpt_text(entry);
    item.content_html = body_html(entry) + extended_html(entry);
    item.author = entry.author;
    for (Label const& category : entry.categories)
        item.categories.push_back(category.name);
    for (Label const& tag : entry.tags)
        item.categories.push_back(tag.name);
    item.published = entry.published;
    item.updated = std::max(entry.updated, entry.published);
    item.offset = entry.offset;
    return item;
}

}  // namespace

Pages::Page Pages::feed(Site const& site, ListSubject const& subject, FeedFormat format)
{
    EntryQuery query = query_for(site, subject);
    query.limit = entries_in_feed;
    TRY(std::vector<Entry> const entries, store_.entries(query));
    bool const is_home = subject.kind == ListSubject::Kind::Home;
    if (entries.empty() && !is_home)
        return std::nullopt;
    TRY(std::string const heading, heading_of(site, subject));
    std::string const folder = is_home                ? local_path(site, "")
        : subject.kind == ListSubject::Kind::Category ? category_path(site, subject.slug)
                                                      : tag_path(site, subject.slug);
    std::string const origin(site.base.url().origin());

    feed::FeedInfo info;
    info.title = heading.empty() ? site.title : fmt::format("{}: {}", site.title, heading);
    info.description = site.description;
    info.home_url = origin + folder;
    info.self_url = origin + folder + (format == FeedFormat::Atom ? "feed.atom" : "feed.rss");
    info.language = site.language;
    info.author = site.author.empty() ? site.title : site.author;
    std::vector<std::string> shows = {key_of_site(site.id),
        is_home                                           ? key_of_list(site.id)
            : subject.kind == ListSubject::Kind::Category ? key_of_category(site.id, subject.slug)
                                                          : key_of_tag(site.id, subject.slug)};
    std::vector<feed::FeedEntry> items;
    for (Entry const& entry : entries) {
        shows.push_back(key_of_entry(entry.id));
        items.push_back(feed_entry(site, entry));
        info.updated = std::max(info.updated, items.back().updated);
    }
    http::Response response = format == FeedFormat::Atom
        ? http::Response(200, "application/atom+xml; charset=utf-8", feed::atom_feed(info, items))
        : http::Response(200, "application/rss+xml; charset=utf-8", feed::rss_feed(info, items));
    return BuiltPage(std::move(response), std::move(shows));
}

Pages::Page Pages::sitemap(Site const& site, std::size_t part)
{
    constexpr std::size_t part_size = feed::sitemap_urls_max - 1;  // and the home page
    EntryQuery all(site.id);
    TRY(std::int64_t const count, store_.count_entries(all));
    std::size_t const parts = (static_cast<std::size_t>(count) + part_size - 1) / part_size;
    std::vector<std::string> shows = {key_of_site(site.id), key_of_list(site.id)};
    if (part == 0 && parts > 1) {
        std::vector<feed::SitemapUrl> files;
        for (std::size_t i = 1; i <= parts; ++i)
            files.push_back(feed::SitemapUrl{site.base.at(fmt::format("sitemap-{}.xml", i)).str(), std::nullopt});
        return BuiltPage(http::Response(200, "application/xml; charset=utf-8", feed::sitemap_index(files)), std::move(shows));
    }
    if (part > parts)
        return std::nullopt;
    std::vector<feed::SitemapUrl> urls;
    if (part <= 1)
        urls.push_back(feed::SitemapUrl{site.base.url().str(), std::nullopt});
    TRY(std::vector<EntryLink> const links, store_.entry_links(site.id, part_size, part > 1 ? (part - 1) * part_size : 0));
    for (EntryLink const& link : links)
        urls.push_back(feed::SitemapUrl{site.base.at(link.path).str(), link.updated});
    return BuiltPage(http::Response(200, "application/xml; charset=utf-8", feed::sitemap_xml(urls)), std::move(shows));
}

}  // namespace backtalk::web
