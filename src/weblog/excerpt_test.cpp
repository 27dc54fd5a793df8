#include "weblog/excerpt.h"

#include <catch2/catch.hpp>

#include "base/text.h"

using namespace backtalk;

TEST_CASE("an excerpt is the first words of the text without its markup", "[excerpt]")
{
    CHECK(excerpt_of("<p>The <em>harbour</em> at night.</p>\n<p>More &amp; more</p>") == "The harbour at night. More & more");
    CHECK(excerpt_of("<p>one two, three four</p>", 2) == "one two…");
    CHECK(excerpt_of("<p>one two three</p>", 3) == "one two three");
    CHECK(excerpt_of("") == "");
}

TEST_CASE("an excerpt of a text without blanks ends as well", "[excerpt]")
{
    std::string html = "<p>";
    for (int i = 0; i < 1000; ++i)
        html += "港";
    CHECK(code_point_count(excerpt_of(html, 40)) == 480);
    CHECK(excerpt_of(html, 40).ends_with("…"));
}
