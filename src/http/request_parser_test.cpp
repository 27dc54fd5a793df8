#include <catch2/catch.hpp>

#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

#include <boost/json/src.hpp>

#include "base/text.h"
#include "http/chunked_body.h"
#include "http/request_parser.h"

using namespace backtalk;
using http::Parsed;

namespace {

/// The text in a buffer of exactly its size, so that a sanitizer sees one byte too many.
struct Exact {
    explicit Exact(std::string_view text) : size(text.size()), bytes(std::make_unique<char[]>(text.size()))
    {
        std::memcpy(bytes.get(), text.data(), size);
    }
    std::string_view view() const { return {bytes.get(), size}; }

    std::size_t size;
    std::unique_ptr<char[]> bytes;
};

struct Reading {
    explicit Reading(std::string_view text, http::ParseLimits limits = {}) : buffer(text)
    {
        http::ParseProgress progress;
        parsed = http::parse_request_head(buffer.view(), limits, progress, head);
    }
    int status() const
    {
        return parsed.outcome == Parsed::Outcome::Refused ? parsed.status : parsed.outcome == Parsed::Outcome::Complete ? 200 : 0;
    }

    Exact buffer;
    http::RequestHead head;
    Parsed parsed;
};

int status_of_lines(std::string const& lines)
{
    return Reading("POST /p HTTP/1.1\r\nHost: quarters.example\r\n" + lines + "\r\n").status();
}

std::string latin1(std::string_view utf8)
{
    std::string bytes;
    for (std::size_t i = 0; i < utf8.size();)
        bytes += static_cast<char>(next_code_point(utf8, i));
    return bytes;
}

/// What a server does with a whole request in one buffer: 200, the status of its refusal, 0 if it waits for more.
int outcome_of(std::string_view raw)
{
    Reading const reading(raw);
    if (reading.status() != 200 || !reading.head.chunked)
        return reading.head.method == http::Method::Other && reading.status() == 200 ? 501 : reading.status();
    std::string body;
    Exact const rest(raw.substr(reading.parsed.bytes));
    switch (http::ChunkedBody(1 << 20).feed(rest.view(), body).outcome) {
    case http::ChunkedBody::Outcome::Complete: return 200;
    case http::ChunkedBody::Outcome::NeedsMore: return 0;
    case http::ChunkedBody::Outcome::Malformed: return 400;
    case http::ChunkedBody::Outcome::TooLarge: return 413;
    }
    return -1;
}

}  // namespace

TEST_CASE("a plain request is read into its parts", "[http]")
{
    Reading const reading(
        "GET /2007/03/?page=2 HTTP/1.1\r\nHost: Quarters.Example:8080\r\nAccept-Encoding:  gzip, br \r\nIf-None-Match: \"a\"\r\n\r\nrest");
    REQUIRE(reading.status() == 200);
    CHECK(reading.parsed.bytes == reading.buffer.size - 4);
    CHECK(reading.head.method == http::Method::Get);
    CHECK(reading.head.path == "/2007/03/");
    CHECK(reading.head.query == "page=2");
    CHECK(reading.head.authority == "Quarters.Example:8080");
    CHECK(reading.head.accept_encoding == "gzip, br");
    CHECK(reading.head.if_none_match == "\"a\"");
    CHECK(reading.head.keep_alive);
    CHECK_FALSE(reading.head.has_body());
    http::Request const request(reading.head, "", Address::from_ipv4(0x7F000001), Instant());
    CHECK(request.authority == "quarters.example:8080");
    CHECK(request.headers.get("if-none-match") == "\"a\"");
}

TEST_CASE("the authority of an absolute target wins over Host", "[http]")
{
    Reading const reading("GET HTTP://a.example?x HTTP/1.1\r\nHost: b.example\r\n\r\n");
    REQUIRE(reading.status() == 200);
    CHECK(reading.head.authority == "a.example");
    CHECK(reading.head.path == "/");
    CHECK(reading.head.query == "x");
    CHECK(Reading("GET http://u@a.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n").status() == 400);
    CHECK(Reading("GET http:/// HTTP/1.1\r\nHost: b.example\r\n\r\n").status() == 400);
    CHECK(Reading("GET ftp://a.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n").status() == 400);
}

TEST_CASE("whether the connection stays open follows version and Connection", "[http]")
{
    CHECK(Reading("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head.keep_alive);
    CHECK_FALSE(Reading("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").head.keep_alive);
    CHECK_FALSE(Reading("GET / HTTP/1.0\r\n\r\n").head.keep_alive);
    CHECK(Reading("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").head.keep_alive);
}

TEST_CASE("a body has one length or is chunked, never both", "[http]")
{
    CHECK(status_of_lines("Content-Length: 5\r\n") == 200);
    CHECK(status_of_lines("Transfer-Encoding: Chunked\r\n") == 200);
    CHECK(status_of_lines("Content-Length: 5\r\nContent-Length: 5\r\n") == 400);
    CHECK(status_of_lines("Content-Length: 5, 5\r\n") == 400);
    CHECK(status_of_lines("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") == 400);
    CHECK(status_of_lines("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") == 400);
    CHECK(status_of_lines("Transfer-Encoding: gzip, chunked\r\n") == 400);
    CHECK(status_of_lines("Transfer-Encoding:\r\n") == 400);
    CHECK(status_of_lines("Content-Length: 18446744073709551616\r\n") == 413);
}

TEST_CASE("lines that a proxy may read otherwise are refused", "[http]")
{
    CHECK(status_of_lines("Content-Length : 5\r\n") == 400);
    CHECK(status_of_lines("X: a\r\n\tb\r\n") == 400);
    CHECK(status_of_lines("X: a\rb\r\n") == 400);
    CHECK(status_of_lines("X: a\r\r\n") == 400);
    CHECK(status_of_lines("X: a\n") == 400);
    CHECK(status_of_lines(std::string("X: a\0b\r\n", 8)) == 400);
    CHECK(status_of_lines("X: a\x7F\r\n") == 400);
    CHECK(status_of_lines("X: a\tb\xFF\r\n") == 200);
    CHECK(status_of_lines("Host: quarters.example\r\n") == 400);
    CHECK(status_of_lines("Expect: more\r\n") == 417);
}

TEST_CASE("a Host is a name or an address and perhaps a port", "[http]")
{
    auto const status = [](std::string const& host) { return Reading("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status(); };
    for (char const* good : {"a", "a.example", "a.example:80", "192.0.2.1:1", "[2001:db8::1]", "[::1]:8080", "a_b.example"})
        CHECK(status(good) == 200);
    for (char const* bad :
        {"", "a b", "a/b", "a@b", "a,b", "a:b", "a:123456", "[::1", "[x]", "::1", ":80", "a?b", "a#b", "a%2eb", "[::1]x"})
        CHECK(status(bad) == 400);
}

TEST_CASE("a head is bounded in bytes, lines and target", "[http]")
{
    CHECK(status_of_lines("X: " + std::string(8190, 'a') + "\r\n") == 200);
    CHECK(status_of_lines("X: " + std::string(16 * 1024, 'a') + "\r\n") == 431);
    CHECK(Reading("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(16 * 1024, 'a')).status() == 431);
    std::string lines;
    for (int i = 0; i < 95; ++i)
        lines += "X-" + std::to_string(i) + ": 1\r\n";
    CHECK(status_of_lines(lines) == 200);
    CHECK(status_of_lines(lines + "X-95: 1\r\n") == 431);
    CHECK(Reading("GET /" + std::string(7999, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n").status() == 200);
    CHECK(Reading("GET /" + std::string(8000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n").status() == 414);
    CHECK(Reading("GET /" + std::string(8100, 'a')).status() == 414);
}

TEST_CASE("what is no request is refused without waiting for its end", "[http]")
{
    CHECK(Reading("\x16\x03\x01\x02").status() == 400);
    CHECK(Reading("GET /\r\n").status() == 400);
    CHECK(Reading("GET / HTTP/3.0\r\n").status() == 505);
    CHECK(Reading("GET / HTTP/1.1\nHost").status() == 400);
    CHECK(Reading("\r\r").status() == 400);
    CHECK(Reading("\r\n\r\n\r\n\r\n\r\n").status() == 400);
    CHECK(Reading("").status() == 0);
    CHECK(Reading("\r").status() == 0);
    CHECK(Reading("GET / HTTP/1.1\r\nHost: a\r\n\r").status() == 0);
}

TEST_CASE("a head that comes byte by byte is read as the same head", "[http]")
{
    std::string const text = "\r\nPOST /tb/1 HTTP/1.1\r\nHost: quarters.example\r\nContent-Length: 3\r\nX:\r\n\r\nurl";
    http::ParseProgress progress;
    http::RequestHead head;
    for (std::size_t size = 0;; ++size) {
        REQUIRE(size < text.size());
        Exact const part(std::string_view(text).substr(0, size));
        Parsed const parsed = http::parse_request_head(part.view(), {}, progress, head);
        REQUIRE(parsed.outcome != Parsed::Outcome::Refused);
        if (parsed.outcome == Parsed::Outcome::Incomplete)
            continue;
        CHECK(parsed.bytes == text.size() - 3);
        CHECK(head.content_length == 3);
        CHECK(head.find("x") == "");
        break;
    }
}

TEST_CASE("chunks are joined wherever the network cut them", "[http]")
{
    std::string const sent = "4\r\nurl=\r\nA;note=\"x\"\r\nhttp://a.b\r\n000\r\nX-After: 1\r\nHost: evil.example\r\n\r\nGET";
    for (std::size_t step = 1; step <= sent.size(); ++step) {
        http::ChunkedBody chunks(100);
        std::string body;
        std::size_t at = 0;
        http::ChunkedBody::Fed fed{http::ChunkedBody::Outcome::NeedsMore, 0};
        while (fed.outcome == http::ChunkedBody::Outcome::NeedsMore) {
            REQUIRE(at < sent.size());
            fed = chunks.feed(std::string_view(sent).substr(at, step), body);
            at += fed.consumed;
        }
        CHECK(fed.outcome == http::ChunkedBody::Outcome::Complete);
        CHECK(body == "url=http://a.b");
        CHECK(at == sent.size() - 3);
    }
}

TEST_CASE("chunks beyond the limits are refused before they are read", "[http]")
{
    using Outcome = http::ChunkedBody::Outcome;
    auto const outcome = [](std::string const& sent) {
        std::string body;
        return http::ChunkedBody(10).feed(sent, body).outcome;
    };
    CHECK(outcome("A\r\n0123456789\r\n0\r\n\r\n") == Outcome::Complete);
    CHECK(outcome("B\r\n") == Outcome::TooLarge);
    CHECK(outcome("5\r\n01234\r\n6\r\n") == Outcome::TooLarge);
    CHECK(outcome("FFFFFFFF\r\n") == Outcome::TooLarge);
    CHECK(outcome("FFFFFFFF1") == Outcome::Malformed);
    CHECK(outcome("1;" + std::string(1025, 'a')) == Outcome::Malformed);
    CHECK(outcome("0\r\nX: " + std::string(4096, 'a')) == Outcome::Malformed);
    CHECK(outcome("0\r\n bad\r\n\r\n") == Outcome::Malformed);
    CHECK(outcome("0\r\nX: a\n\r\n") == Outcome::Malformed);
}

TEST_CASE("each malformed request of the shared list gets an allowed outcome", "[http]")
{
    std::ifstream file(SHARED_FIXTURES "/security/http-malformed.json");
    if (!file) {
        WARN("skipped: no shared fixtures beside the source tree");
        return;
    }
    std::string const text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    auto const list = boost::json::parse(text);
    std::size_t count = 0;
    for (auto const& item : list.at("requests").as_array()) {
        std::string const name(item.at("name").as_string());
        std::string const expected(item.at("expect").as_string());
        int const status = outcome_of(latin1(std::string_view(item.at("raw").as_string())));
        INFO(name << ": " << expected);
        ++count;
        // What the parser lets through is the Door's to judge; what it must refuse it refuses.
        bool const may_pass = expected.find("accept") != std::string::npos || expected.find("404") != std::string::npos ||
            expected.find("default") != std::string::npos || expected.find("200") != std::string::npos ||
            name == "pipelined after Connection: close";
        bool const may_close = expected.find("close") != std::string::npos;
        bool const passed = status == 200 && may_pass;
        bool const refused = status >= 400 && (may_close || expected.find(std::to_string(status)) != std::string::npos);
        CHECK((passed || refused));
        INFO(status);
    }
    CHECK(count > 80);
}
