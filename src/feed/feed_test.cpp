#include <catch2/catch.hpp>

#include <vector>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/sitemap.h"

using namespace backtalk;
using namespace backtalk::feed;

namespace {

/// Nothing, or why the text is not the kind of XML that these feeds are made of.
std::string xml_problem(std::string_view xml)
{
    constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
    if (!xml.starts_with(declaration))
        return "no declaration";
    if (!is_valid_utf8(xml))
        return "not UTF-8";
    xml.remove_prefix(declaration.size());
    for (std::size_t at = 0; at < xml.size();) {
        char32_t const c = next_code_point(xml, at);
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF)
            return "a forbidden character";
    }
    std::vector<std::string> open;
    std::size_t roots = 0;
    while (!xml.empty()) {
        if (xml.front() != '<') {
            std::string_view const text = xml.substr(0, xml.find('<'));
            if (open.empty() && !trimmed(text).empty())
                return "text outside the root";
            if (text.find("]]>") != std::string_view::npos)
                return "]]> in text";
            for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
                std::string_view const reference = text.substr(at, text.find(';', at) - at);
                if (reference != "&amp" && reference != "&lt" && reference != "&gt" && reference != "&quot" && reference != "&#13")
                    return "a bare &";
            }
            xml.remove_prefix(text.size());
            continue;
        }
        std::size_t const end = xml.find('>');
        if (end == std::string_view::npos)
            return "a tag without end";
        std::string_view const tag = xml.substr(1, end - 1);
        xml.remove_prefix(end + 1);
        if (tag.find('<') != std::string_view::npos)
            return "< in a tag";
        if (tag.starts_with('/')) {
            if (open.empty() || open.back() != tag.substr(1))
                return "closed in the wrong order";
            open.pop_back();
        } else {
            roots += open.empty() ? 1 : 0;
            if (!tag.ends_with('/'))
                open.emplace_back(tag.substr(0, tag.find(' ')));
        }
    }
    return !open.empty() ? "not closed" : roots != 1 ? "not one root" : "";
}

FeedInfo sample_feed()
{
    FeedInfo feed;
    feed.id = "tag:quarters.example,2007-01-01:/";
    feed.title = "Quarters & Co";
    feed.description = "Small <things>";
    feed.home_url = "http://quarters.example/";
    feed.self_url = "http://quarters.example/feed.atom";
    feed.language = "en";
    feed.updated = *to_instant({2007, 1, 1, 0, 0, 0});
    return feed;
}

FeedEntry sample_entry()
{
    FeedEntry entry;
    entry.id = "tag:quarters.example,2007-03-08:/9352";
    entry.url = "http://quarters.example/2007/03/the-harbour/?a=1&b=2";
    entry.title = "The harbour <at> \"night\"";
    entry.summary = "After eleven & before four";
    entry.content_html = "<p>one &amp; two ]]> three</p>";
    entry.author = "Ida Marsh";
    entry.author_url = "http://quarters.example/about/";
    entry.categories = {"Walks", "Bread & Salt"};
    entry.published = *to_instant({2007, 3, 8, 11, 41, 11});
    entry.updated = *to_instant({2007, 3, 9, 11, 41, 11});
    entry.offset = std::chrono::minutes(-300);
    return entry;
}

bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an Atom feed says what RFC 4287 asks for", "[feed]")
{
    std::vector<FeedEntry> const entries{sample_entry()};
    std::string const xml = atom_feed(sample_feed(), entries);
    INFO(xml);
    CHECK(xml_problem(xml) == "");
    CHECK(has(xml, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">"));
    CHECK(has(xml, "<id>tag:quarters.example,2007-01-01:/</id>"));
    CHECK(has(xml, "<title type=\"text\">Quarters &amp; Co</title>"));
    CHECK(has(xml, "<link rel=\"self\" type=\"application/atom+xml\" href=\"http://quarters.example/feed.atom\"/>"));
    CHECK(has(xml, "<link rel=\"alternate\" type=\"text/html\" href=\"http://quarters.example/\"/>"));
    CHECK(has(xml, "\n  <updated>2007-03-09T11:41:11Z</updated>"));
    CHECK(has(xml, "<id>tag:quarters.example,2007-03-08:/9352</id>"));
    CHECK(has(xml, "<published>2007-03-08T06:41:11-05:00</published>"));
    CHECK(has(xml, "<updated>2007-03-09T06:41:11-05:00</updated>"));
    CHECK(has(xml, "<category term=\"Bread &amp; Salt\"/>"));
    CHECK(has(xml,
        "<content type=\"html\" xml:base=\"http://quarters.example/2007/03/the-harbour/?a=1&amp;b=2\">"
        "&lt;p&gt;one &amp;amp; two ]]&gt; three&lt;/p&gt;</content>"));
}

TEST_CASE("an RSS feed says what RSS 2.0 asks for", "[feed]")
{
    FeedEntry plain = sample_entry();
    plain.id.clear();
    std::vector<FeedEntry> const entries{sample_entry(), plain};
    std::string const xml = rss_feed(sample_feed(), entries);
    INFO(xml);
    CHECK(xml_problem(xml) == "");
    CHECK(has(xml, "<guid isPermaLink=\"false\">tag:quarters.example,2007-03-08:/9352</guid>"));
    CHECK(has(xml, "<guid isPermaLink=\"true\">http://quarters.example/2007/03/the-harbour/?a=1&amp;b=2</guid>"));
    CHECK(has(xml, "<pubDate>Thu, 08 Mar 2007 06:41:11 -0500</pubDate>"));
    CHECK(has(xml, "<dc:creator>Ida Marsh</dc:creator>"));
    CHECK(has(xml, "<category>Walks</category>"));
    CHECK(has(xml, "<description>After eleven &amp;amp; before four</description>"));
    CHECK(has(xml, "<content:encoded>&lt;p&gt;one &amp;amp; two ]]&gt; three&lt;/p&gt;</content:encoded>"));
    CHECK(has(xml, "<atom:link rel=\"self\" type=\"application/rss+xml\""));
}

TEST_CASE("feeds are XML whatever stands in them", "[feed]")
{
    std::string every_byte;
    for (int c = 0; c < 256; ++c)
        every_byte += static_cast<char>(c);
    every_byte += "\uFFFE\uFFFF\u0085\xED\xA0\x80]]><!--&#x0;";
    FeedEntry entry;
    entry.title = entry.summary = entry.content_html = entry.author = entry.url = entry.id = every_byte;
    entry.categories = {every_byte, ""};
    FeedInfo feed;
    feed.title = feed.description = feed.language = feed.self_url = every_byte;
    std::vector<FeedEntry> const entries{entry, FeedEntry()};
    CHECK(xml_problem(atom_feed(feed, entries)) == "");
    CHECK(xml_problem(rss_feed(feed, entries)) == "");
    CHECK(xml_problem(atom_feed({}, {})) == "");
    CHECK(xml_problem(rss_feed({}, {})) == "");
    std::vector<SitemapUrl> const urls{{every_byte, std::nullopt}};
    CHECK(xml_problem(sitemap_xml(urls)) == "");
}

TEST_CASE("a feed without changes is the same feed", "[feed]")
{
    std::vector<FeedEntry> const entries{sample_entry()};
    CHECK(atom_feed(sample_feed(), entries) == atom_feed(sample_feed(), entries));
    FeedEntry early = sample_entry();
    early.updated = Instant();
    CHECK(has(atom_feed(sample_feed(), std::vector<FeedEntry>{early}), "<updated>2007-03-08T06:41:11-05:00</updated>"));
}

TEST_CASE("a tag URI names the day and the thing", "[feed]")
{
    CHECK(tag_uri("quarters.example", *to_instant({2007, 3, 8, 0, 0, 0}), "/9352") == "tag:quarters.example,2007-03-08:/9352");
}

TEST_CASE("a sitemap holds fifty thousand addresses at most", "[feed]")
{
    std::vector<SitemapUrl> urls{
        {"http://quarters.example/?a&b", to_instant({2007, 3, 8, 11, 41, 11})}, {"http://quarters.example/x", std::nullopt}};
    std::string const xml = sitemap_xml(urls);
    CHECK(xml_problem(xml) == "");
    CHECK(has(xml, "<loc>http://quarters.example/?a&amp;b</loc>\n    <lastmod>2007-03-08T11:41:11Z</lastmod>"));
    CHECK(xml_problem(sitemap_index(urls)) == "");
    CHECK(has(sitemap_index(urls), "<sitemap>\n    <loc>http://quarters.example/?a&amp;b</loc>"));
    urls.assign(sitemap_urls_max + 1, SitemapUrl{"http://quarters.example/", std::nullopt});
    std::string const many = sitemap_xml(urls);
    std::size_t count = 0;
    for (std::size_t at = many.find("<loc>"); at != std::string::npos; at = many.find("<loc>", at + 1))
        ++count;
    CHECK(count == sitemap_urls_max);
}

TEST_CASE("robots.txt keeps to its lines", "[feed]")
{
    std::vector<std::string> const closed{"/admin/", "/x\nDisallow: /"};
    CHECK(robots_txt("http://quarters.example/sitemap.xml", closed) ==
        "User-agent: *\nDisallow: /admin/\nDisallow: /xDisallow: /\n\nSitemap: http://quarters.example/sitemap.xml\n");
    CHECK(robots_txt("", {}) == "User-agent: *\nDisallow:\n");
}
