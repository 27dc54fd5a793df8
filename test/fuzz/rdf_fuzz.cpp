#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "trackback/discovery.h"
#include "trackback/rdf_block.h"

using namespace backtalk;

/// The first line is a Link header, the rest a page; then the bytes are the title of an entry of our own.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    std::size_t const line = std::min(input.find('\n'), input.size());
    Url const page = *Url::parse("http://a.example/harbour");
    auto const endpoints = trackback::discover(input.substr(line), {std::string(input.substr(0, line))}, page, page);
    for (trackback::Endpoint const& endpoint : endpoints) {
        assert(!endpoint.url.has_credentials() && !endpoint.url.fragment() && endpoint.url != page);
        assert(is_valid_utf8(endpoint.title) && code_point_count(endpoint.title) <= 255);
        auto const again = Url::parse(endpoint.url.str());
        assert(again && *again == endpoint.url);
    }

    trackback::EntryRdf entry(page, *Url::parse("http://a.example/tb/1"));
    entry.title = input;
    entry.description = input;
    std::string const block = trackback::rdf_block(entry);
    assert(is_valid_utf8(block));
    assert(block.find("--", 4) == block.size() - 4);  // Only where the comment ends.
    auto const own = trackback::discover(block, {}, page, page);
    assert(own.size() == 1 && own[0].url == entry.ping_url);
    return 0;
}
