#include <catch2/catch.hpp>

#include "app/foreign_page.h"

using namespace backtalk;

namespace {

ForeignPage page_of(std::string body, std::string content_type = "text/html; charset=utf-8")
{
    Fetched fetched(Url::parse("http://garden.example/roses/").value());
    fetched.status = 200;
    fetched.headers.set("Content-Type", content_type);
    fetched.body = std::move(body);
    return read_foreign_page(fetched).value();
}

std::string targets_of(ForeignPage const& page)
{
    std::string all;
    for (Url const& url : page.targets)
        all += (all.empty() ? "" : " ") + url.str();
    return all;
}

std::string link(std::string const& to) { return "<a href='http://" + to + "'>x</a>"; }

}  // namespace

TEST_CASE("a page tells the links of its entry's content and what it answers, not those around", "[foreign-page]")
{
    ForeignPage const page = page_of("<title>T</title>" + link("top.example/") +
        "<div class='h-entry'><h1 class='p-name'>Roses</h1><a class='u-in-reply-to' href='http://asked.example/'>re</a><div "
        "class='e-content'>" +
        link("one.example/") + "<img src='http://img.example/i.png'><blockquote cite='http://two.example/'>q</blockquote>" +
        link("one.example/#again") + "<a href='/roses/#note'>self</a><a href='/tulips'>ours</a></div>" + link("share.example/") +
        "</div><footer>" + link("bottom.example/") + "</footer>");
    CHECK(targets_of(page) == "http://asked.example/ http://one.example/ http://two.example/ http://garden.example/tulips");
    CHECK(page.title == "Roses");
    CHECK(page.url.str() == "http://garden.example/roses/");
}

TEST_CASE("without microformats a page tells what its article, its main part, or all but its frame links to", "[foreign-page]")
{
    std::string const frame = "<header>" + link("h.example/") + "</header><nav>" + link("n.example/") + "</nav><aside>" +
        link("a.example/") + "</aside><footer>" + link("f.example/") + "</footer>";
    CHECK(targets_of(page_of("<body>" + frame + link("beside.example/") + "<article><header>" + link("re.example/") + "</header>" +
              link("one.example/") + "<nav>" + link("toc.example/") + "</nav><a rel='tag' href='/tag/x'>x</a></article>")) ==
        "http://re.example/ http://one.example/");
    CHECK(targets_of(page_of("<body>" + link("beside.example/") + "<main>" + frame + link("one.example/") + "<article>" +
              link("two.example/") + "</article><article>" + link("three.example/") + "</article></main>")) ==
        "http://one.example/ http://two.example/ http://three.example/");
    CHECK(targets_of(page_of("<body>" + frame + "<div>" + link("one.example/") + "</div>")) == "http://one.example/");
    CHECK(targets_of(page_of("<base href='http://cdn.example/x/'><p><a href='y'>y</a>")) == "http://cdn.example/x/y");
}

TEST_CASE("a text and a JSON page tell what they link to", "[foreign-page]")
{
    CHECK(targets_of(page_of("See http://one.example/a and so on.", "text/plain")) == "http://one.example/a");
}

TEST_CASE("only an edit of the entry is another version, not one of the frame", "[foreign-page]")
{
    auto const version = [](std::string const& frame, std::string const& words) {
        return page_of("<title>T</title><nav>" + frame + "</nav><article><p>" + words + "</p></article>").version;
    };
    CHECK(version(link("a.example/"), "Words") == version(link("b.example/"), "Words"));
    CHECK(version("", "Words") != version("", "Other words"));
    CHECK(version("", link("a.example/")) != version("", link("b.example/")));
}

TEST_CASE("a deeply nested page is read all the same", "[foreign-page]")
{
    std::string deep;
    for (int i = 0; i < 20'000; ++i)
        deep += "<div>";
    CHECK(targets_of(page_of(deep + link("one.example/"))) == "http://one.example/");
}
