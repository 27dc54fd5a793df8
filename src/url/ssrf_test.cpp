// Plays the shared list of server-side request forgeries: addresses, their neighbours, and URLs that hide them.
#include <boost/json/src.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "url/address.h"
#include "url/url.h"

using namespace backtalk;

namespace {

std::optional<boost::json::value> cases()
{
    std::ifstream file(SHARED_FIXTURES "/security/ssrf.json", std::ios::binary);
    if (!file) {
        WARN("skipped: no file of SSRF cases");
        return std::nullopt;
    }
    std::string const text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    return boost::json::parse(text);
}

std::string_view text_of(boost::json::value const& field) { return {field.as_string().data(), field.as_string().size()}; }

/// What can be said about a host before DNS is asked.
std::string_view decision(Url const& url)
{
    if (std::optional<Address> const address = Address::parse(url.host()))
        return address->is_public() ? "allow" : "block";
    return is_private_name(url.host()) ? "block" : "resolve";
}

}  // namespace

TEST_CASE("each address of the list is public or not as it says", "[address]")
{
    auto const list = cases();
    if (!list)
        return;
    for (auto const& range : list->at("ranges").as_array())
        for (auto const& entry : range.at("addresses").as_array()) {
            std::string_view const text = text_of(entry.at("ip"));
            INFO(text);
            std::optional<Address> const address = Address::parse(text);
            REQUIRE(address);
            CHECK((address->is_public() ? "allow" : "block") == text_of(entry.at("expect")));
        }
}

TEST_CASE("each URL of the list has the host, port and decision it says", "[address]")
{
    auto const list = cases();
    if (!list)
        return;
    for (auto const& entry : list->at("urls").as_array()) {
        std::string_view const text = text_of(entry.at("url"));
        std::string_view const expect = text_of(entry.at("expect"));
        INFO(text);
        Result<Url> const url = Url::parse(text);
        CHECK(url.has_value() == (expect != "reject"));
        if (!url)
            continue;
        CHECK(url->host_and_port() == text_of(entry.at("canonical")));
        CHECK(url->has_credentials() == entry.as_object().contains("userinfo"));
        CHECK(is_odd_port(url->port()) == entry.as_object().contains("port"));
        if (expect == "allow-or-block")
            CHECK(decision(*url) != "resolve");
        else
            CHECK(decision(*url) == expect);
    }
}
