#include "net/fetcher.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "net/fetcher_test_world.h"

using namespace backtalk;
using namespace std::chrono_literals;

namespace {

/// Bits as deflate packs them (RFC 1951, 3.1.1).
class BitWriter {
public:
    void add(std::uint32_t value, int count)
    {
        for (int i = 0; i < count; ++i)
            add_bit((value >> i) & 1);
    }
    void add_code(std::uint32_t code, int count)
    {
        for (int i = count - 1; i >= 0; --i)
            add_bit((code >> i) & 1);
    }
    std::string take()
    {
        while (used_ != 0)
            add_bit(0);
        return std::move(bytes_);
    }

private:
    void add_bit(std::uint32_t bit)
    {
        if (used_ == 0)
            bytes_.push_back('\0');
        bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) | (bit << used_));
        used_ = (used_ + 1) % 8;
    }

    std::string bytes_;
    unsigned used_ = 0;
};

std::string const gzip_header("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);

/// An "a", then runs of 258 more: 13 bits each in fixed Huffman codes (RFC 1951, 3.2.6). No trailer; none will be reached.
std::string gzip_bomb(std::size_t runs)
{
    BitWriter bits;
    bits.add(1, 1);
    bits.add(1, 2);
    bits.add_code(0x30 + 'a', 8);
    for (std::size_t i = 0; i < runs; ++i) {
        bits.add_code(0b11000101, 8);
        bits.add_code(0, 5);
    }
    return gzip_header + bits.take();
}

std::uint32_t crc32(std::string_view text)
{
    std::uint32_t crc = ~0u;
    for (char const c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int i = 0; i < 8; ++i)
            crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

/// One stored block.
std::string gzipped(std::string const& text)
{
    std::string out = gzip_header;
    auto const add = [&](std::size_t value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
    };
    add(1, 1);
    add(text.size(), 2);
    add(~text.size(), 2);
    out += text;
    add(crc32(text), 4);
    add(text.size(), 4);
    return out;
}

}  // namespace

TEST_CASE("a page comes with its status, headers and body, and the request says who asks", "[fetch]")
{
    std::string request;
    TestServer server([&](TestServer::Connection& connection) {
        request = connection.read_request();
        connection.send(http_answer("<p>Hello", "200 Fine", "Content-Type: text/html\r\nLink: <a>; rel=b\r\nLink: <c>; rel=d\r\n"));
    });
    auto options = allowing(server);
    options.user_agent = "Backtalk test";
    {
        FetchWorld world(options);
        auto const fetched = world.get(server.url("/a//../b?q=%2e#part"));
        REQUIRE(fetched);
        CHECK(fetched->status == 200);
        CHECK(fetched->body == "<p>Hello");
        CHECK_FALSE(fetched->truncated);
        CHECK(fetched->headers.get("content-type") == "text/html");
        CHECK(fetched->headers.all("Link").size() == 2);
        CHECK(fetched->url.str() == server.url("/a/b?q=%2e"));
        CHECK(fetched->hops.empty());
        CHECK(world.fetcher.counters().fetches == 1);
        CHECK(world.fetcher.counters().bytes == 8);
        CHECK(world.fetcher.counters().sockets_opened == 1);
    }
    CHECK(request.starts_with("GET /a/b?q=%2e HTTP/1.1\r\n"));
    CHECK(request.find("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n") != std::string::npos);
    CHECK(request.find("\r\nUser-Agent: Backtalk test\r\n") != std::string::npos);
    CHECK(request.find("\r\nAccept: text/html") != std::string::npos);
    CHECK(request.find("gzip") != std::string::npos);
    for (char const* const header : {"Referer", "Cookie", "Authorization", "Expect", "If-None-Match"})
        CHECK(request.find(header) == std::string::npos);
}

TEST_CASE("a form is posted whole, without asking whether it may", "[fetch]")
{
    std::string request;
    TestServer server([&](TestServer::Connection& connection) {
        request = connection.read_request();
        connection.send(http_answer("<error>0"));
    });
    FetchRequest post(Url::parse(server.url()).value());
    post.post = true;
    post.content_type = "application/x-www-form-urlencoded";
    post.body = "url=" + std::string(1'500'000, 'x');
    {
        FetchWorld world(allowing(server));
        auto const fetched = world.fetch(post);
        REQUIRE(fetched);
        CHECK(fetched->body == "<error>0");
    }
    CHECK(request.starts_with("POST / HTTP/1.1\r\n"));
    CHECK(request.find("\r\nContent-Type: application/x-www-form-urlencoded\r\n") != std::string::npos);
    CHECK(request.find("Expect") == std::string::npos);
    CHECK(request.ends_with("\r\n\r\n" + post.body));
}

TEST_CASE("a condition is sent, its answer handed over, and no validator adds a line to the request", "[fetch]")
{
    std::string request;
    TestServer server([&](TestServer::Connection& connection) {
        request = connection.read_request();
        connection.send("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
    });
    FetchRequest conditional(Url::parse(server.url()).value());
    conditional.if_none_match = "\"x\"";
    conditional.if_modified_since = "Thu, 08 Mar 2007 11:41:11 GMT\r\nX-Smuggled: 1";
    {
        FetchWorld world(allowing(server));
        auto const fetched = world.fetch(conditional);
        REQUIRE(fetched);
        CHECK(fetched->status == 304);
    }
    CHECK(request.find("\r\nIf-None-Match: \"x\"\r\n") != std::string::npos);
    CHECK(request.find("Smuggled") == std::string::npos);
}

TEST_CASE("a body without end is cut at its limit", "[fetch]")
{
    TestServer server([](TestServer::Connection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        while (connection.send(std::string(10'000, 'x'))) { }
    });
    auto options = allowing(server);
    options.max_bytes = 100'000;
    FetchWorld world(options);
    auto const fetched = world.get(server.url());
    REQUIRE(fetched);
    CHECK(fetched->truncated);
    CHECK(fetched->body == std::string(100'000, 'x'));
}

TEST_CASE("a body of exactly the limit is whole", "[fetch]")
{
    TestServer server(answering(http_answer(std::string(5000, 'x'))));
    auto options = allowing(server);
    options.max_bytes = 5000;
    FetchWorld world(options);
    auto const fetched = world.get(server.url());
    REQUIRE(fetched);
    CHECK_FALSE(fetched->truncated);
    CHECK(fetched->body.size() == 5000);
}

TEST_CASE("a compressed body is decoded", "[fetch]")
{
    TestServer server(answering(http_answer(gzipped("Following up on the harbour"), "200 OK", "Content-Encoding: gzip\r\n")));
    FetchWorld world(allowing(server));
    auto const fetched = world.get(server.url());
    REQUIRE(fetched);
    CHECK(fetched->body == "Following up on the harbour");
}

TEST_CASE("a compression bomb is refused, plain or chunked", "[fetch]")
{
    std::string const bomb = gzip_bomb(100'000);  // 25 MB out of 160 kB
    std::string const chunked = [&] {
        std::ostringstream out;
        for (std::size_t at = 0; at < bomb.size(); at += 1000)
            out << std::hex << std::min<std::size_t>(1000, bomb.size() - at) << "\r\n" << bomb.substr(at, 1000) << "\r\n";
        return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + out.str() + "0\r\n\r\n";
    }();
    for (std::string const& answer : {http_answer(bomb, "200 OK", "Content-Encoding: gzip\r\n"), chunked}) {
        TestServer server(answering(answer));
        FetchWorld world(allowing(server));
        auto const fetched = world.get(server.url());
        REQUIRE_FALSE(fetched);
        CHECK(fetched.error().code == ErrorCode::Refused);
        CHECK(fetched.error().text == "the answer unpacks to more than 100 times its size");
    }
}

TEST_CASE("the shared gzip bomb is refused", "[fetch]")
{
    std::ifstream file(SHARED_FIXTURES "/security/gzip-bomb-50MB.gz", std::ios::binary);
    if (!file) {
        WARN("skipped: no shared fixtures");
        return;
    }
    std::ostringstream bomb;
    bomb << file.rdbuf();
    TestServer server(answering(http_answer(bomb.str(), "200 OK", "Content-Encoding: gzip\r\n")));
    FetchWorld world(allowing(server));
    auto const fetched = world.get(server.url());
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == ErrorCode::Refused);
}

TEST_CASE("a broken encoding is an error, not half a page", "[fetch]")
{
    TestServer server(answering(http_answer("this is no gzip", "200 OK", "Content-Encoding: gzip\r\n")));
    FetchWorld world(allowing(server));
    auto const fetched = world.get(server.url());
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == ErrorCode::Unavailable);
}

TEST_CASE("headers without end are refused", "[fetch]")
{
    TestServer server([](TestServer::Connection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\n");
        while (connection.send("X-More: " + std::string(500, 'x') + "\r\n")) { }
    });
    FetchWorld world(allowing(server));
    auto const fetched = world.get(server.url());
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == ErrorCode::Refused);
    CHECK(fetched.error().text == "the headers are longer than 65536 bytes");
}

TEST_CASE("only the headers of the last answer count: not an interim one's, not trailers", "[fetch]")
{
    TestServer server(answering("HTTP/1.1 103 Early Hints\r\nLink: </early>; rel=webmention\r\n\r\n"
                                "HTTP/1.1 200 OK\r\nX-Folded: one\r\n  two\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "2\r\nhi\r\n0\r\nLink: </late>; rel=webmention\r\n\r\n"));
    FetchWorld world(allowing(server));
    auto const fetched = world.get(server.url());
    REQUIRE(fetched);
    CHECK(fetched->body == "hi");
    CHECK(fetched->headers.get("X-Folded") == "one two");
    CHECK_FALSE(fetched->headers.contains("Link"));
}

TEST_CASE("a connection that closes too early is out of order for now", "[fetch]")
{
    for (std::string const answer :
        {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"}) {
        TestServer server(answering(answer));
        FetchWorld world(allowing(server));
        auto const fetched = world.get(server.url());
        REQUIRE_FALSE(fetched);
        CHECK(fetched.error().code == ErrorCode::Unavailable);
    }
}

TEST_CASE("a port where nobody listens is out of order for now", "[fetch]")
{
    auto server = std::make_unique<TestServer>(answering(""));
    auto const options = allowing(*server);
    std::string const url = server->url();
    server.reset();
    FetchWorld world(options);
    auto const fetched = world.get(url);
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == ErrorCode::Unavailable);
}

TEST_CASE("what is no HTTP is no answer", "[fetch]")
{
    TestServer server(answering("SSH-2.0-OpenSSH_9.2p1\r\n"));
    FetchWorld world(allowing(server));
    auto const fetched = world.get(server.url());
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == ErrorCode::Unavailable);
}

TEST_CASE("slow headers and slow bodies run out of time", "[fetch]")
{
    for (std::string const beginning : {"", "HTTP/1.1 200 OK\r\nX-Slow: ", "HTTP/1.1 200 OK\r\n\r\nslo"}) {
        TestServer server([&](TestServer::Connection& connection) {
            connection.read_request();
            connection.send(beginning);
            connection.wait_until_client_closes();
        });
        auto options = allowing(server);
        options.timeout = 100ms;
        FetchWorld world(options);
        auto const fetched = world.get(server.url());
        REQUIRE_FALSE(fetched);
        CHECK(fetched.error().code == ErrorCode::Timeout);
        CHECK(world.fetcher.counters().timeouts == 1);
    }
}

TEST_CASE("an earlier deadline wins over the time limit", "[fetch]")
{
    TestServer server([](TestServer::Connection& connection) { connection.wait_until_client_closes(); });
    auto options = allowing(server);
    options.timeout = 24h;
    FetchWorld world(options);
    auto const fetched = world.get(server.url(), Deadline::in(50ms));
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == ErrorCode::Timeout);
}

TEST_CASE("proxies of the environment are not used", "[fetch]")
{
    TestServer proxy(answering(http_answer("by proxy")));
    TestServer server(answering(http_answer("direct")));
    ::setenv("http_proxy", proxy.url().c_str(), 1);
    ::setenv("all_proxy", proxy.url().c_str(), 1);
    {
        FetchWorld world(allowing(server));
        auto const fetched = world.get(server.url());
        REQUIRE(fetched);
        CHECK(fetched->body == "direct");
    }
    ::unsetenv("http_proxy");
    ::unsetenv("all_proxy");
    CHECK(proxy.connections() == 0);
}
