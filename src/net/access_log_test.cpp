#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "net/access_log.h"

using namespace backtalk;

namespace {

AccessEntry sample()
{
    AccessEntry entry;
    entry.peer = *Address::parse("192.0.2.1");
    entry.method = "GET";
    entry.target = "/2007/03/?a=\"b\"";
    entry.authority = "quarters.example";
    entry.status = 200;
    entry.body_bytes = 20'000;
    entry.microseconds = 17;
    entry.user_agent = "Reader/1.0\n192.0.2.9 - - [forged]";
    return entry;
}

std::string line(AccessLogFormat format, AccessEntry const& entry)
{
    std::string out;
    append_access_line(out, format, 1'173'354'071, entry);
    return out;
}

}  // namespace

TEST_CASE("an access line is one line in the combined form", "[net]")
{
    CHECK(line(AccessLogFormat::Text, sample()) ==
        "192.0.2.1 - - [08/Mar/2007:11:41:11 +0000] \"GET /2007/03/?a=\\x22b\\x22 HTTP/1.1\" 200 20000 \"-\" "
        "\"Reader/1.0\\x0a192.0.2.9 - - [forged]\" \"quarters.example\" 17us\n");
    AccessEntry unread;
    unread.status = 400;
    CHECK(line(AccessLogFormat::Text, unread) == "0.0.0.0 - - [08/Mar/2007:11:41:11 +0000] \"-\" 400 0 \"-\" \"-\" \"-\" 0us\n");
}

TEST_CASE("an access line is one JSON object", "[net]")
{
    CHECK(line(AccessLogFormat::Json, sample()) ==
        "{\"time\":\"2007-03-08T11:41:11Z\",\"peer\":\"192.0.2.1\",\"method\":\"GET\",\"target\":\"/2007/03/"
        "?a=\\\"b\\\"\",\"host\":\"quarters.example\","
        "\"status\":200,\"bytes\":20000,\"microseconds\":17,\"user_agent\":\"Reader/1.0\\u000a192.0.2.9 - - [forged]\"}\n");
}

TEST_CASE("no byte of a request can forge a line or command a terminal", "[net]")
{
    std::string every;
    for (int c = 0; c < 256; ++c)
        every += static_cast<char>(c);
    every += "é\u0085\u2028\u202E\xC0\xAF\xF5";
    AccessEntry entry = sample();
    entry.target = entry.referer = entry.user_agent = entry.authority = entry.method = every;
    for (AccessLogFormat const format : {AccessLogFormat::Text, AccessLogFormat::Json}) {
        std::string const text = line(format, entry);
        CHECK(is_valid_utf8(text));
        CHECK(text.find('\n') == text.size() - 1);
        CHECK(without_controls(text) == text);
        CHECK(text.find("é") != std::string::npos);
    }
}

TEST_CASE("a secret that is part of an address is not in the log", "[net]")
{
    auto const logged = [](AccessLogFormat format, std::string_view target) {
        AccessEntry entry = sample();
        entry.target = target;
        return line(format, entry);
    };
    for (AccessLogFormat const format : {AccessLogFormat::Text, AccessLogFormat::Json})
        for (std::string_view const target : {"/admin/setup/s3cret", "/blog/admin/deed/s3cret?x=1", "/admin/inbox.atom?key=s3cret",
                 "/api/mentions.jf2?a=b&token=s3cret&c=d"}) {
            CAPTURE(target);
            CHECK(logged(format, target).find("s3cret") == std::string::npos);
            CHECK(logged(format, target).find("(secret)") != std::string::npos);
        }
    CHECK(logged(AccessLogFormat::Text, "/api/count?token=s3cret&c=d").find("\"GET /api/count?token=(secret)&c=d HTTP/1.1\"") !=
        std::string::npos);
    CHECK(logged(AccessLogFormat::Text, "/monkey=1?keys=2").find("(secret)") == std::string::npos);
}

TEST_CASE("a page at a secret address names it to what it loads, and the log does not", "[net]")
{
    for (AccessLogFormat const format : {AccessLogFormat::Text, AccessLogFormat::Json})
        for (std::string_view const referer : {"https://blog.example/admin/setup/s3cret", "https://blog.example/admin/deed/s3cret",
                 "https://blog.example/admin/inbox.atom?key=s3cret"}) {
            AccessEntry entry = sample();
            entry.target = "/admin/style-1.css";
            entry.referer = referer;
            CAPTURE(referer);
            std::string const text = line(format, entry);
            CHECK(text.find("s3cret") == std::string::npos);
            CHECK(text.find("https://blog.example/admin/") != std::string::npos);
            CHECK(text.find("(secret)\"") != std::string::npos);
        }
}

TEST_CASE("lines reach the file, and what does not fit is counted", "[net]")
{
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);  // a full pipe is an error for write, as a full disk is
    {
        LineAccessLog log(ends[1], AccessLogFormat::Text);
        log.request(sample());
        log.request(sample());
        log.flush();
        CHECK(log.dropped() == 0);
    }
    ::close(ends[1]);
    char bytes[4096];
    std::string const got(bytes, static_cast<std::size_t>(std::max<ssize_t>(0, ::read(ends[0], bytes, sizeof bytes))));
    ::close(ends[0]);
    CHECK(std::count(got.begin(), got.end(), '\n') == 2);
    CHECK(got.starts_with("192.0.2.1 - - ["));
}
