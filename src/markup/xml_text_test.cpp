#include <catch2/catch.hpp>

#include "markup/xml_text.h"

using namespace backtalk;

TEST_CASE("what XML forbids is left out of text", "[xml]")
{
    CHECK(xml_characters(std::string_view("a\0b\tc\uFFFFd\uFFFD\x0B", 14)) == "ab\tcd\uFFFD");
    CHECK(xml_characters("a\xFF z") == "a\uFFFD z");
}

TEST_CASE("text is escaped for elements and for attributes in double quotes", "[xml]")
{
    std::string out = "<a>";
    append_xml_text(out, "R&D <\"it's\">\r\n");
    CHECK(out == "<a>R&amp;D &lt;&quot;it's&quot;&gt;&#13;\n");
}
