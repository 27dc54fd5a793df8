#include <catch2/catch.hpp>

#include "judge/evidence_of_page.h"
#include "judge/language_guess.h"

using namespace backtalk;
using namespace backtalk::judge;

namespace {

Url url(std::string_view text) { return Url::parse(text).value(); }

PageEvidence evidence(std::string const& body, std::string_view entry_text = {})
{
    std::string const html = "<!DOCTYPE html><html><head><title>Lights out</title>"
                             "<link rel=alternate type=application/atom+xml href=/feed></head><body>" +
        body + "</body></html>";
    SourcePage const page = read_source_page(html, url("http://square.example/2007/lights-out"));
    SourceLink const* target = nullptr;
    for (SourceLink const& link : page.links)
        if (target == nullptr && link.url.host() == "quarters.example")
            target = &link;
    return evidence_of_page(page, html, target, entry_text);
}

std::string const anchor = "<a href=\"http://quarters.example/harbour\">harbour</a>";

}  // namespace

TEST_CASE("a link among words, alone, in a long list and out of sight are told apart", "[judge]")
{
    CHECK(evidence("<p>Following up on what we read about the " + anchor + " last week, at night.</p>").link == LinkPlace::RunningText);
    CHECK(evidence("<ul><li>" + anchor + "</li></ul>").link == LinkPlace::Alone);
    std::string list;
    for (int i = 0; i < 150; ++i)
        list += "<li><a href=\"http://h" + std::to_string(i) + ".example/\">one</a></li>";
    CHECK(evidence("<ul>" + list + "<li>" + anchor + "</li></ul>").link == LinkPlace::LongList);
    for (std::string const hiding :
        {"style=\"display: none\"", "hidden", "style='POSITION:absolute; left:-9999px'", "style=\"font-size:0\""}) {
        CAPTURE(hiding);
        CHECK(evidence("<div " + hiding + "><p>Words and more words, and between them a " + anchor + " for robots.</p></div>").link ==
            LinkPlace::Hidden);
        CHECK(evidence("<div " + hiding + "><div>x</div></div><p>Words and more words, and between them a " + anchor + " for people.</p>")
                  .link == LinkPlace::RunningText);
    }
    CHECK(evidence("<div hidden>" + anchor + "</div><p>Words and more words, and between them a " + anchor + " for people.</p>").link !=
        LinkPlace::Hidden);
}

TEST_CASE("what a page shows of itself is counted", "[judge]")
{
    PageEvidence const page = evidence("<p>The " + anchor +
        "</p><a href=/one>1</a><a href=/two>2</a><a href='#top'>top</a>"
        "<a href=http://a.friend.example/>a</a><a href=http://b.friend.example/>b</a><a href=mailto:x@y.example>m</a>");
    CHECK(page.links_out == 3);
    CHECK(page.domains_out == 2);
    CHECK(page.own_posts == 2);
    CHECK(page.has_feed);
    CHECK_FALSE(page.has_author);
}

TEST_CASE("the years of a page's archive are read from its own dated addresses", "[judge]")
{
    std::string const archive = "<a href=/2007/03/lights>1</a><a href=/2007/04/>2</a><a href='http://square.example/weblog/2009/'>3</a>"
                                "<a href='../2011/x?y=2012'>4</a><a href='http://elsewhere.example/2015/'>5</a><a href=/12345/>6</a>"
                                "<a href=/1066/>7</a><a href='/tag/2200'>8</a>";
    CHECK(evidence(archive).archive_years == 3);
    CHECK(evidence("<a href=/one>1</a>").archive_years == 0);
}

TEST_CASE("how much of a page is the entry's own text is found, however it is set", "[judge]")
{
    std::string entry;
    for (int i = 0; i < 120; ++i)
        entry += "word" + std::string(1, static_cast<char>('a' + i % 26)) + std::string(1, static_cast<char>('a' + i / 26)) + " ";
    CHECK(evidence("<p>" + entry + "</p>" + anchor, entry).copied_share > 0.9);
    std::string own;
    for (int i = 0; i < 400; ++i)
        own += "own" + std::string(1, static_cast<char>('a' + i % 26)) + std::string(1, static_cast<char>('a' + i / 26)) + " ";
    CHECK(evidence("<p>" + own + "</p><blockquote>" + entry.substr(0, 200) + "</blockquote>" + anchor, entry).copied_share < 0.2);
    CHECK(evidence("<p>Short.</p>" + anchor, "Short.").copied_share == 0);
}

TEST_CASE("languages are guessed where their words are plain, and left open where they are not", "[judge]")
{
    CHECK(guessed_language("Following up on what we read about the harbour, and that is all there was with it") == "en");
    CHECK(guessed_language("Über den Hafen schreibt er, und das ist nicht alles, was ich auch mit Freude las") == "de");
    CHECK(guessed_language("プレイム事件の評決について。分析がわかりやすいと思う。") == "ja");
    CHECK(guessed_language("Спасибо большое за эту статью, очень интересно") == "ru");
    CHECK(guessed_language("Pukka 1.5 XMP RDFa").empty());
    CHECK(guessed_language("").empty());
}
