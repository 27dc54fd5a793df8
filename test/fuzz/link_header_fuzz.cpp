#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "http/link_header.h"
#include "pingback/discovery.h"
#include "webmention/discovery.h"

using namespace backtalk;

/// The first line is a Link header and an X-Pingback header, the rest a page.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    std::size_t const line = std::min(input.find('\n'), input.size());
    std::vector<std::string> const header = {std::string(input.substr(0, line))};
    std::string const page(input.substr(line));

    std::size_t length = 0;
    bool is_named = false;  // By any link.
    for (http::Link const& link : http::read_link_headers(header)) {
        length += link.target.size();
        is_named |= link.has_relation("webmention");
        for (std::string const& relation : link.relations) {
            assert(!relation.empty() && ascii_lower(relation) == relation && trimmed(relation) == relation);
            length += relation.size();
        }
        for (http::Link::Parameter const& parameter : link.parameters) {
            assert(!parameter.name.empty() && parameter.name != "rel");
            length += parameter.name.size() + parameter.value.size();
        }
    }
    assert(length <= header[0].size());

    // An anchor can make a link one of another page.
    bool const is_proper = is_named && ascii_lower(header[0]).find("anchor") == std::string::npos;

    Url const url = *Url::parse("http://a.example/harbour");
    auto const of_header = webmention::find_endpoint("", header, url);
    assert(!of_header || of_header->found == webmention::Endpoint::Found::LinkHeader);
    assert(!of_header || is_named || ascii_lower(header[0]).find("webmention.org") != std::string::npos);
    auto const endpoint = webmention::find_endpoint(page, header, url);
    assert(!endpoint || (!endpoint->url.has_credentials() && !endpoint->url.fragment()));
    if (of_header && is_proper)
        assert(endpoint && endpoint->url == of_header->url);

    for (auto const& values : {std::vector<std::string>(), header})
        if (auto const server = pingback::discover(page, values, url)) {
            assert(!server->has_credentials() && !server->fragment());
            auto const again = pingback::discover(pingback::link_element(*server), {}, url);
            // In a host %27 is an apostrophe again.
            assert(again && replaced_all(again->str(), "'", "%27") == replaced_all(server->str(), "'", "%27"));
        }
    return 0;
}
