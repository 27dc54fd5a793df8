#include "importers/import_date.h"

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::importers;

namespace {

std::optional<CivilTime> time_of(std::string_view text)
{
    auto const read = read_import_date(text);
    return read ? std::optional(read->date.time) : std::nullopt;
}

}  // namespace

TEST_CASE("the format's own dates are read without a remark", "[import_date]")
{
    for (std::string_view const text : {"03/08/2007 06:41:11 AM", "3/8/2007 6:41:11", "03/08/2007 06:41:11", "  03/08/2007 06:41:11 AM "}) {
        auto const read = read_import_date(text);
        REQUIRE(read);
        CHECK(read->date.time == CivilTime{2007, 3, 8, 6, 41, 11});
        CHECK(read->remark.empty());
        CHECK_FALSE(read->date.offset);
    }
    CHECK(time_of("03/08/2007 12:00:00 AM") == CivilTime{2007, 3, 8, 0, 0, 0});
    CHECK(time_of("03/08/2007 12:00:00 PM") == CivilTime{2007, 3, 8, 12, 0, 0});
    CHECK(time_of("03/08/2007 11:59:59 PM") == CivilTime{2007, 3, 8, 23, 59, 59});
}

TEST_CASE("a year of two digits is in the century that weblogs are in", "[import_date]")
{
    CHECK(time_of("01/02/00 00:00:00")->year == 2000);
    CHECK(time_of("01/02/69 00:00:00")->year == 2069);
    CHECK(time_of("01/02/70 00:00:00")->year == 1970);
    CHECK(time_of("01/02/99 00:00:00")->year == 1999);
    CHECK(time_of("01/02/107 00:00:00")->year == 2007);
}

TEST_CASE("other spellings give the same day and time", "[import_date]")
{
    CivilTime const time{2007, 3, 8, 18, 41, 0};
    for (std::string_view const text :
        {"2007-03-08T18:41:00", "2007-03-08 18:41", "2007/03/08 18:41:00", "20070308T18:41", "March 8, 2007 6:41 PM", "Mar. 8 2007 6:41pm",
            "Thursday, March 8, 2007 at 6:41 p.m.", "8 March 2007 18:41", "8-Mar-2007 18:41", "8.3.2007, 18:41:00", "03-08-2007 18:41:00",
            "Thu Mar  8 18:41:00 2007", "03/08/2007, 6:41:00 PM", "03/08/2007 18:41:00.123"}) {
        INFO(text);
        CHECK(time_of(text) == time);
    }
}

TEST_CASE("a zone is understood behind any of them", "[import_date]")
{
    using std::chrono::minutes;
    CHECK(read_import_date("03/08/2007 06:41:11 AM EST")->date.offset == minutes(-300));
    CHECK(read_import_date("03/08/2007 06:41:11 AM -0530")->date.offset == minutes(-330));
    CHECK(read_import_date("2007-03-08T06:41:11+09:00")->date.offset == minutes(540));
    CHECK(read_import_date("2007-03-08T06:41:11Z")->date.offset == minutes(0));
    CHECK(read_import_date("03/08/2007 06:41:11 AM GMT+2")->date.offset == minutes(120));
    CHECK_FALSE(read_import_date("03/08/2007 06:41:11 AM +99:00")->date.offset);
    CHECK_FALSE(read_import_date("03/08/2007 06:41:11 AM QQQ")->date.offset);
}

TEST_CASE("a day that no calendar has is nothing, a time that no clock shows is midnight", "[import_date]")
{
    for (std::string_view const text : {"13/45/2007 06:41:11", "02/29/2007 00:00:00", "00/00/0000 00:00:00", "31 February 2007", "", " ",
             "AM", "yesterday", "03/08", "3", "//", "March", "March 8", "2007-03", "2007", "0/1/2007", "03/08/20070"})
        CHECK_FALSE(read_import_date(text));
    CHECK_FALSE(read_import_date("03/08/2007" + std::string(100, ' ') + "x"));
    for (std::string_view const text : {"03/08/2007 24:00:00", "03/08/2007 06:60:00", "03/08/2007 06:41:61", "03/08/2007 1:x"})
        CHECK(time_of(text) == CivilTime{2007, 3, 8, 0, 0, 0});
}
