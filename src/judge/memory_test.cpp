#include <catch2/catch.hpp>

#include "judge/memory.h"

using namespace backtalk;
using namespace backtalk::judge;

TEST_CASE("an author is believed on the domain of the page, and is somebody of that domain elsewhere", "[judge]")
{
    auto const subject = [](std::string author_url, std::string author_name, std::string_view source) {
        Listing listing;
        listing.author_url = std::move(author_url);
        listing.author_name = std::move(author_name);
        return author_subject(listing, Url::parse(source).value());
    };
    CHECK(subject("http://Friend.example/Frida", "Frida", "http://www.friend.example/post") == "http://friend.example/frida");
    CHECK(subject("http://friend.example/frida", "Frida", "http://evil.example/post") == "http://friend.example/frida @ evil.example");
    CHECK(subject("", "Frida", "http://evil.example/post") == "frida @ evil.example");
    CHECK(subject("not a url", "", "http://evil.example/post") == "not a url @ evil.example");
    CHECK(subject("", "", "http://evil.example/post").empty());
}

TEST_CASE("the dot of the root makes no other domain", "[judge]")
{
    CHECK(registrable_domain("www.shop.co.uk.") == "shop.co.uk");
    CHECK(registrable_domain("localhost.") == "localhost");
    CHECK(registrable_domain("a.example..") == registrable_domain("a.example.."));
}

TEST_CASE("decisions are remembered by registrable domain, and by weblog where many share one", "[judge]")
{
    CHECK(registrable_domain("www.shop.co.uk") == "shop.co.uk");
    CHECK(registrable_domain("a.b.friend.example") == "friend.example");
    CHECK(registrable_domain("ann.github.io") == "ann.github.io");
    CHECK(registrable_domain("bob.blogspot.com") != registrable_domain("ann.blogspot.com"));
    CHECK(registrable_domain("co.uk") == "co.uk");
    CHECK(registrable_domain("localhost") == "localhost");
    CHECK(registrable_domain("192.0.2.7") == "192.0.2.7");
    CHECK(registrable_domain("[2001:db8::1]") == "[2001:db8::1]");
    CHECK(registrable_domain("").empty());
}

TEST_CASE("senders are counted by the network that they are likely to have", "[judge]")
{
    CHECK(network_of("192.0.2.77") == "192.0.2.0/24");
    CHECK(network_of("::ffff:192.0.2.77") == "192.0.2.0/24");
    CHECK(network_of("2001:db8:1:2:3::4") == "2001:db8:1::/48");
    CHECK(network_of("friend.example").empty());
    CHECK(network_of("").empty());
}

TEST_CASE("decisions fade, and are taken back to nothing whenever that is", "[judge]")
{
    Instant const made{std::chrono::sys_days(std::chrono::year(2027) / 3 / 8)};
    double const sum = memory_weight(made);
    CHECK(remembered_at(sum, made) == Approx(1));
    CHECK(remembered_at(sum, made + memory_half_life) == Approx(0.5));
    CHECK(remembered_at(sum + memory_weight(made + memory_half_life), made + memory_half_life) == Approx(1.5));
    CHECK(sum + memory_weight(made + memory_half_life) - memory_weight(made + memory_half_life) == Approx(sum));
}
