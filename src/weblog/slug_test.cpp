#include "weblog/slug.h"

#include <thread>

#include <catch2/catch.hpp>

using namespace backtalk;

TEST_CASE("a slug is the words of the title with hyphens between them", "[slug]")
{
    CHECK(slug_of("The harbour at night") == "the-harbour-at-night");
    CHECK(slug_of("  Don't -- panic!  ") == "dont-panic");
    CHECK(slug_of("It’s 3.34, isn’t it?") == "its-3-34-isnt-it");
    CHECK(slug_of("a/b_c\\d") == "a-b-c-d");
    CHECK(category_slug("Boats & Harbours") == "boats-harbours");
}

TEST_CASE("a slug writes other scripts in Latin letters", "[slug]")
{
    CHECK(slug_of("Münster über Straße") == "munster-uber-strasse");
    CHECK(slug_of("Москва") == "moskva");
    CHECK(slug_of("Ørsted Łódź Þing") == "orsted-lodz-thing");
    CHECK(slug_of("港の夜").find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
    CHECK(slug_of("港の夜") != "post");
    CHECK(slug_of("a \xFF\xC3 b") == "a-b");
}

TEST_CASE("a slug has nothing of tags and character references", "[slug]")
{
    CHECK(slug_of("<b>Bold</b> &amp; <i class=\"x > y\">brave</i>") == "bold-y-brave");
    CHECK(slug_of("caf&eacute; &#233;t&#xE9; stra&szlig;e &nosuchname; x&nbsp;y") == "cafe-ete-strasse-x-y");
    CHECK(slug_of("1 < 2 & 3") == "1-2-3");
    CHECK(slug_of("a <b") == "a-b");
    CHECK(slug_of("It&rsquo;s &#xD800;&#99999999999; &;") == "its");
}

TEST_CASE("a title of which nothing is left is post", "[slug]")
{
    CHECK(slug_of("") == "post");
    CHECK(slug_of("?!") == "post");
    CHECK(slug_of("🚀") == "post");
    CHECK(slug_of("\xFF") == "post");
}

TEST_CASE("a long slug is cut between words", "[slug]")
{
    CHECK(slug_of("one two three", 8) == "one-two");
    CHECK(slug_of("one two three", 7) == "one-two");
    CHECK(slug_of("one two three", 6) == "one");
    CHECK(slug_of("abcdefghij klm", 6) == "abcdef");
    CHECK(slug_of(std::string(1'000'000, 'x')).size() == 80);
    std::string long_title;
    for (int i = 0; i < 3000; ++i)
        long_title += "ü";
    CHECK(slug_of(long_title) == std::string(80, 'u'));
}

TEST_CASE("several threads may ask for slugs at once", "[slug]")
{
    std::vector<std::string> slugs(4);
    {
        std::vector<std::jthread> threads;
        for (std::string& slug : slugs)
            threads.emplace_back([&slug] {
                for (int i = 0; i < 50; ++i)
                    slug = slug_of("Über Łódź");
            });
    }
    CHECK(slugs == std::vector<std::string>(4, "uber-lodz"));
}
