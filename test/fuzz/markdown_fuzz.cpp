// Any text in Markdown becomes HTML: valid UTF-8 from valid UTF-8, of a size in proportion, each id of ours once.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string_view>

#include "base/text.h"
#include "markup/markdown.h"

namespace {

void require(bool holds, char const* what)
{
    if (!holds) {
        std::fprintf(stderr, "not so: %s\n", what);
        std::abort();
    }
}

/// Our ids carry a prefix that no raw HTML of the text has unless it was made to.
void require_ids_once(std::string_view html, std::string_view mark)
{
    std::set<std::string_view> ids;
    for (std::size_t at = html.find(mark); at != std::string_view::npos; at = html.find(mark, at + 1)) {
        std::string_view const rest = html.substr(at + mark.size());
        require(ids.insert(rest.substr(0, rest.find('"'))).second, "each id is given once");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(bytes), size);
    std::string const html = backtalk::markup::markdown_to_html(text, "q7-");
    require(html.size() <= 300 * text.size() + 300'000 + (1 << 20), "output is in proportion to the input");
    if (backtalk::is_valid_utf8(text))
        require(backtalk::is_valid_utf8(html), "valid UTF-8 stays so");
    if (text.find("q7-") == std::string_view::npos)
        require_ids_once(html, " id=\"q7-");
    return 0;
}
