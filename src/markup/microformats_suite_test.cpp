// The public suite, test/data/markup/microformats: each of its pages is a test of its own.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "markup/microformats.h"

using namespace backtalk;
using namespace backtalk::markup;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(fs::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

/// The base URL of the unit tests is written without a path, which our Url always has.
boost::json::value with_short_base(boost::json::value value)
{
    if (auto* text = value.if_string()) {
        if (*text == "http://example.test/")
            *text = "http://example.test";
    } else if (auto* array = value.if_array()) {
        for (boost::json::value& each : *array)
            each = with_short_base(std::move(each));
    } else if (auto* object = value.if_object()) {
        for (auto& each : *object)
            each.value() = with_short_base(std::move(each.value()));
    }
    return value;
}

class PageOfTheSuite : public Catch::ITestInvoker {
public:
    PageOfTheSuite(fs::path page, bool is_unit) : page_(std::move(page)), is_unit_(is_unit) { }

    void invoke() const override
    {
        Url const base = *Url::parse(is_unit_ ? "http://example.test/" : "http://example.com/");
        boost::json::value const expected = boost::json::parse(bytes_of(fs::path(page_).replace_extension(".json")));
        boost::json::value found = boost::json::parse(to_json(read_microformats(bytes_of(page_), base)));
        if (is_unit_)
            found = with_short_base(std::move(found));
        INFO("expected " << boost::json::serialize(expected));
        INFO("found    " << boost::json::serialize(found));
        CHECK(found == expected);
    }

private:
    fs::path page_;
    bool is_unit_;
};

/// Before main(), since that is when Catch2 and ctest ask for the names.
std::size_t const pages_registered = [] {
    fs::path const folder = fs::path(TEST_DATA) / "markup/microformats";
    std::vector<fs::path> pages;
    std::error_code error;
    for (auto const& entry : fs::recursive_directory_iterator(folder, error))
        if (entry.path().extension() == ".html")
            pages.push_back(entry.path());
    std::ranges::sort(pages);
    for (fs::path const& page : pages) {
        std::string const name = fs::path(page.lexically_relative(folder)).replace_extension().string();
        bool const is_unit = name.starts_with("microformats-v2-unit");
        Catch::AutoReg(new PageOfTheSuite(page, is_unit), CATCH_INTERNAL_LINEINFO, Catch::StringRef(),
            Catch::NameAndTags("the public suite agrees: " + name, "[microformats][suite]"));
    }
    return pages.size();
}();

}  // namespace

TEST_CASE("the public suite of microformats is here in whole", "[microformats][suite]") { CHECK(pages_registered == 101); }
