#include "importers/shown.h"

#include "base/text.h"

namespace backtalk::importers {

std::string shown(std::string_view text)
{
    constexpr std::size_t bytes_max = 60;
    std::size_t end = std::min(text.size(), bytes_max);
    if (end < text.size())
        for (int i = 0; i < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++i)
            --end;
    std::string quoted = "\"";
    quoted += without_controls(folded_space(repaired_utf8(text.substr(0, end))));
    quoted += end < text.size() ? "…\"" : "\"";
    return quoted;
}

}  // namespace backtalk::importers
