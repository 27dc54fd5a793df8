#include "webmention/message.h"

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::webmention;

namespace {

/// "SOURCE -> TARGET", or the sentence of the error behind its code.
std::string read(FormFields const& form)
{
    auto const notification = read_notification(form);
    if (notification)
        return notification->source.str() + " -> " + notification->target.str();
    CHECK((notification.error().code == ErrorCode::Malformed || notification.error().code == ErrorCode::Refused));
    return notification.error().text;
}

std::string read(std::string const& source, std::string const& target = "http://b.example/2")
{
    return read({{"source", source}, {"target", target}});
}

}  // namespace

TEST_CASE("a notification is read from its form", "[message]")
{
    auto const notification =
        read_notification({{"code", "x"}, {"target", " HTTPS://B.example/2#c7 "}, {"source", "http://a.example/1"}, {"vouch", ""}});
    REQUIRE(notification);
    CHECK(notification->source.str() == "http://a.example/1");
    CHECK(notification->target.str() == "https://b.example/2#c7");
    CHECK(notification->target_as_received == "HTTPS://B.example/2#c7");
    CHECK_FALSE(notification->vouch);
}

TEST_CASE("of a repeated field the first counts", "[message]")
{
    CHECK(read({{"source", "http://a.example/1"}, {"source", "junk"}, {"target", "http://b.example/2"}, {"target", "http://c.example/"}}) ==
        "http://a.example/1 -> http://b.example/2");
}

TEST_CASE("each mistake in a notification has its own sentence", "[message]")
{
    CHECK(read(FormFields()) == "The source is missing.");
    CHECK(read({{"target", "http://b.example/"}}) == "The source is missing.");
    CHECK(read({{"Source", "http://a.example/"}}) == "The source is missing.");
    CHECK(read({{"source", "http://a.example/"}, {"target", " "}}) == "The target is missing.");
    CHECK(read("not-a-url-aaaa") == "The source is not a URL.");
    CHECK(read("http://a.example/1", "not-a-url-bbbb") == "The target is not a URL.");
    CHECK(read("a.example/1") == "The source is not a URL.");
    CHECK(read("//a.example/1") == "The source is not a URL.");
    CHECK(read("http:a.example") == "The source is not a URL.");
    CHECK(read("http:///") == "The source is not a URL.");
    CHECK(read("http://a.example/a b") == "The source is not a URL.");
    CHECK(read("http://a.example/\"x") == "The source is not a URL.");
    CHECK(read("http://a.example/<x>") == "The source is not a URL.");
    CHECK(read("http:\\\\a.example\\x") == "The source is not a URL.");
    CHECK(read("http://a.example/\xFF") == "The source is not a URL.");
    CHECK(read(std::string("http://a.example/\0x", 19)) == "The source is not a URL.");
    CHECK(read("http://a.example:99999/") == "The source is not a URL.");
    CHECK(read("ftp://a.example/1") == "The source is neither an http nor an https URL.");
    CHECK(read("http://a.example/", "javascript:alert(1)") == "The target is neither an http nor an https URL.");
    CHECK(read("http://me:secret@a.example/1") == "The source holds a name or a password.");
    CHECK(read("http://a.example/" + std::string(2000, 'x')) == "The source is longer than 2000 bytes.");
    CHECK(read({{"source", "http://a.example/"}, {"target", "http://b.example/"}, {"vouch", "yes"}}) == "The vouch is not a URL.");
}

TEST_CASE("addresses in any script are URLs", "[message]")
{
    CHECK(read("http://b\xC3\xBC"
               "cher.example/caf\xC3\xA9?x={1}|2") == "http://xn--bcher-kva.example/caf%C3%A9?x={1}|2 -> http://b.example/2");
}

TEST_CASE("a page cannot mention itself, however it is spelled", "[message]")
{
    std::string const refusal = "The source and the target are the same page.";
    CHECK(read("http://b.example/2") == refusal);
    CHECK(read("HTTP://B.EXAMPLE:80/x/../2") == refusal);
    CHECK(read("http://b.example/2#c1", "http://b.example/2#c2") == refusal);
    CHECK(read("http://b.example/2?") != refusal);
    CHECK(read("http://b.example/3") != refusal);
}

TEST_CASE("what we send is read as it was meant", "[message]")
{
    std::string const form = form_of("http://a.example/1?x=1&y=2", "http://b.example/2#c 7+8", "http://c.example/");
    CHECK(form ==
        "source=http%3A%2F%2Fa.example%2F1%3Fx%3D1%26y%3D2&target=http%3A%2F%2Fb.example%2F2%23c+7%2B8&vouch=http%3A%2F%2Fc.example%2F");
    CHECK(form_of("http://a.example/", "http://b.example/").find("vouch") == std::string::npos);
    auto const notification = read_notification(parse_form(form_of("http://a.example/1", "http://b.example/2#c7", "http://c.example/")));
    REQUIRE(notification);
    CHECK(notification->target_as_received == "http://b.example/2#c7");
    CHECK(notification->vouch == *Url::parse("http://c.example/"));
}
