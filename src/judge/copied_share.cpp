#include "judge/copied_share.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/text.h"
#include "judge/words.h"

namespace backtalk::judge {

namespace {

constexpr std::size_t characters_read = 8000;
constexpr std::size_t run = 5;
constexpr std::size_t words_min = 40;

std::uint64_t hash_of(std::u32string_view letters)
{
    return stable_hash(std::string_view(reinterpret_cast<char const*>(letters.data()), letters.size() * sizeof(char32_t)));
}

std::vector<std::uint64_t> runs_of(std::string_view text)
{
    std::vector<std::uint64_t> words;
    for (Word const& word : words_of(text, characters_read)) {
        // Of scripts without blanks two characters are about a word.
        std::size_t const step = word.unspaced ? 2 : word.letters.size();
        for (std::size_t i = 0; i < word.letters.size(); i += step)
            words.push_back(hash_of(std::u32string_view(word.letters).substr(i, step)));
    }
    std::vector<std::uint64_t> runs;
    if (words.size() < words_min)
        return runs;
    for (std::size_t i = 0; i + run <= words.size(); ++i) {
        std::uint64_t hash = 0;
        for (std::size_t j = 0; j < run; ++j)
            hash = hash * 0x9E3779B97F4A7C15ULL + words[i + j];
        runs.push_back(hash);
    }
    return runs;
}

}  // namespace

double copied_share(std::string_view text, std::string_view original)
{
    // Of a short entry nothing can be copied, and then the page need not be read.
    std::vector<std::uint64_t> known = runs_of(original);
    if (known.empty())
        return 0;
    std::vector<std::uint64_t> const runs = runs_of(text);
    if (runs.empty())
        return 0;
    std::ranges::sort(known);
    auto const copied = std::ranges::count_if(runs, [&](std::uint64_t hash) { return std::ranges::binary_search(known, hash); });
    return static_cast<double>(copied) / static_cast<double>(runs.size());
}

}  // namespace backtalk::judge
