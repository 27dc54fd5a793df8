// The shared discovery cases, each a test of its own. What a case says of redirects and of refusing to send is for the whole program
// to show; here the last answer is read, as the fetcher hands it on.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "base/text.h"
#include "http/form.h"
#include "markup/charset.h"
#include "url/address.h"
#include "webmention/discovery.h"

using namespace backtalk;
namespace json = boost::json;

namespace {

std::string text_of(json::value const& value) { return value.is_string() ? json::value_to<std::string>(value) : std::string(); }

json::array const& cases()
{
    static json::array const all = [] {
        std::ifstream file(SHARED_FIXTURES "/webmention-discovery.json");
        std::stringstream text;
        text << file.rdbuf();
        return file ? json::parse(text.str()).at("cases").as_array() : json::array();
    }();
    return all;
}

struct FinalAnswer {
    Url url;
    std::string content_type;
    std::vector<std::string> link_headers;
    std::string html;
};

FinalAnswer final_answer(json::value const& test)
{
    std::string const endpoint = text_of(test.at("endpoint_as_written"));
    auto const& decoys = test.at("decoys_as_written").as_array();
    std::string const decoy = decoys.empty() ? std::string() : text_of(decoys[0]);
    auto const filled = [&](json::value const& value) {
        return replaced_all(replaced_all(text_of(value), "{endpoint}", endpoint), "{decoy}", decoy);
    };
    auto const& responses = test.at("responses").as_array();
    json::value const* response = &responses.at(0);
    while (auto const* const next = response->as_object().if_contains("leads_to")) {
        auto const found = std::find_if(responses.begin(), responses.end(), [&](auto const& each) { return each.at("url") == *next; });
        REQUIRE(found != responses.end());
        response = &*found;
    }
    FinalAnswer answer{*Url::parse(text_of(response->at("url"))), {}, {}, {}};
    for (json::value const& header : response->at("headers").as_array()) {
        if (equal_ignoring_case(text_of(header.at(0)), "Link"))
            answer.link_headers.push_back(filled(header.at(1)));
        else if (equal_ignoring_case(text_of(header.at(0)), "Content-Type"))
            answer.content_type = text_of(header.at(1));
    }
    auto const type = http::parse_content_type(answer.content_type).media_type;
    if (type == "text/html" || type == "application/xhtml+xml")
        answer.html = markup::decoded_html(filled(response->at("body")), answer.content_type);
    return answer;
}

std::string_view name_of(webmention::Endpoint::Found found)
{
    switch (found) {
    case webmention::Endpoint::Found::LinkHeader: return "link-header";
    case webmention::Endpoint::Found::LinkElement: return "link-element";
    case webmention::Endpoint::Found::Anchor: return "a-element";
    }
    return "";
}

void check(json::value const& test)
{
    FinalAnswer const answer = final_answer(test);
    auto const endpoint = webmention::find_endpoint(answer.html, answer.link_headers, answer.url);
    auto const& expected = test.at("expected").as_object();
    CHECK((endpoint ? name_of(endpoint->found) : "none") == text_of(expected.at("found_in")));
    if (expected.at("endpoint").is_null()) {
        CHECK_FALSE(endpoint);
        return;
    }
    REQUIRE(endpoint);
    auto const right = Url::parse(text_of(expected.at("endpoint")));
    REQUIRE(right);
    CHECK(endpoint->url.str() == right->str());
    if (expected.contains("send")) {
        CHECK(text_of(expected.at("send")) == "refuse");
        auto const address = Address::parse(endpoint->url.host());
        CHECK((endpoint->url.host() == "localhost" || (address && !address->is_public())));
    }
}

class CaseTest final : public Catch::ITestInvoker {
public:
    explicit CaseTest(std::size_t index) : index_(index) { }
    void invoke() const override { check(cases().at(index_)); }

private:
    std::size_t index_;
};

void skip() { WARN("skipped: the shared discovery cases are not here"); }

bool register_cases()
{
    for (std::size_t i = 0; i < cases().size(); ++i) {
        // ctest would part a name at a semicolon.
        std::string const name =
            "discovery case " + text_of(cases()[i].at("id")) + ": " + replaced_all(text_of(cases()[i].at("title")), ";", ",");
        Catch::AutoReg(new CaseTest(i), CATCH_INTERNAL_LINEINFO, Catch::StringRef(), Catch::NameAndTags(name, "[discovery]"));
    }
    if (cases().empty())
        Catch::AutoReg(Catch::makeTestInvoker(&skip), CATCH_INTERNAL_LINEINFO, Catch::StringRef(),
            Catch::NameAndTags("discovery cases", "[discovery]"));
    return true;
}

[[maybe_unused]] bool const are_registered = register_cases();

}  // namespace
