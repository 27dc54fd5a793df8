#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "weblog/source_page.h"

using namespace backtalk;

namespace {

void check(SourcePage const& page)
{
    assert(is_valid_utf8(page.text));
    for (std::string const* text : {&page.title, &page.site_name, &page.author_name})
        assert(is_valid_utf8(*text) && code_point_count(*text) <= 255 && without_controls(*text) == *text &&
            text->find('\n') == std::string::npos);
    if (page.canonical)
        assert(!page.canonical->has_credentials());
    for (SourceLink const& link : page.links) {
        assert(link.text_position <= page.text.size() + 1);
        for (std::size_t most : {std::size_t{5}, std::size_t{40}, std::size_t{255}}) {
            std::string const excerpt = excerpt_around(page, link, most);
            assert(is_valid_utf8(excerpt) && code_point_count(excerpt) <= most && excerpt.find('\n') == std::string::npos);
        }
        if (&link - page.links.data() > 50)
            break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    Url const url = *Url::parse("http://a.example/page");
    if (auto const page = read_source(input, "text/html", url))
        check(*page);
    if (auto const page = read_source(input, "text/plain", url))
        check(*page);

    // A filter loses no link that leads to its host.
    LinkFilter const filter(std::vector<std::string>{"b.example"});
    std::string const utf8 = repaired_utf8(input);
    SourcePage const all = read_source_page(utf8, url);
    SourcePage const some = read_source_page(utf8, url, filter);
    std::size_t wanted = 0;
    for (SourceLink const& link : all.links)
        wanted += filter.wants(link.url) ? 1 : 0;
    assert(some.links.size() == wanted || all.links.size() == markup::LinkCollector::links_max);
    return 0;
}
