#include <algorithm>
#include <bit>
#include <iterator>

#include <catch2/catch.hpp>

#include "judge/campaign.h"

using namespace backtalk;
using namespace backtalk::judge;

namespace {

constexpr std::string_view praise = "This is a very good article, I will come back and tell all my friends about it";

struct Street {
    CampaignWatch watch;
    std::int64_t token = 0;
    Instant now{std::chrono::hours(24 * 365 * 40)};

    CampaignWatch::Seen ping(std::string const& host, std::string const& path, std::string_view text, std::string const& target)
    {
        Arrival arrival;
        arrival.text = text_fingerprint(text);
        arrival.source = host + path;
        arrival.host = host;
        arrival.domain = host;
        arrival.target = target;
        arrival.at = now;
        arrival.token = ++token;
        return watch.note(arrival);
    }
};

std::vector<std::int64_t> tokens(CampaignWatch::Seen const& seen)
{
    std::vector<std::int64_t> tokens;
    std::ranges::transform(seen.earlier, std::back_inserter(tokens), &CampaignWatch::Earlier::token);
    return tokens;
}

}  // namespace

TEST_CASE("texts that differ in a word have fingerprints that are alike, other texts have not", "[judge]")
{
    std::string const text =
        "We walked along the harbour at night and counted the lights on the other side, then the ferry came and everybody went "
        "home, and nobody said a word about what had been decided at the town hall in the afternoon. ";
    std::string changed = text;
    changed.replace(changed.find("ferry"), 5, "train");
    CHECK(text_fingerprint(text) == text_fingerprint("WE WALKED" + text.substr(9)));
    CHECK(std::popcount(text_fingerprint(text) ^ text_fingerprint(changed)) < 16);
    CHECK(std::popcount(text_fingerprint(text) ^ text_fingerprint(praise)) > 16);
    CHECK(text_fingerprint("Indeed.") == 0);
    CHECK(text_fingerprint("Thanks for this") == 0);
    CHECK(text_fingerprint("港の灯りを夜に数えた") != 0);
}

TEST_CASE("the same text from several pages for several entries is a campaign, which those before belong to as well", "[judge]")
{
    Street street;
    for (int i = 1; i <= 3; ++i)
        CHECK(street.ping("shop" + std::to_string(i) + ".example", "/", praise, std::to_string(i)).campaign == 0);
    CampaignWatch::Seen const fourth = street.ping("shop4.example", "/", praise, "4");
    CHECK(fourth.campaign > 0);
    CHECK(fourth.crowd.same_text == 4);
    CHECK(fourth.crowd.same_text_sources == 4);
    CHECK(tokens(fourth) == std::vector<std::int64_t>{1, 2, 3});
    CampaignWatch::Seen const fifth = street.ping("shop5.example", "/", praise, "2");
    CHECK(fifth.campaign == fourth.campaign);
    CHECK(fifth.earlier.empty());
}

TEST_CASE("whose text others copy is not counted with them, unless its domain says it elsewhere as well", "[judge]")
{
    Street street;
    street.ping("friend.example", "/post", praise, "1");
    street.now += std::chrono::minutes(10);
    for (int i = 2; i <= 3; ++i)
        street.ping("copy" + std::to_string(i) + ".example", "/", praise, std::to_string(i));
    CampaignWatch::Seen const fourth = street.ping("copy4.example", "/", praise, "4");
    CHECK(fourth.campaign > 0);
    CHECK(fourth.earlier[0].may_be_copied);
    CHECK_FALSE(fourth.earlier[1].may_be_copied);
    CampaignWatch::Seen const again = street.ping("friend.example", "/post", praise, "1");
    CHECK(again.campaign == 0);
    CHECK(again.crowd.same_text == 1);
    CampaignWatch::Seen const elsewhere = street.ping("friend.example", "/other", praise, "5");
    CHECK(elsewhere.campaign == fourth.campaign);
    CHECK(street.ping("friend.example", "/post", praise, "1").campaign == fourth.campaign);
}

TEST_CASE("the first of a campaign that comes all at once is one of it", "[judge]")
{
    Street street;
    for (int i = 1; i <= 3; ++i)
        street.ping("shop" + std::to_string(i) + ".example", "/", praise, std::to_string(i));
    CHECK_FALSE(street.ping("shop4.example", "/", praise, "4").earlier[0].may_be_copied);
    CHECK(street.ping("shop1.example", "/", praise, "1").campaign > 0);
}

TEST_CASE("one entry that many speak of in the same words is no campaign", "[judge]")
{
    Street street;
    for (int i = 1; i <= 40; ++i)
        CHECK(street.ping("h" + std::to_string(i) + ".example", "/", praise, "1").campaign == 0);
}

TEST_CASE("a page that is announced again and again is no crowd", "[judge]")
{
    Street street;
    CampaignWatch::Seen seen;
    for (int i = 0; i < 20; ++i)
        seen = street.ping("friend.example", "/post", praise, "1");
    CHECK(seen.crowd.same_text == 1);
    CHECK(seen.crowd.same_source == 1);
    CHECK(seen.campaign == 0);
}

TEST_CASE("one domain that announces itself to many entries is a campaign, to a few it is not", "[judge]")
{
    Street street;
    for (int i = 1; i <= 9; ++i)
        CHECK(street.ping("loud.example", "/" + std::to_string(i), "", std::to_string(i)).campaign == 0);
    CampaignWatch::Seen const tenth = street.ping("loud.example", "/10", "", "10");
    CHECK(tenth.campaign > 0);
    CHECK(tenth.earlier.size() == 9);
}

TEST_CASE("what came more than a day ago is forgotten", "[judge]")
{
    Street street;
    for (int i = 1; i <= 3; ++i)
        street.ping("shop" + std::to_string(i) + ".example", "/", praise, "1");
    street.now += std::chrono::hours(25);
    CHECK(street.ping("shop4.example", "/", praise, "1").crowd.same_text == 1);
}

TEST_CASE("a flood of different pings is remembered within bounds", "[judge]")
{
    Street street;
    for (int i = 0; i < 30'000; ++i) {
        std::string const number = std::to_string(i);
        street.ping("h" + number + ".example", "/", "words " + number + "a and " + number + "b with " + number + "c", number);
    }
    CHECK(street.ping("h29999.example", "/2", "", "x").crowd.same_source == 2);
    CHECK(street.ping("h5.example", "/2", "", "x").crowd.same_source == 1);
}
