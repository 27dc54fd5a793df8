#include <catch2/catch.hpp>

#include "base/date.h"
#include "base/text.h"

using namespace backtalk;

TEST_CASE("text is cut at the end of a word with an ellipsis counted in", "[base]")
{
    CHECK(cut_at_word("the harbour at night", 20) == "the harbour at night");
    CHECK(cut_at_word("the harbour at night", 15) == "the harbour at…");
    CHECK(cut_at_word("the  harbour\nat", 15) == "the harbour at");
    CHECK(cut_at_word("港の夜の明かりが消えた", 5) == "港の夜の…");
    CHECK(code_point_count(cut_at_word(std::string(1000, 'x'), 255)) == 255);
}

TEST_CASE("ill-formed UTF-8 becomes one replacement for each maximal subpart", "[base]")
{
    CHECK(repaired_utf8("a\xC3\xA9") == "aé");
    CHECK(repaired_utf8("\xF0\x9F\x98") == "\uFFFD");
    CHECK(repaired_utf8("\xE0\x80\xAF") == "\uFFFD\uFFFD\uFFFD");
    CHECK(repaired_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
    CHECK_FALSE(is_valid_utf8("\xC0\xAF"));
}

TEST_CASE("controls and bidi overrides leave a text", "[base]")
{
    CHECK(without_controls(std::string_view("a\0b\x1b[31mc\u202Ed\n", 15)) == "ab[31mcd\n");
}

TEST_CASE("markup is escaped for text and for attributes", "[base]")
{
    CHECK(escaped("<a href=\"x\">'&</a>") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&lt;/a&gt;");
}

TEST_CASE("dates are written and read in the forms of the web", "[base]")
{
    auto const instant = to_instant({2007, 3, 8, 11, 41, 11});
    REQUIRE(instant);
    using std::chrono::minutes;
    CHECK(rfc3339(*instant) == "2007-03-08T11:41:11Z");
    CHECK(rfc3339(*instant, minutes(-300)) == "2007-03-08T06:41:11-05:00");
    CHECK(http_date(*instant) == "Thu, 08 Mar 2007 11:41:11 GMT");
    CHECK(rfc822_date(*instant, minutes(330)) == "Thu, 08 Mar 2007 17:11:11 +0530");
    CHECK(parse_http_date("Thu, 08 Mar 2007 11:41:11 GMT") == instant);
    CHECK(parse_http_date("Thursday, 08-Mar-07 11:41:11 GMT") == instant);
    CHECK(parse_http_date("Thu Mar  8 11:41:11 2007") == instant);
    CHECK(parse_http_date("Thu, 08 Mar 2007 06:41:11 -0500") == instant);
    CHECK(parse_rfc3339("2007-03-08T06:41:11-05:00")->instant == *instant);
    CHECK(parse_rfc3339("2007-03-08 06:41:11 -0500")->instant == *instant);
    CHECK(parse_rfc3339("2007-03-08T11:41:11.25Z")->instant == *instant);
    CHECK_FALSE(parse_rfc3339("2007-03-08")->has_zone);
    CHECK_FALSE(parse_rfc3339("2007-13-08"));
    CHECK_FALSE(parse_rfc3339("2007-02-30T10:00:00Z"));
    CHECK_FALSE(parse_http_date("yesterday"));
}
