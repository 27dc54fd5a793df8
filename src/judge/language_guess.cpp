#include "judge/language_guess.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "judge/words.h"

namespace backtalk::judge {

namespace {

constexpr std::size_t characters_read = 4000;

struct Language {
    std::string_view tag;
    std::array<std::u32string_view, 10> words;  ///< That no other of these has.
};
constexpr std::array languages = {
    Language{"en", {U"the", U"and", U"of", U"is", U"that", U"with", U"you", U"this", U"was", U"are"}},
    Language{"de", {U"der", U"und", U"nicht", U"ist", U"das", U"ein", U"mit", U"auch", U"auf", U"ich"}},
    Language{"fr", {U"le", U"les", U"est", U"pas", U"une", U"dans", U"pour", U"qui", U"vous", U"avec"}},
    Language{"es", {U"el", U"los", U"las", U"una", U"pero", U"por", U"con", U"del", U"muy", U"esta"}},
    Language{"pt", {U"não", U"uma", U"com", U"os", U"mais", U"para", U"ao", U"você", U"foi", U"também"}},
    Language{"it", {U"il", U"che", U"non", U"della", U"sono", U"gli", U"anche", U"più", U"nel", U"questo"}},
    Language{"nl", {U"het", U"een", U"niet", U"van", U"ik", U"dat", U"zijn", U"voor", U"ook", U"maar"}},
    Language{"id", {U"yang", U"dan", U"di", U"ini", U"itu", U"untuk", U"dengan", U"tidak", U"ada", U"saya"}},
    Language{"pl", {U"nie", U"się", U"jest", U"że", U"jak", U"ale", U"tak", U"czy", U"przez", U"dla"}},
    Language{"sv", {U"och", U"att", U"det", U"som", U"inte", U"är", U"jag", U"på", U"med", U"för"}},
};

/// What the letters alone say.
enum class Script { Latin, Kana, Han, Hangul, Cyrillic, Greek, Arabic, Hebrew, Thai };

struct Range {
    char32_t first;
    char32_t last;
    Script script;
};
constexpr std::array ranges = {Range{U'a', 0x24F, Script::Latin}, Range{0x370, 0x3FF, Script::Greek}, Range{0x400, 0x52F, Script::Cyrillic},
    Range{0x590, 0x5FF, Script::Hebrew}, Range{0x600, 0x77F, Script::Arabic}, Range{0xE00, 0xE7F, Script::Thai},
    Range{0x3040, 0x30FF, Script::Kana}, Range{0x4E00, 0x9FFF, Script::Han}, Range{0xAC00, 0xD7A3, Script::Hangul}};

std::string_view language_of(Script script)
{
    switch (script) {
    case Script::Latin: break;
    case Script::Kana: return "ja";
    case Script::Han: return "zh";
    case Script::Hangul: return "ko";
    case Script::Cyrillic: return "ru";
    case Script::Greek: return "el";
    case Script::Arabic: return "ar";
    case Script::Hebrew: return "he";
    case Script::Thai: return "th";
    }
    return {};
}

std::string_view by_words(std::vector<Word> const& words)
{
    std::array<std::size_t, languages.size()> found{};
    for (Word const& word : words)
        for (std::size_t i = 0; i < languages.size(); ++i)
            found[i] += std::ranges::find(languages[i].words, word.letters) != languages[i].words.end();
    auto const best = std::ranges::max_element(found);
    // Names and quotations bring a word or two of any language.
    if (*best < 3 || *best * 25 < words.size())
        return {};
    return languages[static_cast<std::size_t>(best - found.begin())].tag;
}

}  // namespace

std::string guessed_language(std::string_view text)
{
    std::vector<Word> const words = words_of(text, characters_read);
    std::array<std::size_t, 9> letters{};
    std::size_t all = 0;
    for (Word const& word : words)
        for (char32_t const c : word.letters)
            for (Range const& range : ranges)
                if (c >= range.first && c <= range.last) {
                    ++letters[static_cast<std::size_t>(range.script)];
                    ++all;
                }
    if (all < 20)
        return {};
    // Japanese is written in both.
    std::size_t& kana = letters[static_cast<std::size_t>(Script::Kana)];
    if (kana * 10 > all)
        kana += std::exchange(letters[static_cast<std::size_t>(Script::Han)], 0);
    auto const most = std::ranges::max_element(letters);
    if (*most * 2 < all)
        return {};
    Script const script = static_cast<Script>(most - letters.begin());
    return std::string(script == Script::Latin ? by_words(words) : language_of(script));
}

}  // namespace backtalk::judge
