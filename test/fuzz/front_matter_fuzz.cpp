// Any file is read or refused; what was read can be written and read again as the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "weblog/front_matter.h"

namespace {

void require(bool holds, char const* what)
{
    if (!holds) {
        std::fprintf(stderr, "not so: %s\n", what);
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    auto const file = backtalk::read_entry_file(std::string_view(reinterpret_cast<char const*>(bytes), size));
    if (!file) {
        require(file.error().text.starts_with("line "), "an error names a line");
        return 0;
    }
    require(backtalk::is_valid_utf8(file->body), "the body is UTF-8");
    std::string const written = backtalk::front_matter_yaml(file->front_matter);
    if (written.size() > 64 * 1024)
        return 0;
    auto const again = backtalk::read_entry_file(written);
    require(again.has_value(), "what we write we read");
    require(backtalk::front_matter_yaml(again->front_matter) == written, "it is the same");
    require(again->front_matter.title == file->front_matter.title, "the title is the same");
    require(again->front_matter.tags == file->front_matter.tags, "the tags are the same");
    return 0;
}
