#include "url/url.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "base/text.h"

using namespace backtalk;

namespace {

Url url(std::string_view text)
{
    Result<Url> result = Url::parse(text);
    INFO(text);
    REQUIRE(result);
    return *result;
}

std::string outcome(Result<Url> const& result)
{
    if (result)
        return result->str();
    return result.error().code == ErrorCode::Refused ? "refused" : result.error().code == ErrorCode::Malformed ? "malformed" : "error";
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        switch (text.at(++i)) {
        case 't': out += '\t'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 'x':
            out += static_cast<char>(hex_digit_value(text.at(i + 1)) * 16 + hex_digit_value(text.at(i + 2)));
            i += 2;
            break;
        default: out += text[i];
        }
    }
    return out;
}

bool lies_in(std::string_view part, std::string const& whole)
{
    return std::less_equal<>()(whole.data(), part.data()) && std::less_equal<>()(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace

TEST_CASE("every case of our list comes out as written", "[url]")
{
    std::ifstream file(TEST_DATA "/url/cases.txt", std::ios::binary);
    std::string const text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::optional<Url> base;
    int cases = 0;
    for (std::string_view line : split(text, '\n')) {
        if (line.empty()) {
            base.reset();
            continue;
        }
        if (line.starts_with('#'))
            continue;
        if (line.starts_with("base\t")) {
            base = url(line.substr(5));
            continue;
        }
        if (line.starts_with('!'))
            line.remove_prefix(1);
        std::size_t const tab = line.find('\t');
        REQUIRE(tab != std::string_view::npos);
        std::string const input = unescaped(line.substr(0, tab));
        INFO(line);
        CHECK(outcome(base ? base->resolve(input) : Url::parse(input)) == line.substr(tab + 1));
        ++cases;
    }
    CHECK(cases > 500);
}

TEST_CASE("a URL tells its parts", "[url]")
{
    Url const full = url("https://user:word@A.example:8443/b/c?d=e#f");
    CHECK(full.scheme() == "https");
    CHECK(full.host() == "a.example");
    CHECK(full.port() == 8443);
    CHECK_FALSE(full.has_default_port());
    CHECK(full.authority() == "a.example:8443");
    CHECK(full.host_and_port() == "a.example:8443");
    CHECK(full.origin() == "https://a.example:8443");
    CHECK(full.path() == "/b/c");
    CHECK(full.query() == "d=e");
    CHECK(full.fragment() == "f");
    CHECK(full.path_and_query() == "/b/c?d=e");
    CHECK(full.has_credentials());
    CHECK(full.without_fragment().str() == "https://user:word@a.example:8443/b/c?d=e");
    CHECK_FALSE(full.without_fragment().fragment());

    Url const bare = url("http://a.example");
    CHECK(bare.scheme() == "http");
    CHECK(bare.port() == 80);
    CHECK(bare.has_default_port());
    CHECK(bare.authority() == "a.example");
    CHECK(bare.host_and_port() == "a.example:80");
    CHECK(bare.origin() == "http://a.example");
    CHECK(bare.path() == "/");
    CHECK_FALSE(bare.query());
    CHECK_FALSE(bare.fragment());
    CHECK(bare.path_and_query() == "/");
    CHECK_FALSE(bare.has_credentials());
    CHECK(bare.without_fragment() == bare);

    CHECK(url("https://[2001:DB8::1]/").host() == "[2001:db8::1]");
    CHECK(url("https://[2001:DB8::1]/").host_and_port() == "[2001:db8::1]:443");
}

TEST_CASE("an empty query or fragment differs from none", "[url]")
{
    CHECK(url("http://a.example/?").query() == "");
    CHECK(url("http://a.example/?").path_and_query() == "/?");
    CHECK(url("http://a.example/#").fragment() == "");
    CHECK_FALSE(url("http://a.example/#").query());
    CHECK(url("http://a.example/?#").without_fragment().str() == "http://a.example/?");
}

TEST_CASE("the parts of a URL are views into its text, after copying too", "[url]")
{
    Url copy = url("http://b.example");
    {
        Url const original = url("http://a.example:81/long/enough/to/live/on/the/heap?q#f");
        copy = original;
    }
    for (std::string_view const part : {copy.scheme(), copy.host(), copy.authority(), copy.origin(), copy.path(), copy.path_and_query()})
        CHECK(lies_in(part, copy.str()));
    CHECK(copy.path() == "/long/enough/to/live/on/the/heap");
}

TEST_CASE("a URL may have 8192 bytes, as given and as normalised", "[url]")
{
    std::string const start = "http://a.example/";
    CHECK(outcome(Url::parse(start + std::string(8192 - start.size(), 'x'))) != "malformed");
    CHECK(outcome(Url::parse(start + std::string(8193 - start.size(), 'x'))) == "malformed");
    CHECK(outcome(Url::parse(start + std::string(4000, ' ') + "x")) == "malformed");
    CHECK(outcome(Url::parse("  " + start + std::string(8191 - start.size(), 'x'))) == "malformed");
    CHECK(outcome(url(start + std::string(5000, 'x') + "/").resolve(std::string(5000, 'y'))) == "malformed");
    CHECK(outcome(url(start + std::string(8000, 'x')).resolve(std::string(8000, 'y'))) == start + std::string(8000, 'y'));
}

TEST_CASE("a host may have 1024 bytes before and after IDNA", "[url]")
{
    CHECK(outcome(Url::parse("http://" + std::string(1024, 'a') + "/")) == "http://" + std::string(1024, 'a') + "/");
    CHECK(outcome(Url::parse("http://" + std::string(1025, 'a') + "/")) == "malformed");
    std::string names;
    for (int i = 0; i < 200; ++i)
        names += "\xC3\xA9.";
    CHECK(outcome(Url::parse("http://" + names)) == "malformed");
}

TEST_CASE("ill-formed UTF-8 is mended as a browser does", "[url]")
{
    CHECK(outcome(Url::parse("http://a.example/\xFF?\xC3#\xE2\x82")) == "http://a.example/%EF%BF%BD?%EF%BF%BD#%EF%BF%BD");
    CHECK(outcome(Url::parse("http://a\xFF.example/")) == "malformed");
}

TEST_CASE("many dot segments, slashes and at signs do no harm", "[url]")
{
    std::string dots = "http://a.example/";
    for (int i = 0; i < 1000; ++i)
        dots += "a/../";
    CHECK(outcome(Url::parse(dots)) == "http://a.example/");
    CHECK(outcome(Url::parse("http:" + std::string(8000, '/') + "a.example")) == "http://a.example/");
    CHECK(outcome(Url::parse("http://" + std::string(1000, '@') + "a.example")).size() > 2900);
}

TEST_CASE("URLs are ordered and equal by their text", "[url]")
{
    CHECK(url("HTTP://A.example") == url("http://a.example/"));
    CHECK(url("http://a.example/a") < url("http://a.example/b"));
    CHECK(url("http://a.example/") != url("https://a.example/"));
}
