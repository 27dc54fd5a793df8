#include <catch2/catch.hpp>

#include "feed/feed.h"
#include "feed/feed_reader.h"
#include "feed/sitemap.h"

using namespace backtalk;
using namespace backtalk::feed;

namespace {

Url const at = Url::parse("http://garden.example/feeds/all.xml").value();

ReadFeed feed_of(std::string_view text, std::string_view content_type = "application/xml")
{
    auto feed = read_feed(text, content_type, at);
    INFO((feed ? std::string() : feed.error().text));
    REQUIRE(feed);
    return *std::move(feed);
}

std::string urls_of(ReadFeed const& feed)
{
    std::string all;
    for (FeedItem const& item : feed.items)
        all += (all.empty() ? "" : " ") + item.url.str();
    return all;
}

ErrorCode code_of(std::string_view text) { return read_feed(text, "", at).error().code; }

std::string atom(std::string_view entries)
{
    return "<?xml version='1.0'?>\n<feed xmlns='http://www.w3.org/2005/Atom'><title>Garden</title>" + std::string(entries) + "</feed>";
}

std::string rss(std::string_view items)
{
    return "<rss version='2.0'><channel><title>Garden</title><link>http://garden.example/</link>" + std::string(items) + "</channel></rss>";
}

}  // namespace

TEST_CASE("an Atom entry is its alternate link, with title, dates and content", "[feed-reader]")
{
    ReadFeed const feed = feed_of(atom("<entry><id>tag:garden.example,2026:1</id><title type='html'>A &amp;amp; &lt;b>B&lt;/b></title>"
                                       "<link rel='self' href='/entry.atom'/><link rel='alternate' type='application/pdf' href='/a.pdf'/>"
                                       "<link href='../a/#top'/><published>2026-01-02T03:04:05+01:00</published>"
                                       "<updated>2026-01-03T00:00:00Z</updated><content type='html'>&lt;p>Words&lt;/p></content></entry>"));
    CHECK(feed.kind == FeedKind::Atom);
    REQUIRE(feed.items.size() == 1);
    FeedItem const& item = feed.items.front();
    CHECK(item.url.str() == "http://garden.example/a/");
    CHECK(item.title == "A & B");
    CHECK(rfc3339(item.published->instant) == "2026-01-02T02:04:05Z");
    CHECK(item.published->offset == std::chrono::minutes(60));
    CHECK(rfc3339(item.updated->instant) == "2026-01-03T00:00:00Z");
    CHECK(item.content_html == "<p>Words</p>");
}

TEST_CASE("an Atom feed may have xml:base, prefixes, XHTML, or nothing but an id", "[feed-reader]")
{
    CHECK(urls_of(feed_of("<feed xml:base='http://garden.example/beds/'><entry xml:base='roses/'><link href='one'/></entry></feed>")) ==
        "http://garden.example/beds/roses/one");
    CHECK(urls_of(feed_of("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:link href='/one'/></a:entry></a:feed>")) ==
        "http://garden.example/one");
    CHECK(urls_of(feed_of(atom("<entry><id>http://garden.example/two</id></entry><entry><id>urn:uuid:1</id></entry>"))) ==
        "http://garden.example/two");
    ReadFeed const feed = feed_of(atom("<entry><link href='/x'/><content type='xhtml'><div><p>A &lt; B</p></div></content></entry>"));
    CHECK(feed.items.at(0).content_html == "<div><p>A &lt; B</p></div>");
    CHECK(feed_of(atom("<entry><link href='/x'/><title>1 &lt; 2</title><summary>S</summary></entry>")).items.at(0).title == "1 < 2");
}

TEST_CASE("an RSS item is its link, else its guid where that is one", "[feed-reader]")
{
    ReadFeed const feed =
        feed_of(rss("<atom:link href='http://garden.example/feed'/>"
                    "<item><title>&lt;i>One&lt;/i> &amp;amp; only</title><link>\n http://garden.example/one \n</link>"
                    "<guid>http://garden.example/?p=1</guid><pubDate>Thu, 08 Mar 2007 06:41:11 -0500</pubDate>"
                    "<description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded></item>"
                    "<item><guid isPermaLink='true'>http://garden.example/two</guid></item>"
                    "<item><guid isPermaLink='false'>http://garden.example/three</guid></item>"
                    "<item><link>http://proxy.example/4</link><feedburner:origLink>http://garden.example/four</feedburner:origLink></item>"
                    "<item><title>Nowhere</title></item>"));
    CHECK(feed.kind == FeedKind::Rss);
    CHECK(urls_of(feed) == "http://garden.example/one http://garden.example/two http://garden.example/four");
    CHECK(feed.items[0].title == "One & only");
    CHECK(rfc3339(feed.items[0].published->instant) == "2007-03-08T11:41:11Z");
    CHECK(feed.items[0].content_html == "<p>Long</p>");
    CHECK_FALSE(feed.items[1].published);
}

TEST_CASE("RSS 1.0 has its items beside the channel", "[feed-reader]")
{
    ReadFeed const feed =
        feed_of("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
                "<channel rdf:about='http://garden.example/'><items/></channel>"
                "<item rdf:about='http://garden.example/one'><title>One</title><dc:date>2007-03-08</dc:date></item></rdf:RDF>");
    CHECK(feed.kind == FeedKind::Rss);
    CHECK(urls_of(feed) == "http://garden.example/one");
    CHECK(rfc3339(feed.items[0].published->instant) == "2007-03-08T00:00:00Z");
}

TEST_CASE("a JSON feed is read", "[feed-reader]")
{
    ReadFeed const feed = feed_of(R"({"version":"https://jsonfeed.org/version/1.1","title":"G","items":[
        {"id":"1","url":"/one","title":"One","date_published":"2026-01-01T00:00:00Z","date_modified":"2026-01-02T00:00:00Z","content_html":"<p>x</p>"},
        {"id":"http://garden.example/two","content_text":"a < b"},{"id":7},17,null]})");
    CHECK(feed.kind == FeedKind::Json);
    CHECK(urls_of(feed) == "http://garden.example/one http://garden.example/two");
    CHECK(rfc3339(feed.items[0].updated->instant) == "2026-01-02T00:00:00Z");
    CHECK(feed.items[1].content_html == "a &lt; b");
    CHECK(code_of(R"({"items":[]})") == ErrorCode::Malformed);
    CHECK(code_of(R"({"items":[)") == ErrorCode::Malformed);
    CHECK(code_of(std::string(200, '[')) == ErrorCode::TooLarge);
}

TEST_CASE("a page with an h-feed is a feed", "[feed-reader]")
{
    ReadFeed const feed =
        feed_of("<!DOCTYPE html><div class='h-feed'><h1 class='p-name'>Garden</h1><article class='h-entry'><a class='u-url p-name' "
                "href='/one'>One</a><time class='dt-published' datetime='2026-01-01'></time><div class='e-content'>W</div></article>"
                "<article class='h-entry'><a class='u-url p-name' href='/two'>Two</a></article></div>",
            "text/html");
    CHECK(feed.kind == FeedKind::HFeed);
    CHECK(urls_of(feed) == "http://garden.example/one http://garden.example/two");
    CHECK(feed.items[0].title == "One");
    CHECK(feed.items[0].published);
}

TEST_CASE("a sitemap lists pages, an index sitemaps of its host, the latest first", "[feed-reader]")
{
    ReadFeed const feed =
        feed_of("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> http://garden.example/one?a=1&amp;b=2 </loc>"
                "<lastmod>2026-01-01</lastmod><image:image><image:loc>/i.png</image:loc></image:image></url>"
                "<url><image:image/><loc>http://garden.example/two</loc></url><url/></urlset>");
    CHECK(feed.kind == FeedKind::Sitemap);
    CHECK(urls_of(feed) == "http://garden.example/one?a=1&b=2 http://garden.example/two");
    CHECK(feed.items[0].updated);

    ReadFeed const index =
        feed_of("<sitemapindex><sitemap><loc>http://garden.example/a.xml</loc><lastmod>2025-01-01</lastmod></sitemap>"
                "<sitemap><loc>http://garden.example/b.xml</loc><lastmod>2026-01-01</lastmod></sitemap>"
                "<sitemap><loc>http://other.example/c.xml</loc></sitemap><sitemap><loc>http://garden.example/a.xml</loc></sitemap>"
                "</sitemapindex>");
    CHECK(index.kind == FeedKind::SitemapIndex);
    REQUIRE(index.sitemaps.size() == 2);
    CHECK(index.sitemaps[0].str() == "http://garden.example/b.xml");
}

TEST_CASE("what we write ourselves, we read", "[feed-reader]")
{
    FeedInfo info;
    info.title = "Garden";
    info.home_url = "http://garden.example/";
    FeedEntry entry;
    entry.url = "http://garden.example/one";
    entry.title = "A < B & C";
    entry.content_html = "<p>Words</p>";
    entry.published = entry.updated = to_instant({2026, 1, 2, 3, 4, 5}).value();
    for (std::string const& text : {atom_feed(info, std::span(&entry, 1)), rss_feed(info, std::span(&entry, 1))}) {
        CAPTURE(text);
        ReadFeed const feed = feed_of(text);
        REQUIRE(feed.items.size() == 1);
        CHECK(feed.items[0].url.str() == entry.url);
        CHECK(feed.items[0].title == entry.title);
        CHECK(feed.items[0].published->instant == entry.published);
        CHECK(feed.items[0].content_html == entry.content_html);
    }
    SitemapUrl const page{"http://garden.example/one", entry.updated};
    CHECK(feed_of(sitemap_xml(std::span(&page, 1))).items.at(0).updated->instant == entry.updated);
}

TEST_CASE("hostile feeds are refused or cost their limits", "[feed-reader]")
{
    CHECK(code_of("<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>]><rss>&a;</rss>") == ErrorCode::Refused);
    CHECK(code_of("<rss><channel>") == ErrorCode::Malformed);
    CHECK(code_of("") == ErrorCode::Malformed);
    CHECK(code_of("Just words.") == ErrorCode::Malformed);
    CHECK(code_of("<html><body>No feed</body></html>") == ErrorCode::Malformed);
    std::string deep = "<feed>";
    for (int i = 0; i < 10'000; ++i)
        deep += "<a>";
    for (int i = 0; i < 10'000; ++i)
        deep += "</a>";
    CHECK(code_of(deep + "</feed>") == ErrorCode::TooLarge);

    std::string many = "<urlset>";
    for (int i = 0; i < 12'000; ++i)
        many += "<url><loc>/" + std::to_string(i) + "</loc></url>";
    CHECK(feed_of(many + "</urlset>").items.size() == feed_items_max);
    CHECK(urls_of(feed_of(rss("<item><link>javascript:alert(1)</link></item><item><link>http://u:p@garden.example/</link></item>"
                              "<item><link>/one</link></item><item><link>/one/#again</link></item>"))) == "http://garden.example/one");
    CHECK(feed_of(rss("<item><link>/x</link><title>" + std::string(5000, 'x') + " y</title></item>")).items.at(0).title.size() < 300);
}

TEST_CASE("a feed is read in its charset", "[feed-reader]")
{
    ReadFeed const feed = feed_of(
        "\n<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item><link>/x</link><title>caf\xE9</title></item></channel></rss>");
    CHECK(feed.items.at(0).title == "caf\xC3\xA9");
}
