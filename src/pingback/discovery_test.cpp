#include "pingback/discovery.h"

#include <catch2/catch.hpp>

#include "base/text.h"

using namespace backtalk;
using namespace backtalk::pingback;

namespace {

std::string found(std::string_view text, std::vector<std::string> const& headers = {})
{
    auto const server = discover(text, headers, *Url::parse("http://a.example/2007/harbour"));
    return server ? server->str() : "none";
}

}  // namespace

TEST_CASE("the first X-Pingback header wins", "[discovery]")
{
    std::string const page = "<link rel=\"pingback\" href=\"http://a.example/page\">";
    CHECK(found(page, {"http://a.example/header", "http://a.example/second"}) == "http://a.example/header");
    CHECK(found(page, {" http://a.example/header \t"}) == "http://a.example/header");
    CHECK(found(page, {"", "http://a.example/second"}) == "http://a.example/second");
    CHECK(found(page, {" "}) == "http://a.example/page");
    CHECK(found(page, {"/xmlrpc.php"}) == "http://a.example/xmlrpc.php");
    CHECK(found(page, {"http://a.example/?a=1&amp;b=2"}) == "http://a.example/?a=1&amp;b=2");
    CHECK(found(page, {"mailto:me@a.example"}) == "none");
    CHECK(found(page, {"http://me:secret@a.example/"}) == "none");
}

TEST_CASE("the link element is found to the letter of the specification's expression", "[discovery]")
{
    CHECK(found("<head><link rel=\"pingback\" href=\"http://b.example/rpc\"></head>") == "http://b.example/rpc");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/rpc\" />") == "http://b.example/rpc");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/rpc\"/>") == "http://b.example/rpc");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/rpc\" >") == "http://b.example/rpc");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/rpc\"  />") == "none");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/rpc\" / >") == "none");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/rpc\" type=\"x\">") == "none");
    CHECK(found("<link href=\"http://b.example/rpc\" rel=\"pingback\">") == "none");
    CHECK(found("<LINK REL=\"pingback\" HREF=\"http://b.example/rpc\">") == "none");
    CHECK(found("<link rel='pingback' href='http://b.example/rpc'>") == "none");
    CHECK(found("<link  rel=\"pingback\" href=\"http://b.example/rpc\">") == "none");
    CHECK(found("<link rel=\"pingback\" href=\"\">") == "none");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/rpc\"") == "none");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/rpc") == "none");
    CHECK(found("<link rel=\"pingback\" href=\"") == "none");
}

TEST_CASE("the first match counts, in a comment too", "[discovery]")
{
    CHECK(found("<!-- <link rel=\"pingback\" href=\"/1\"> --><link rel=\"pingback\" href=\"/2\">") == "http://a.example/1");
    CHECK(found("<link rel=\"pingback\" href=\"/1\" x><link rel=\"pingback\" href=\"/2\">") == "http://a.example/2");
    CHECK(found("<link rel=\"pingback\" href=\"<link rel=\"pingback\" href=\"/3\">") == "http://a.example/3");
    CHECK(found("<link rel=\"pingback\" href=\"ftp://a.example/\"><link rel=\"pingback\" href=\"/2\">") == "none");
}

TEST_CASE("four entities are expanded, once, and no others", "[discovery]")
{
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/?a=1&amp;b=&lt;&gt;&quot;\">") == "http://b.example/?a=1&b=%3C%3E%22");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/?a=&amp;lt;&eacute;&#65;\">") == "http://b.example/?a=&lt;&eacute;&");
    CHECK(found("<link rel=\"pingback\" href=\"http://b.example/&AMP;\">") == "http://b.example/&AMP;");
}

TEST_CASE("our own element is found and holds no other entity", "[discovery]")
{
    CHECK(link_element(*Url::parse("http://a.example/rpc")) == "<link rel=\"pingback\" href=\"http://a.example/rpc\" />");
    std::string const element = link_element(*Url::parse("http://a.example/it's?a=1&b=<2>\""));
    CHECK(element.find("&#") == std::string::npos);
    CHECK(found(element) == "http://a.example/it%27s?a=1&b=%3C2%3E%22");
}

TEST_CASE("a page full of half matches takes no longer than another", "[discovery]")
{
    std::string many;
    for (int i = 0; i < 20'000; ++i)
        many += "<link rel=\"pingback\" href=\"x\"!";
    CHECK(found(many + "<link rel=\"pingback\" href=\"/late\">") == "http://a.example/late");
}
