#include <algorithm>

#include <catch2/catch.hpp>

#include "judge/text_features.h"
#include "judge/words.h"

using namespace backtalk::judge;

namespace {

std::string words(std::string_view text) { return folded_words(text, 2000); }

bool is_disguised(std::string_view text) { return std::ranges::any_of(words_of(text, 2000), &Word::disguised); }

double likeness(PingWords const& a, PingWords const& b)
{
    Features const one = features_of(a);
    Features const other = features_of(b);
    Features both;
    std::ranges::set_intersection(one, other, std::back_inserter(both));
    return static_cast<double>(both.size()) / static_cast<double>(std::max(one.size(), other.size()));
}

}  // namespace

TEST_CASE("words are folded: case, accents kept, digits, apostrophes, fullwidth letters", "[judge]")
{
    CHECK(words("The HARBOUR, at Night!") == "the harbour at night");
    CHECK(words("Über Größe") == "über größe");
    CHECK(words("in 2007 and 41 more") == "in 0 and 0 more");
    CHECK(words("don't / don\u2019t") == "dont dont");
    CHECK(words("ＦＲＥＥ") == "free");
    CHECK(words("").empty());
}

TEST_CASE("letters written as numbers, inside tags and with zero-width characters are read", "[judge]")
{
    CHECK(words("&#102;&#114;&#101;&#101;") == "free");
    CHECK(words("<b>free</b>tones") == "b free b tones");
    CHECK(words("to\u200Bnes") == "tones");
    CHECK(is_disguised("to\u200Bnes"));
    CHECK_FALSE(is_disguised("soft\u00ADhyphens are for printers"));
}

TEST_CASE("letters of another alphabet that look like Latin ones are read as these inside Latin words only", "[judge]")
{
    CHECK(words("r\u0456ngt\u043Enes") == "ringtones");
    CHECK(is_disguised("r\u0456ngt\u043Enes"));
    CHECK(words("\u043E\u043D\u0430") == "\u043E\u043D\u0430");
    CHECK_FALSE(is_disguised("\u043E\u043D\u0430 \u0438 \u043E\u043D"));
}

TEST_CASE("words written with blanks between their letters are words, rows of numbers are not", "[judge]")
{
    CHECK(words("w a t c h e s") == "watches");
    CHECK(is_disguised("w a t c h e s"));
    CHECK_FALSE(is_disguised("1 2 3 4 5 6"));
    CHECK_FALSE(is_disguised("plan b or c"));
}

TEST_CASE("scripts without blanks give runs of characters", "[judge]")
{
    auto const kana = words_of("港の灯り", 100);
    REQUIRE(kana.size() == 1);
    CHECK(kana[0].unspaced);
    CHECK(likeness({.title = "港の灯りについて"}, {.title = "夜の港の灯り"}) > 0.2);
    CHECK(likeness({.title = "港の灯り"}, {.title = "全く別の話"}) < 0.1);
}

TEST_CASE("features are hashed, ascending and each once", "[judge]")
{
    Features const features =
        features_of({.title = "Lights out lights out", .excerpt = "Lights out", .host = "a.example", .path = "/2007/x"});
    CHECK(std::ranges::is_sorted(features));
    CHECK(std::ranges::adjacent_find(features) == features.end());
    CHECK(features.back() < feature_buckets);
    CHECK(features_of({}).empty());
}

TEST_CASE("any bytes may be read, of long texts the beginning", "[judge]")
{
    std::string bytes;
    for (int i = 0; i < 300; ++i)
        bytes += static_cast<char>(i);
    CHECK_FALSE(features_of({.excerpt = bytes}).empty());
    std::string long_text;
    for (int i = 0; i < 100'000; ++i)
        long_text += "w" + std::to_string(i) + " ";
    CHECK(words_of(long_text, 2000).size() < 2000);
}
