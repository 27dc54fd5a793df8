#include "web/page_models.h"

#include <fmt/format.h>

#include "base/text.h"
#include "markup/sanitizer.h"
#include "trackback/rdf_block.h"
#include "url/percent.h"

namespace backtalk::web {

namespace {

std::string date_text(Instant instant, std::chrono::minutes offset) { return long_date(civil_time(instant, offset)); }

std::string json_ld(Site const& site, Entry const& entry, std::string const& address, std::string const& description)
{
    std::string const author = entry.author.empty() ? site.author : entry.author;
    std::string json =
        fmt::format(R"({{"@context":"https://schema.org","@type":"BlogPosting","headline":"{}","url":"{}","mainEntityOfPage":"{}",)"
                    R"("datePublished":"{}","dateModified":"{}","description":"{}","inLanguage":"{}",)",
            json_escaped(entry.title), json_escaped(address), json_escaped(address), rfc3339(entry.published, entry.offset),
            rfc3339(std::max(entry.updated, entry.published), entry.offset), json_escaped(description), json_escaped(site.language));
    if (!author.empty())
        json += fmt::format(R"("author":{{"@type":"Person","name":"{}"}},)", json_escaped(author));
    json += fmt::format(
        R"("isPartOf":{{"@type":"Blog","name":"{}","url":"{}"}}}})", json_escaped(site.title), json_escaped(site.base.url().str()));
    return json;
}

}  // namespace

std::string local_path(Site const& site, std::string_view relative) { return std::string(site.base.prefix()) + std::string(relative); }
std::string category_path(Site const& site, std::string_view slug) { return local_path(site, "category/" + percent_encoded(slug) + "/"); }
std::string tag_path(Site const& site, std::string_view slug) { return local_path(site, "tag/" + percent_encoded(slug) + "/"); }

std::string date_path(Site const& site, int year, int month, int day)
{
    std::string path = fmt::format("{:04}/", year);
    if (month)
        path += fmt::format("{:02}/", month);
    if (day)
        path += fmt::format("{:02}/", day);
    return local_path(site, path);
}

View site_view(Site const& site, Theme const& theme)
{
    auto const& fields = schema<SiteSchema>();
    auto const& feed = schema<FeedLinkSchema>();
    auto const& link = schema<LinkSchema>();
    View view(fields);
    std::string const atom = local_path(site, "feed.atom");
    std::string const rss = local_path(site, "feed.rss");
    view.set(fields.title, site.title.empty() ? std::string(site.base.authority()) : site.title);
    view.set(fields.description, site.description).set(fields.language, site.language);
    view.set(fields.home_url, site.base.url().str()).set(fields.style_url, local_path(site, "theme/" + theme.style_sheet_name()));
    view.set(fields.atom_url, atom).set(fields.rss_url, rss);
    view.set(fields.archives_url, local_path(site, "archives/"));
    view.add(fields.feeds).set(feed.title, site.title + " (Atom)").set(feed.type, "application/atom+xml").set(feed.url, atom);
    view.add(fields.feeds).set(feed.title, site.title + " (RSS)").set(feed.type, "application/rss+xml").set(feed.url, rss);
    view.set(fields.has_navigation, true);
    view.add(fields.navigation).set(link.name, "Home").set(link.url, local_path(site, ""));
    view.add(fields.navigation).set(link.name, "Archives").set(link.url, local_path(site, "archives/"));
    view.add(fields.navigation).set(link.name, "Feed").set(link.url, atom);
    return view;
}

void fill_entry(View& view, Site const& site, Entry const& entry, ShowBody show_body, std::int64_t mention_count)
{
    auto const& fields = schema<EntrySchema>();
    auto const& link = schema<LinkSchema>();
    view.set(fields.id, entry.id.value).set(fields.title, entry.title).set(fields.permalink, permalink(site, entry).str());
    view.set(fields.date_iso, rfc3339(entry.published, entry.offset)).set(fields.date, date_text(entry.published, entry.offset));
    view.set(fields.author, entry.author);
    if (show_body == ShowBody::Yes)
        view.set(fields.body, body_html(entry));
    else
        view.set(fields.excerpt, excerpt_text(entry));
    view.set(fields.has_extended, !entry.extended_body.empty()).set(fields.is_unlisted, entry.status == EntryStatus::Unlisted);
    for (Label const& category : entry.categories)
        view.add(fields.categories).set(link.name, category.name).set(link.url, category_path(site, category.slug));
    for (Label const& tag : entry.tags)
        view.add(fields.tags).set(link.name, tag.name).set(link.url, tag_path(site, tag.slug));
    view.set(fields.trackback_url, ping_url(site, entry).str()).set(fields.trackback_open, entry.takes_pings);
    // Relative: where a proxy speaks another scheme to readers, the form still goes to the page's own origin.
    view.set(fields.announce_url, local_path(site, "webmention"));
    view.set(fields.webmention_url, site.base.at("webmention").str()).set(fields.pingback_url, site.base.at("xmlrpc").str());
    view.set(fields.mention_count, mention_count).set(fields.has_one_mention, mention_count == 1);
}

void fill_comment(View& view, Site const& site, Entry const& entry, Comment const& comment, std::int64_t number)
{
    auto const& fields = schema<CommentSchema>();
    Url const page = permalink(site, entry);
    view.set(fields.id, number).set(fields.author, comment.author);
    // "about.html" would lead into our own pages.
    if (Result<Url> const author = Url::parse(comment.url); author && !author->has_credentials())
        view.set(fields.author_url, author->str());
    view.set(fields.body, markup::sanitized(comment.text, &page, {}));
    view.set(fields.permalink, fmt::format("{}#comment-{}", page.str(), number));
    view.set(fields.date_iso, rfc3339(comment.written, entry.offset)).set(fields.date, date_text(comment.written, entry.offset));
}

void fill_entry_head(View& head, Site const& site, Entry const& entry)
{
    auto const& fields = schema<HeadSchema>();
    Url const address = permalink(site, entry);
    std::string const description = excerpt_text(entry);
    head.set(fields.title, entry.title).set(fields.description, description).set(fields.canonical, address.str());
    head.set(fields.is_article, true).set(fields.published_iso, rfc3339(entry.published, entry.offset));
    if (entry.updated > entry.published)
        head.set(fields.modified_iso, rfc3339(entry.updated, entry.offset));
    head.set(fields.no_index, entry.status == EntryStatus::Unlisted);
    head.set(fields.json_ld, json_ld(site, entry, address.str(), description));
    if (!entry.takes_pings)
        return;
    Url const endpoint = ping_url(site, entry);
    head.set(fields.trackback_url, endpoint.str());
    head.set(fields.webmention_url, site.base.at("webmention").str()).set(fields.pingback_url, site.base.at("xmlrpc").str());
    trackback::EntryRdf rdf(address, endpoint);
    rdf.title = entry.title;
    rdf.subject = entry.categories.empty() ? std::string() : entry.categories.front().name;
    rdf.description = description;
    rdf.creator = entry.author;
    rdf.date = ZonedTime{entry.published, entry.offset, true};
    head.set(fields.rdf_block, trackback::rdf_block(rdf));
}

}  // namespace backtalk::web
