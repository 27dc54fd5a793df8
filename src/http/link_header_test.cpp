#include "http/link_header.h"

#include <catch2/catch.hpp>

using namespace backtalk::http;

namespace {

/// "TARGET=rel,rel;name:value TARGET=…"
std::string read_all(std::vector<std::string> const& lines)
{
    std::string out;
    for (Link const& link : read_link_headers(lines)) {
        out += out.empty() ? "" : " ";
        out += link.target + "=";
        for (std::string const& relation : link.relations)
            out += (out.back() == '=' ? "" : ",") + relation;
        for (Link::Parameter const& parameter : link.parameters)
            out += ";" + parameter.name + ":" + parameter.value;
    }
    return out;
}

std::string read(std::string const& line) { return read_all({line}); }

}  // namespace

TEST_CASE("links are read in their order, from one line and from several", "[link_header]")
{
    CHECK(read("</a>; rel=next") == "/a=next");
    CHECK(read("</a>; rel=\"next\", </b>;rel=prev,</c>") == "/a=next /b=prev /c=");
    CHECK(read_all({"</a>; rel=x", "", "</b>; rel=y, </c>; rel=z"}) == "/a=x /b=y /c=z");
    CHECK(read(" ,, </a> ; rel=x ,\t, </b>,") == "/a=x /b=");
    CHECK(read("<>; rel=self") == "=self");
}

TEST_CASE("the tokens of a rel are parted by any white space and lose their letter case", "[link_header]")
{
    CHECK(read("</a>; REL = \"Hub  WebMention\"") == "/a=hub,webmention");
    CHECK(read("</a>; rel=\" one\ttwo \"") == "/a=one,two");
    CHECK(read("</a>; rel=one two; x=y") == "/a=one,two;x:y");
    CHECK(read("</a>; rel=\"not-webmention\"") == "/a=not-webmention");
    auto const links = read_link_headers({"</a>; rel=\"Hub http://Example.org/Rel\""});
    REQUIRE(links.size() == 1);
    CHECK(links[0].has_relation("hub"));
    CHECK(links[0].has_relation("http://example.org/rel"));
    CHECK_FALSE(links[0].has_relation("http"));
}

TEST_CASE("of several rels the first counts, even if it is empty", "[link_header]")
{
    CHECK(read("</a>; rel=other; rel=webmention") == "/a=other");
    CHECK(read("</a>; rel; rel=webmention") == "/a=");
    CHECK(read("</a>; rel=\"\"; rel=webmention") == "/a=");
    CHECK(read("</a>; rev=webmention") == "/a=;rev:webmention");
}

TEST_CASE("commas and semicolons belong to the reference and to what is quoted", "[link_header]")
{
    CHECK(read("</f;v=1,2>; title=\"a, b; rel=no\"; rel=yes, </b?x=1,2;3>; rel=z") == "/f;v=1,2=yes;title:a, b; rel=no /b?x=1,2;3=z");
    CHECK(read("</a>; title=\"<x>; rel=no\\\", </c>\"; rel=yes") == "/a=yes;title:<x>; rel=no\", </c>");
    CHECK(read("</a>; title=\"\\a\\\\\"; rel=yes") == "/a=yes;title:a\\");
}

TEST_CASE("other parameters are kept as they come", "[link_header]")
{
    auto const links = read_link_headers({"</a>; rel=x; Title=one; title=two; title*=UTF-8''thr%65e; crossorigin; =v; ; anchor=\"#p\""});
    REQUIRE(links.size() == 1);
    CHECK(links[0].parameter("title") == "one");
    CHECK(links[0].parameter("title*") == "UTF-8''thr%65e");
    CHECK(links[0].parameter("crossorigin") == "");
    CHECK(links[0].parameter("anchor") == "#p");
    CHECK_FALSE(links[0].parameter("media"));
    CHECK(links[0].parameters.size() == 5);
}

TEST_CASE("what cannot be read ends its line and no other", "[link_header]")
{
    CHECK(read("") == "");
    CHECK(read("/a; rel=x") == "");
    CHECK(read("</a; rel=x") == "");
    CHECK(read("</a>; rel=x, b, </c>; rel=y") == "/a=x");
    CHECK(read("</a>; rel=\"x\" y, </c>; rel=y") == "/a=x");
    CHECK(read("</a>; rel=\"x") == "/a=x");
    CHECK(read("</a>; rel=\"x\\") == "/a=x\\");
    CHECK(read("</a>; rel=") == "/a=");
    CHECK(read("</a>;") == "/a=");
    CHECK(read_all({"<", "</b>; rel=y"}) == "/b=y");
    CHECK(read(std::string("<a\0b>; rel=x", 12)) == std::string("a\0b=x", 5));
}

TEST_CASE("there is an end to the links and parameters that are kept", "[link_header]")
{
    std::string many;
    for (int i = 0; i < 5000; ++i)
        many += "<>,";
    CHECK(read_link_headers({many, "</late>; rel=x"}).size() == 1000);
    std::string parameters = "</a>";
    for (int i = 0; i < 5000; ++i)
        parameters += ";x=y";
    auto const links = read_link_headers({parameters + "; rel=late"});
    REQUIRE(links.size() == 1);
    CHECK(links[0].parameters.size() == 100);
    CHECK(links[0].has_relation("late"));
}
