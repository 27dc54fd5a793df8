#include "markup/page_reader.h"

#include <catch2/catch.hpp>

#include "markup/plain_text.h"

using namespace backtalk;
using namespace backtalk::markup;

namespace {

Url const page = *Url::parse("http://a.example/2007/03/page.html");

std::vector<std::string> addresses(std::vector<PageLink> const& links)
{
    std::vector<std::string> all;
    for (PageLink const& link : links)
        all.push_back(std::string(name_of(link.element)) + " " + link.url.str());
    return all;
}

using Addresses = std::vector<std::string>;

}  // namespace

TEST_CASE("plain text is what a reader sees", "[plain_text]")
{
    CHECK(plain_text("") == "");
    CHECK(plain_text("<p>One  <b>two</b>\nthree</p><p>four<br>five") == "One two three\nfour\nfive");
    CHECK(plain_text("a<script>b</script><!-- c --><style>d</style><template>e</template>f") == "af");
    CHECK(plain_text("a <img alt='a harbour' src=x> b &amp; c&nbsp;&nbsp;d") == "a a harbour b & c d");
    CHECK(plain_text("<table><tr><td>1<td>2</table>3") == "1\n2\n3");
    CHECK(plain_text("</style></template>seen") == "seen");
    CHECK(plain_text("x\xFFy") == "x\xEF\xBF\xBDy");
    CHECK(plain_text("\xC2\xA0\xC2\xA9 2007") == "\xC2\xA9 2007");
}

TEST_CASE("links come from every element that can hold one", "[page_links]")
{
    auto const links =
        links_of("<a href=b>B</a><map><area href='/c'></map><img src=d.png><video src=e><source src=f></video><audio src=g></audio>"
                 "<iframe src=h></iframe><blockquote cite=i><q cite=j>q</q></blockquote><ins cite=k></ins><del cite=l></del>",
            page);
    CHECK(addresses(links) ==
        Addresses{"a http://a.example/2007/03/b", "area http://a.example/c", "img http://a.example/2007/03/d.png",
            "video http://a.example/2007/03/e", "source http://a.example/2007/03/f", "audio http://a.example/2007/03/g",
            "iframe http://a.example/2007/03/h", "blockquote http://a.example/2007/03/i", "q http://a.example/2007/03/j",
            "ins http://a.example/2007/03/k", "del http://a.example/2007/03/l"});
}

TEST_CASE("what only looks like a link is none", "[page_links]")
{
    CHECK(links_of(
        "<!-- <a href=http://b.example/> -->&lt;a href=http://b.example/&gt;<script>'<a href=http://b.example/>'</script>"
        "<style><a href=http://b.example/></style><textarea><a href=http://b.example/></textarea><title><a href=http://b.example/></title>"
        "<template><a href=http://b.example/></template><a name=x>x</a><a href='javascript:x'>x</a><a href='mailto:a@b.example'>x</a>",
        page)
            .empty());
    CHECK(addresses(links_of("<noscript><a href=http://b.example/>x</a></noscript><a href>self</a>", page)) ==
        Addresses{"a http://b.example/", "a http://a.example/2007/03/page.html"});
}

TEST_CASE("a link knows its text and whether it is vouched for", "[page_links]")
{
    std::string const html = "<p>See <a href=//b.example rel='external NOFOLLOW'>the harbour</a> at <a href=//c.example>night</a>.</p>";
    auto const links = links_of(html, page);
    std::string const text = plain_text(html);
    REQUIRE(links.size() == 2);
    CHECK(text.substr(links[0].text_position, links[0].text_length) == "the harbour");
    CHECK(text.substr(links[1].text_position, links[1].text_length) == "night");
    CHECK(links[0].nofollow);
    CHECK_FALSE(links[1].nofollow);
}

TEST_CASE("the first base element counts", "[page_reader]")
{
    auto const content =
        read_page("<base target=x><base href='http://b.example/dir/'><base href='http://c.example/'><a href=x>x</a>", page);
    CHECK(addresses(content.links) == Addresses{"a http://b.example/dir/x"});
    CHECK(content.base.str() == "http://b.example/dir/");
    CHECK(read_page("<base href='javascript:x'><a href=x>x</a>", page).links.at(0).url.str() == "http://a.example/2007/03/x");
}

TEST_CASE("a filter keeps the links to its hosts, however they are written", "[page_links]")
{
    LinkFilter const filter(std::vector<std::string>{"b.example", "192.0.2.1"});
    for (std::string_view wanted : {"http://b.example/", "HTTPS://B.Example:8080/x", "//b.example/x", "http:\\\\b.example\\x",
             " http://b.example", "ht\ntp://b.example", "http://user@b.example/", "https:b.example/", "http://%62.example/",
             "http://192.0.2.1/", "http://0xC0.0.2.1/", "http:////b.example/", "\\\\b.example/", "/\\b.example/", "/\t/b.example/",
             "http://b.example?x", "http://b.example#x"}) {
        CAPTURE(wanted);
        CHECK(filter.may_want(wanted, page));
        auto const url = page.resolve(wanted);
        if (url)
            CHECK((filter.wants(*url) || wanted == "https:b.example/"));
    }
    for (std::string_view other :
        {"http://a.example/", "https://xb.example/", "http://b.example.test/", "//c.example:80/b.example", "relative?b.example", "#x", "",
            "mailto:x@b.example", "javascript:b.example", "/b.example/", "http://c.example/http://b.example/"}) {
        CAPTURE(other);
        CHECK_FALSE(filter.may_want(other, page));
    }
    CHECK(LinkFilter(std::vector<std::string>{"a.example"}).may_want("relative", page));
    CHECK(LinkFilter().may_want("http://anything.example/", page));
}

TEST_CASE("a page that never ends its links still ends", "[page_reader]")
{
    std::string html;
    for (int i = 0; i < 30'000; ++i)
        html += "<a href=http://b.example/>x";
    CHECK(read_page(html, page).links.size() == LinkCollector::links_max);
    CHECK(read_page("<p>" + std::string(3 << 20, 'x'), page).text.size() == page_text_bytes_max);
}

TEST_CASE("the head of a page is read as it stands", "[page_reader]")
{
    auto const facts = read_page("<!doctype html><html lang=en-GB><head><title> The\n harbour &amp; the sea </title>"
                                 "<meta property=og:title content='Harbour'><meta name='OG:SITE_NAME' content='Quarters'>"
                                 "<meta name=author content=Ann><meta property='article:published_time' content='2007-03-08T10:00:00Z'>"
                                 "<meta name=description content='A walk.'><link rel='next canonical' href='/c'></head>"
                                 "<body><svg><title>Icon</title></svg><h1>Head <em>line</em></h1><h1>Other</h1>"
                                 "<a rel='author nofollow' href='/ann'>Ann B.</a><time pubdate datetime='2007-03-08'>8 March</time>",
        page)
                           .facts;
    CHECK(facts.language == "en-GB");
    CHECK(facts.title == "The harbour & the sea");
    CHECK(facts.og_title == "Harbour");
    CHECK(facts.og_site_name == "Quarters");
    CHECK(facts.meta_author == "Ann");
    CHECK(facts.article_published == "2007-03-08T10:00:00Z");
    CHECK(facts.description == "A walk.");
    CHECK(facts.canonical == "/c");
    CHECK(facts.first_h1 == "Head line");
    CHECK(facts.rel_author == "Ann B.");
    CHECK(facts.rel_author_url == "/ann");
    CHECK(facts.time_published == "2007-03-08");
}

TEST_CASE("a page is known to have microformats by the class of a root", "[page_reader]")
{
    for (std::string_view classes : {"h-entry", "post h-entry", "hentry\tpost", "vcard", "a\nh-feed", "h-review-aggregate", "vevent x"}) {
        CAPTURE(classes);
        CHECK(has_microformat_root(classes));
        CHECK(read_page("<p>x</p><div class='" + std::string(classes) + "'>", page).has_microformats);
    }
    for (std::string_view classes :
        {"", " ", "h-full", "h-100", "H-ENTRY", "h-entry-x", "xh-entry", "p-name u-url", "header hero vcards"}) {
        CAPTURE(classes);
        CHECK_FALSE(has_microformat_root(classes));
    }
    CHECK_FALSE(
        read_page("<template><div class=h-entry></div></template><!-- <div class=h-entry> --><p id=h-entry>", page).has_microformats);
}

TEST_CASE("a page may say the status that its server cannot", "[page_reader]")
{
    CHECK(read_page("<meta http-equiv=Status content=' 410 Gone'>", page).facts.http_status == "410 Gone");
    CHECK(read_page("<meta http-equiv=refresh content='410'><meta name=status content=410>", page).facts.http_status == "");
}
