#include "importers/import_key.h"

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::importers;

// These texts are in people's databases: a change here makes every second import double everything.
TEST_CASE("keys are what they always were", "[import_key]")
{
    CivilTime const date{2007, 3, 8, 6, 41, 11};
    CHECK(entry_key(date, "Low tide", "low_tide") == "2007-03-08T06:41:11/low_tide/16f79870b40262ff");
    CHECK(entry_key({}, "", "") == "-//cbf29ce484222325");
    CHECK(comment_key("Bo", date, "Which wreck?") == "2007-03-08T06:41:11/09133907b5aaac1e/66d008f374b1e3e5");
}

TEST_CASE("keys tell entries and comments apart, but not line ends", "[import_key]")
{
    CivilTime const date{2007, 3, 8, 6, 41, 11};
    CHECK(entry_key(date, "a", "x") != entry_key(date, "b", "x"));
    CHECK(entry_key(date, "a", "x") != entry_key(date, "a", "y"));
    CHECK(entry_key(date, "a", "x") != entry_key({}, "a", "x"));
    CHECK(comment_key("a", date, "x") != comment_key("b", date, "x"));
    CHECK(comment_key("a", date, "x") != comment_key("x", date, "a"));
    CHECK(comment_key("a", date, "one\r\n\r\ntwo ") == comment_key("a", date, "one\n\ntwo"));
}
