#include "cli/settings_edit.h"

#include <catch2/catch.hpp>

#include "cli/settings_file.h"

namespace backtalk {

namespace {

std::string edited(std::string_view toml, std::string_view value = "\"known\"")
{
    auto const result = with_setting(toml, "backtalk.toml", "mentions", "moderation", value);
    return result ? *result : "refused: " + result.error().text;
}

}  // namespace

TEST_CASE("a changed setting is one changed line, and the comment behind it stays", "[settings]")
{
    CHECK(edited("# mine\n[mentions]\nmoderation = \"all\"   # on holiday\n\n[log]\nlevel = \"info\"\n") ==
        "# mine\n[mentions]\nmoderation = \"known\"   # on holiday\n\n[log]\nlevel = \"info\"\n");
    CHECK(edited("[mentions]\r\n  moderation='all'\r\n") == "[mentions]\r\n  moderation= \"known\"\r\n");
    CHECK(edited("mentions.moderation = \"all\"") == "mentions.moderation = \"known\"");
}

TEST_CASE("a setting that was not set gets a line in its table", "[settings]")
{
    CHECK(edited("[log]\nlevel = \"info\"\n[mentions] # here\n# words\n#moderation = \"verified\"\n[judge]\n") ==
        "[log]\nlevel = \"info\"\n[mentions] # here\n# words\n#moderation = \"verified\"\nmoderation = \"known\"\n[judge]\n");
    CHECK(edited("") == "\n[mentions]\nmoderation = \"known\"\n");
    CHECK(edited("[log]\nlevel = \"info\"") == "[log]\nlevel = \"info\"\n\n[mentions]\nmoderation = \"known\"\n");
}

TEST_CASE("the file that init writes keeps every line of its own", "[settings]")
{
    std::string const before = initial_settings_file();
    std::string const after = edited(before);
    auto const settings = read_settings(after, "backtalk.toml");
    REQUIRE(settings);
    CHECK(settings->mentions.moderation == Moderation::Known);
    CHECK(after.size() == before.size() - 1 + std::string_view("moderation = \"known\"\n").size());
    // A second change finds the line of the first.
    CHECK(edited(after, "\"all\"").size() == after.size() - 2);
}

TEST_CASE("a header that is switched off is not switched on above what belongs to another table", "[settings]")
{
    CHECK(
        edited("[log]\n#[mentions]\nlevel = \"info\"\n") == "[log]\n#[mentions]\nlevel = \"info\"\n\n[mentions]\nmoderation = \"known\"\n");
}

TEST_CASE("a file that no line can change is left alone", "[settings]")
{
    CHECK(edited("mentions = { moderation = \"all\" }\n").starts_with("refused: "));
    CHECK(edited("mentions = {}\n").starts_with("refused: "));
    CHECK(edited("[mentions]\nmoderation = \"\"\"\nall\"\"\"\n").starts_with("refused: "));
    CHECK(edited("[mentions\n").starts_with("refused: "));
}

TEST_CASE("what stands in a text of several lines is no setting", "[settings]")
{
    std::string const toml = "[fetch]\nuser_agent = \"\"\"\n[mentions]\nmoderation = 1\"\"\"\n";
    CHECK(edited(toml) == toml + "\n[mentions]\nmoderation = \"known\"\n");
}

}  // namespace backtalk
