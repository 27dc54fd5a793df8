#include "weblog/source_page.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "base/text.h"

using namespace backtalk;

namespace {

Url const here = *Url::parse("http://a.example/page");
LinkFilter const quarters(std::vector<std::string>{"quarters.example"});

std::string file(std::string const& name)
{
    std::ifstream stream(TEST_DATA "/weblog/source_pages/" + name, std::ios::binary);
    REQUIRE(stream);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The excerpt around the first link to quarters.example.
std::string excerpt(std::string const& html, std::size_t characters_max = 255)
{
    SourcePage const page = read_source_page(html, here, quarters);
    REQUIRE_FALSE(page.links.empty());
    return excerpt_around(page, page.links.front(), characters_max).text;
}

std::string const harbour = "<a href='http://quarters.example/x'>the harbour</a>";

std::string words(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "word" + std::to_string(i) + " ";
    return text;
}

}  // namespace

TEST_CASE("an excerpt knows where the words of its link stand, however it is cut", "[source_page]")
{
    auto const marked = [](std::string const& html, std::size_t characters_max = 255) {
        SourcePage const page = read_source_page(html, here, quarters);
        LinkExcerpt const around = excerpt_around(page, page.links.front(), characters_max);
        return around.text.substr(around.link_position, around.link_bytes);
    };
    CHECK(marked("<p>" + harbour + "</p>") == "the harbour");
    CHECK(marked("<p>Of the harbour and " + harbour + " again: the harbour</p>") == "the harbour");
    CHECK(marked("<p>" + words(200) + harbour + " " + words(200) + "</p>") == "the harbour");
    CHECK(marked("<p>" + words(200) + harbour + "</p>") == "the harbour");
    CHECK(marked("<p>" + harbour + " " + words(200) + "</p>") == "the harbour");
    CHECK(marked("<p>Über das <a href='http://quarters.example/x'>Üb\xE2\x80\xAE"
                 "er</a>-Meer</p>") == "Über");
    CHECK(marked("<p>See <a href='http://quarters.example/x'><img src=x></a></p>").empty());
    CHECK(marked("<p><a href='http://quarters.example/x'>" + words(100) + "</a></p>", 60).starts_with("word0 word1"));
}

TEST_CASE("a weblog page of 2007 says who it is", "[source_page]")
{
    auto const page =
        read_source(file("2007-movable-type.html"), "text/html", *Url::parse("http://cafe.example/archives/000123.html"), quarters);
    REQUIRE(page);
    CHECK(page->title == "Café Notes: Lights out on the pier");
    CHECK(page->site_name == "");
    CHECK_FALSE(page->published);
    CHECK_FALSE(page->canonical);
    REQUIRE(page->links.size() == 1);
    CHECK(page->links[0].url.str() == "http://quarters.example/2007/03/the-harbour-at-night/#c12");
    std::string const around = excerpt_around(*page, page->links[0]).text;
    CHECK(around ==
        "[…] a second night, and nobody at the council picked up the telephone. Somebody else has been counting them: Quarters went down "
        "to the harbour with a notebook and "
        "found eleven of thirty lamps out, which is more than the port authority admits to, and […]");
    CHECK(code_point_count(around) <= 255);
}

TEST_CASE("microformats outrank everything else on a page", "[source_page]")
{
    auto const page = read_source(
        file("h-entry.html"), "text/html; charset=utf-8", *Url::parse("https://hafen.example/2024/licht?utm_source=x"), quarters);
    REQUIRE(page);
    CHECK(page->title == "Das Licht am Hafen");
    CHECK(page->site_name == "Hafenblick");
    CHECK(page->author_name == "Gerda Moll");
    REQUIRE(page->author_url);
    CHECK(page->author_url->str() == "https://hafen.example/ueber");
    REQUIRE(page->published);
    CHECK(rfc3339(page->published->instant, page->published->offset) == "2024-05-02T09:30:00+02:00");
    CHECK(page->language == "de-AT");
    REQUIRE(page->canonical);
    CHECK(page->canonical->str() == "https://www.hafen.example/2024/licht");
    REQUIRE(page->links.size() == 2);
    CHECK(page->links[0].nofollow);
    CHECK(page->links[1].element == LinkElement::Blockquote);
    CHECK(excerpt_around(*page, page->links[0]).text == "In diesem Beitrag steht es schon.");
    CHECK(excerpt_around(*page, page->links[1]).text == "Eleven of thirty.");
}

TEST_CASE("JSON-LD and Open Graph stand in for microformats", "[source_page]")
{
    auto const page = read_source(file("theme-json-ld.html"), "text/html", *Url::parse("https://public.example/lamps"), quarters);
    REQUIRE(page);
    CHECK(page->title == "Who counts the lamps? It’s not the council");
    CHECK(page->site_name == "Public Square");
    CHECK(page->author_name == "Ida Quill");
    CHECK(page->author_url->str() == "https://public.example/authors/ida");
    CHECK(rfc3339(page->published->instant) == "2024-06-01T12:00:00Z");
    CHECK_FALSE(page->canonical);  // Another site's: nobody speaks for another.
    REQUIRE(page->links.size() == 1);
    CHECK(excerpt_around(*page, page->links[0]).text == "via: Quarters");
}

TEST_CASE("on a page with several entries the page speaks for itself", "[source_page]")
{
    std::string const two = "<title>Two of them</title><div class=h-entry><a class='p-name u-url' href='/one'>One</a></div>"
                            "<div class=h-entry><a class='p-name u-url' href='/page'>The page</a></div>";
    CHECK(read_source_page(two, here).title == "The page");
    CHECK(read_source_page(two, *Url::parse("http://a.example/")).title == "Two of them");
}

TEST_CASE("what a page says is cut and cleaned", "[source_page]")
{
    SourcePage const page =
        read_source_page("<html lang='\"><x'><title>" + words(100) + "\x01&#x202E;</title><meta name=author content='A\x02nn'>", here);
    CHECK(code_point_count(page.title) <= 255);
    CHECK(page.title.ends_with("…"));
    CHECK(page.author_name == "Ann");
    CHECK(page.language == "");
    CHECK_FALSE(read_source_page("<link rel=author href='http://user:pw@a.example/'>", here).author_url);
    CHECK_FALSE(read_source_page("<a rel=author href='javascript:x'>A</a>", here).author_url);
}

TEST_CASE("only pages and texts can be read", "[source_page]")
{
    CHECK(read_source("<a href='http://quarters.example/'>x</a>", "", here, quarters)->links.size() == 1);
    CHECK(
        read_source("<a href='http://quarters.example/'>x</a>", "application/xhtml+xml; charset=utf-8", here, quarters)->links.size() == 1);
    auto const image = read_source("GIF89a", "image/gif", here);
    REQUIRE_FALSE(image);
    CHECK(image.error().code == ErrorCode::Refused);
}

TEST_CASE("a plain text links by writing addresses out", "[source_page]")
{
    SourcePage const page = *read_source(
        "See http://quarters.example/a_(b), (https://quarters.example/c). <HTTP://quarters.example/d> xhttp://quarters.example/e "
        "ftp://quarters.example/f http://other.example/ http://quarters.example",
        "text/plain; charset=iso-8859-1", here, quarters);
    std::vector<std::string> found;
    for (SourceLink const& each : page.links) {
        found.push_back(each.url.str());
        CHECK(each.element == LinkElement::PlainText);
    }
    CHECK(found ==
        std::vector<std::string>{"http://quarters.example/a_(b)", "https://quarters.example/c", "http://quarters.example/d",
            "http://quarters.example/e", "http://quarters.example/"});
    CHECK(excerpt_around(page, page.links[0], 40).text.find("quarters.example/a_(b)") != std::string::npos);
}

TEST_CASE("markup in a plain text is text", "[source_page]")
{
    CHECK(read_source("<a href='/x'>x</a>", "text/plain", *Url::parse("http://quarters.example/"), quarters)->links.empty());
}

TEST_CASE("an excerpt is the block around the link, cut on word borders", "[source_page]")
{
    CHECK(excerpt("<p>Before.</p><p>As " + harbour + " shows.</p><p>After.</p>") == "As the harbour shows.");
    CHECK(excerpt("<p>" + words(100) + harbour + "</p>", 60) == "[…] word95 word96 word97 word98 word99 the harbour");
    CHECK(excerpt("<p>" + harbour + " " + words(100) + "</p>", 60) == "the harbour word0 word1 word2 word3 word4 word5 […]");
    std::string const middle = excerpt("<p>" + words(100) + harbour + " " + words(100) + "</p>", 60);
    CHECK(middle == "[…] word98 word99 the harbour word0 word1 word2 […]");
    for (std::size_t most = 1; most < 80; ++most)
        CHECK(code_point_count(excerpt("<p>" + words(100) + harbour + " " + words(100) + "</p>", most)) <= most);
}

TEST_CASE("a link alone on its line is quoted with the line before", "[source_page]")
{
    CHECK(excerpt("<p>Seen today:</p><ul><li>" + harbour + "</li></ul>") == "Seen today: the harbour");
    CHECK(excerpt(harbour) == "the harbour");
}

TEST_CASE("an excerpt in a script without blanks is cut between characters", "[source_page]")
{
    std::string japanese;
    for (int i = 0; i < 200; ++i)
        japanese += "港";
    std::string const around = excerpt("<p>" + japanese + "<a href=http://quarters.example/>夜</a>" + japanese + "</p>", 30);
    CHECK(is_valid_utf8(around));
    CHECK(code_point_count(around) <= 30);
    CHECK(around.find("夜") != std::string::npos);
}

TEST_CASE("an image that links from nowhere has the text beside it for an excerpt", "[source_page]")
{
    CHECK(excerpt("<p>Look <img src='http://quarters.example/x.png' alt='a lamp'> here</p>") == "Look a lamp here");
    CHECK(excerpt("<p>Look</p><img src='http://quarters.example/x.png'>") == "Look");
    CHECK(excerpt("<img src='http://quarters.example/x.png'>") == "");
}

// What microformats say of a page; how they are read is shown by the tests of markup.

TEST_CASE("an hentry of 2007 says who wrote what and when", "[source_page]")
{
    SourcePage const page = read_source_page(
        "<title>Quarters: Harbour</title><div class='hentry post'><h2 class='entry-title'><a href='/h' rel='bookmark'>Harbour</a></h2>"
        "<abbr class='published' title='2007-03-08T10:00:00-05:00'>8 March</abbr> by <span class='author vcard'>(<a class='url fn n' "
        "href='/bob'>Bob</a>)</span><div class='entry-content'><p>x</p></div></div>",
        here);
    CHECK(page.title == "Harbour");
    CHECK(rfc3339(page.published->instant, page.published->offset) == "2007-03-08T10:00:00-05:00");
    CHECK(page.author_name == "Bob");
    CHECK(page.author_url->str() == "http://a.example/bob");
    CHECK_FALSE(page.author_page);
}

TEST_CASE("classes of a style sheet are no microformats", "[source_page]")
{
    SourcePage const page = read_source_page("<title>T</title><div class=author>Ann</div><div class='h-entry'><span "
                                             "class='author'>Bob</span><span class='published'>today</span>"
                                             "<p class=e-content>x</p></div>",
        here);
    CHECK(page.author_name == "");
    CHECK_FALSE(page.published);
    CHECK_FALSE(read_source_page("<div class='h-full author'><b class=p-name>Ann</b></div>", here).entry);
}

TEST_CASE("what is quoted or answered inside an entry does not speak for it", "[source_page]")
{
    SourcePage const page = read_source_page(
        "<div class=h-entry><div class='u-in-reply-to h-cite'><p class=p-name>Theirs</p><span class='p-author h-card'>Them</span></div>"
        "<h1 class=p-name>Ours</h1><div class='u-comment h-entry'><p class=p-name>Comment</p><time class=dt-published "
        "datetime=2001-01-01></time></div><span class='h-card'><b class=p-name>Passer-by</b></span><b class='p-author'>Us</b></div>",
        here);
    CHECK(page.title == "Ours");
    CHECK(page.author_name == "Us");
    CHECK_FALSE(page.published);
}

TEST_CASE("a note has the page's title, and a feed names the site and the author", "[source_page]")
{
    std::string const feed =
        "<title>A note - Quarters</title><body class=h-feed><h1 class='p-name site'>Quarters</h1><b class='p-author h-card'>Ann</b>";
    SourcePage const one = read_source_page(feed + "<div class=h-entry><p class='p-name e-content'>A note.</p></div></body>", here);
    CHECK(one.site_name == "Quarters");
    CHECK(one.author_name == "Ann");
    CHECK(one.title == "A note - Quarters");
    SourcePage const two =
        read_source_page(feed + "<div class=h-entry></div><div class=h-entry><p class=p-name>Second</p></div></body>", here);
    CHECK(two.title == "A note - Quarters");
    CHECK(two.author_name == "Ann");
}

TEST_CASE("microformats without an end end somewhere", "[source_page]")
{
    CHECK(read_source_page("<div class=h-entry><p class=p-name>Open", here).title == "Open");
    std::string html;
    for (int i = 0; i < 5000; ++i)
        html += "<div class='h-entry p-name'>x";
    CHECK(read_source_page(html, here).entry);
}

TEST_CASE("an author page is named where the page itself cannot say who wrote it", "[source_page]")
{
    std::string const entry = "<div class=h-entry><p class=e-content>x</p></div>";
    CHECK(read_source_page("<a rel=author href='/ann'>Ann</a>" + entry, here).author_page->str() == "http://a.example/ann");
    CHECK(read_source_page("<a rel=author href='/ann'>Ann</a>" + entry, here).author_name == "Ann");
    CHECK(read_source_page("<link rel=author href='/ann'><p>x</p>", here).author_page->str() == "http://a.example/ann");
    CHECK_FALSE(read_source_page("<a rel=author href='/ann'>Ann</a><p>x</p>", here).author_page);
    CHECK_FALSE(read_source_page("<link rel=author href='/page'>" + entry, here).author_page);
    SourcePage const card = read_source_page("<div class=h-entry><a class=u-author href='/ann'></a><p class=e-content>x</p></div>"
                                             "<p class=h-card><a class=u-url href='/ann'>Ann</a> <img class=u-photo src='/ann.png'></p>",
        here);
    CHECK(card.author_page->str() == "http://a.example/ann");
    CHECK(card.author_name == "Ann");
    CHECK(card.author_photo->str() == "http://a.example/ann.png");
}
