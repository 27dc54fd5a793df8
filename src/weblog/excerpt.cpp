#include "weblog/excerpt.h"

#include "base/text.h"
#include "markup/plain_text.h"

namespace backtalk {

namespace {

constexpr std::size_t characters_of_a_word = 12;

/// The first `words_max` words of text whose white space is folded; all of it if it has no more.
std::string_view first_words(std::string_view text, std::size_t words_max)
{
    std::size_t end = 0;
    for (std::size_t words = 0; words < words_max && end < text.size(); ++words) {
        end = text.find(' ', end + 1);
        if (end == std::string_view::npos)
            return text;
    }
    return text.substr(0, end);
}

}  // namespace

std::string excerpt_of(std::string_view html, std::size_t words_max)
{
    std::string const text = folded_space(repaired_utf8(markup::plain_text(html)));
    std::string_view kept = first_words(text, words_max);
    if (code_point_count(kept) > words_max * characters_of_a_word)
        return cut_at_word(text, words_max * characters_of_a_word);
    if (kept.size() == text.size())
        return text;
    while (!kept.empty() && std::string_view(",;:").find(kept.back()) != std::string_view::npos)
        kept.remove_suffix(1);
    return std::string(kept) + "…";
}

}  // namespace backtalk
