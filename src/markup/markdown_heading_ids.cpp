#include "markup/markdown_heading_ids.h"

#include <fmt/format.h>
#include <unicode/uchar.h>

#include "base/text.h"

namespace backtalk::markup {

namespace {

constexpr std::size_t characters_max = 80;

bool is_mark(UChar32 c) { return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; }

std::string words_of(std::string_view heading)
{
    std::string words;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < heading.size() && characters < characters_max;) {
        auto const c = static_cast<UChar32>(next_code_point(heading, i));
        if (c == '_' || u_isalnum(c) || is_mark(c))
            append_utf8(words, static_cast<char32_t>(u_tolower(c)));
        else if ((u_isUWhiteSpace(c) || c == '-') && !words.empty() && words.back() != '-')
            words += '-';
        else
            continue;
        ++characters;
    }
    while (words.ends_with('-'))
        words.pop_back();
    return words.empty() ? "section" : words;
}

}  // namespace

std::string HeadingIds::next(std::string_view heading)
{
    std::string const words = is_valid_utf8(heading) ? words_of(heading) : words_of(repaired_utf8(heading));
    if (given_.try_emplace(words, 0).second)
        return words;
    for (;;) {
        std::string numbered = fmt::format("{}-{}", words, ++given_[words]);
        if (given_.try_emplace(numbered, 0).second)
            return numbered;
    }
}

}  // namespace backtalk::markup
