#include "importers/import_map.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::importers;

namespace {

ImportMap parsed(std::string_view csv)
{
    auto map = ImportMap::parse(csv);
    REQUIRE(map.has_value());
    return *std::move(map);
}

}  // namespace

TEST_CASE("a map gives ids and a permalink by basename, else by title", "[import_map]")
{
    ImportMap const map = parsed("key,entry_id,trackback_id,permalink\nlow_tide,9301,9352,http://a.example/9301.php\nHigh tide,2,,\n");
    CHECK(map.problems().empty());
    ImportMapRow const* const low = map.find("low_tide", "no such title");
    REQUIRE(low != nullptr);
    CHECK(*low == ImportMapRow{2, "low_tide", 9301, 9352, "http://a.example/9301.php"});
    ImportMapRow const* const high = map.find("high_tide", " High \n tide");
    REQUIRE(high != nullptr);
    CHECK(*high == ImportMapRow{3, "High tide", 2, std::nullopt, ""});
    CHECK(map.find("", "") == nullptr);
    CHECK(map.find("no", "nothing") == nullptr);
}

TEST_CASE("columns come in any order, with others between, BOM, CRLF, quotes and other separators", "[import_map]")
{
    ImportMapRow const row{2, "a, \"b\"", 7, 8, "http://x.example/"};
    CHECK(parsed("\xEF\xBB\xBFpermalink,note,Trackback_ID,ENTRY_ID,key\r\nhttp://x.example/,\"two\r\nlines\",8,7,\"a, \"\"b\"\"\"\r\n")
              .rows() == std::vector<ImportMapRow>{row});
    CHECK(parsed("key;entry_id;trackback_id;permalink\r\"a, \"\"b\"\"\";7;8;http://x.example/").rows() == std::vector<ImportMapRow>{row});
    CHECK(parsed("key\tentry_id\ttrackback_id\tpermalink\na, \"b\"\t7\t8\thttp://x.example/\n\n").rows() == std::vector<ImportMapRow>{row});
    CHECK(parsed("key").rows().empty());
    CHECK(parsed("key,entry_id\nshort\n").rows().front().entry_id == std::nullopt);
}

TEST_CASE("faulty rows are reported by line and left out, the others stay", "[import_map]")
{
    ImportMap const map = parsed("key,entry_id,trackback_id,permalink\n"
                                 "\"two\nlines\",1,1,\n"  // lines 2 and 3
                                 "a,x,-5,/kept\n"         // 4: ids
                                 ",9,9,/nokey\n"          // 5
                                 "\"open,2,2,/lost\n"     // 6
                                 "b,1,2,\n"               // 7: entry id of line 2
                                 "a,3,3,/again\n"         // 8
                                 "\"c\"d,4,4,\n"          // 9
                                 "e,99999999999999999999,5,/e\n");
    std::vector<std::size_t> lines;
    for (ImportProblem const& problem : map.problems()) {
        CHECK(problem.kind == ImportProblem::Kind::LeftOut);
        lines.push_back(problem.line);
    }
    CHECK(lines == std::vector<std::size_t>{4, 4, 5, 6, 7, 8, 9, 10});
    REQUIRE(map.rows().size() == 4);
    CHECK(map.find("two lines", "")->entry_id == 1);
    CHECK(map.find("a", "")->permalink == "/kept");
    CHECK(map.find("b", "")->trackback_id == 2);
    CHECK(map.find("e", "")->trackback_id == 5);
}

TEST_CASE("a map without a header is refused", "[import_map]")
{
    for (std::string_view const csv : {"", "low_tide,9301,9352,http://a.example/\n", "\n\n", "\"key"}) {
        auto const map = ImportMap::parse(csv);
        REQUIRE_FALSE(map.has_value());
        CHECK(map.error().code == ErrorCode::Malformed);
    }
}

TEST_CASE("the saved page has its map", "[import_map]")
{
    std::filesystem::path const file = SHARED_FIXTURES "/saved-page/map.csv";
    if (!std::filesystem::exists(file)) {
        WARN("skipped: " << file << " is not here");
        return;
    }
    std::ifstream stream(file, std::ios::binary);
    ImportMap const map = parsed(std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()));
    CHECK(map.problems().empty());
    ImportMapRow const* const row = map.find("the_friends_of_ali_reza_asgari", "");
    REQUIRE(row != nullptr);
    CHECK(row->entry_id == 9301);
    CHECK(row->trackback_id == 9352);
    CHECK(row->permalink == "http://quarters.test/mt/archives/009301.php");
}
