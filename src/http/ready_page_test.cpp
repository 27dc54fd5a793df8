#include <catch2/catch.hpp>

#include "http/forwarded.h"
#include "http/ready_page.h"

using namespace backtalk;

namespace {

http::ReadyPage sample(int status = 200)
{
    http::ReadyPageParts parts(http::html(status, "a page of text"));
    parts.headers.add("Cache-Control", "no-cache");
    parts.headers.add("X-Frame-Options", "DENY");
    parts.gzip = "zipped";
    parts.brotli = "br";
    parts.etag = "5f\r\n\"x";
    parts.last_modified = Instant(std::chrono::seconds(1'173'354'071));
    return http::ReadyPage(std::move(parts));
}

bool has(std::string_view text, std::string_view line) { return text.find(std::string(line) + "\r\n") != std::string_view::npos; }

}  // namespace

TEST_CASE("the encoding of a page follows the weights, br before gzip before identity", "[http]")
{
    http::ReadyPage const page = sample();
    auto const body = [&](std::string_view accept) { return page.choose(accept).form->body; };
    CHECK(body("") == "a page of text");
    CHECK(body("gzip, deflate, br, zstd") == "br");
    CHECK(body("gzip, deflate") == "zipped");
    CHECK(body("br;q=0.5, gzip") == "zipped");
    CHECK(body("br;q=0, gzip;q=0.000") == "a page of text");
    CHECK(body("*") == "br");
    CHECK(body("*;q=0.5, br;q=0") == "zipped");
    CHECK(body("identity, gzip;q=0.5") == "a page of text");
    CHECK(body("GZIP") == "zipped");
    CHECK(body("x-gzip") == "zipped");
    CHECK(body("gzip;q=nonsense") == "a page of text");
    CHECK(body("deflate") == "a page of text");
}

TEST_CASE("each form of a page says what it is", "[http]")
{
    http::ReadyPage const page = sample();
    std::string const& plain = page.choose("").form->head;
    CHECK(plain.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(has(plain, "Content-Length: 14"));
    CHECK(has(plain, "ETag: \"5fx\""));
    CHECK(has(plain, "Vary: Accept-Encoding"));
    CHECK(has(plain, "X-Frame-Options: DENY"));
    CHECK(plain.find("Content-Encoding") == std::string::npos);
    std::string const& brotli = page.choose("br").form->head;
    CHECK(has(brotli, "Content-Encoding: br"));
    CHECK(has(brotli, "ETag: \"5fx-br\""));
    CHECK(has(brotli, "Content-Length: 2"));
    std::string const& not_modified = page.choose("br").form->head304;
    CHECK(not_modified.starts_with("HTTP/1.1 304 Not Modified\r\n"));
    CHECK(has(not_modified, "ETag: \"5fx-br\""));
    CHECK(has(not_modified, "Cache-Control: no-cache"));
    CHECK(not_modified.find("Content-") == std::string::npos);
    CHECK(page.bytes() > 14);
}

TEST_CASE("If-None-Match decides before If-Modified-Since", "[http]")
{
    http::ReadyPage const page = sample();
    std::string_view const same_day = "Thu, 08 Mar 2007 11:41:11 GMT";
    CHECK(page.choose("", "\"5fx\"").not_modified);
    CHECK(page.choose("", "W/\"5fx\"").not_modified);
    CHECK(page.choose("", "\"a,b\", W/\"c\" ,\"5fx\"").not_modified);
    CHECK(page.choose("", "*").not_modified);
    CHECK_FALSE(page.choose("br", "\"5fx\"").not_modified);
    CHECK(page.choose("br", "\"5fx-br\"").not_modified);
    CHECK_FALSE(page.choose("", "5fx").not_modified);
    CHECK_FALSE(page.choose("", "\"5fx").not_modified);
    CHECK_FALSE(page.choose("", "\"other\"", same_day).not_modified);
    CHECK(page.choose("", "", same_day).not_modified);
    CHECK(page.choose("", "", "Fri, 09 Mar 2007 00:00:00 GMT").not_modified);
    CHECK_FALSE(page.choose("", "", "Wed, 07 Mar 2007 00:00:00 GMT").not_modified);
    CHECK_FALSE(page.choose("", "", "yesterday").not_modified);
}

TEST_CASE("a page of another status is never conditional", "[http]")
{
    http::ReadyPage const page = sample(404);
    CHECK(page.choose("").form->head.starts_with("HTTP/1.1 404 Not Found\r\n"));
    CHECK_FALSE(page.choose("", "*").not_modified);
}

TEST_CASE("a header value can not split a message", "[http]")
{
    http::Response const response = http::redirect(303, "/a\r\nSet-Cookie: x=1\n\n<script>");
    CHECK(response.headers.get("location") == "/a  Set-Cookie: x=1  <script>");
    http::Headers headers;
    headers.add("X\r\nY", "1");
    headers.add("", "1");
    headers.add("X-Note", std::string_view("a\0b", 3));
    std::string text;
    headers.append_to(text);
    CHECK(text == "X-Note: a b\r\n");
    headers.set("x-note", "c");
    headers.add("X-NOTE", "d");
    CHECK(headers.get("X-Note") == "c");
    CHECK(headers.all("X-Note").size() == 2);
}

TEST_CASE("Accept chooses between a page, JSON and XML", "[http]")
{
    using enum http::MediaChoice;
    CHECK(http::best_media("") == Html);
    CHECK(http::best_media("*/*") == Html);
    CHECK(http::best_media("application/json") == Json);
    CHECK(http::best_media("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8") == Html);
    CHECK(http::best_media("text/html;q=0.5, application/json") == Json);
    CHECK(http::best_media("text/xml") == Xml);
}

TEST_CASE("X-Forwarded-For counts from its end and only through trusted proxies", "[http]")
{
    std::vector<http::AddressBlock> const trusted = {*http::AddressBlock::parse("10.0.0.0/8"), *http::AddressBlock::parse("2001:db8::/33")};
    auto const client = [&](char const* peer, std::string_view hops) {
        http::RequestHead head;
        head.add({"X-Forwarded-For", hops});
        return http::client_address(*Address::parse(peer), head, trusted).str();
    };
    CHECK(client("10.1.2.3", "203.0.113.9, 198.51.100.7, 10.9.9.9") == "198.51.100.7");
    CHECK(client("192.0.2.1", "203.0.113.9") == "192.0.2.1");
    CHECK(client("10.1.2.3", "10.0.0.1, 10.0.0.2") == "10.0.0.1");
    CHECK(client("10.1.2.3", "198.51.100.7, unknown, 10.0.0.2") == "10.0.0.2");
    CHECK(client("10.1.2.3", "") == "10.1.2.3");
    CHECK(client("2001:db8::1", "[2001:db9::7]:4711") == "2001:db9::7");
    CHECK(client("2001:db8:8000::1", "198.51.100.7") == "2001:db8:8000::1");
    CHECK_FALSE(http::AddressBlock::parse("10.0.0.0/33"));
    CHECK_FALSE(http::AddressBlock::parse("10.0.0.0/"));
    CHECK(http::AddressBlock::parse("0.0.0.0/0")->contains(*Address::parse("192.0.2.1")));
}
