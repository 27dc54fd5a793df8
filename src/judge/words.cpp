#include "judge/words.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/text.h"
#include "markup/html_entities.h"

namespace backtalk::judge {

namespace {

/// Cyrillic and Greek letters that look like a Latin one, in the order of their code points.
struct Lookalike {
    char32_t letter;
    char latin;
};
constexpr std::array lookalikes = {Lookalike{U'\u03B1', 'a'}, Lookalike{U'\u03B5', 'e'}, Lookalike{U'\u03B9', 'i'},
    Lookalike{U'\u03BA', 'k'}, Lookalike{U'\u03BD', 'v'}, Lookalike{U'\u03BF', 'o'}, Lookalike{U'\u03C1', 'p'}, Lookalike{U'\u03C4', 't'},
    Lookalike{U'\u03C5', 'u'}, Lookalike{U'\u03C7', 'x'}, Lookalike{U'\u0430', 'a'}, Lookalike{U'\u0432', 'b'}, Lookalike{U'\u0435', 'e'},
    Lookalike{U'\u043A', 'k'}, Lookalike{U'\u043C', 'm'}, Lookalike{U'\u043D', 'h'}, Lookalike{U'\u043E', 'o'}, Lookalike{U'\u0440', 'p'},
    Lookalike{U'\u0441', 'c'}, Lookalike{U'\u0442', 't'}, Lookalike{U'\u0443', 'y'}, Lookalike{U'\u0445', 'x'}, Lookalike{U'\u0455', 's'},
    Lookalike{U'\u0456', 'i'}, Lookalike{U'\u0458', 'j'}};

char32_t latin_of(char32_t letter)
{
    auto const found = std::ranges::lower_bound(lookalikes, letter, {}, &Lookalike::letter);
    return found != lookalikes.end() && found->letter == letter ? static_cast<char32_t>(found->latin) : letter;
}

UScriptCode script_of(char32_t c)
{
    UErrorCode error = U_ZERO_ERROR;
    return uscript_getScript(static_cast<UChar32>(c), &error);
}

bool is_unspaced(UScriptCode script)
{
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || script == USCRIPT_THAI ||
        script == USCRIPT_LAO || script == USCRIPT_KHMER || script == USCRIPT_MYANMAR;
}

bool is_latin_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c > 0x7F && script_of(c) == USCRIPT_LATIN); }

/// The fullwidth forms of ASCII as ASCII, the rest by simple case folding; digits as 0.
char32_t folded(char32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (c < 0x80)
        return is_ascii_digit(static_cast<char>(c)) ? U'0' : static_cast<char32_t>(to_ascii_lower(static_cast<char>(c)));
    if (u_isdigit(static_cast<UChar32>(c)))
        return U'0';
    return static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
}

/// Puts words together from characters.
class WordMaker {
public:
    void add(char32_t c)
    {
        if (c >= 0x80 && u_charType(static_cast<UChar32>(c)) == U_FORMAT_CHAR) {
            // Zero-width characters inside a Latin word have no other use; a soft hyphen has.
            hidden_ = hidden_ || (c >= 0x200B && !current_.letters.empty() && is_latin_letter(current_.letters.back()));
            return;
        }
        char32_t const letter = folded(c);
        bool const is_word = letter < 0x80
            ? is_ascii_alnum(static_cast<char>(letter))
            : u_isalnum(static_cast<UChar32>(letter)) || u_charType(static_cast<UChar32>(letter)) == U_NON_SPACING_MARK;
        if (!is_word) {
            // "don't" is one word.
            if ((letter == U'\'' || letter == U'\u2019') && !current_.letters.empty())
                return;
            end_word();
            return;
        }
        // The sound mark of katakana belongs to no script of its own.
        bool const unspaced = letter >= 0x0E00 && (is_unspaced(script_of(letter)) || letter == 0x30FC);
        if (!current_.letters.empty() && unspaced != current_.unspaced)
            end_word();
        current_.unspaced = unspaced;
        // How long a number is says nothing.
        if (letter != U'0' || !current_.letters.ends_with(U'0'))
            current_.letters += letter;
    }
    std::vector<Word> finished()
    {
        end_word();
        join_single_letters();
        return std::move(words_);
    }

private:
    void end_word()
    {
        if (current_.letters.empty())
            return;
        current_.disguised = hidden_;
        hidden_ = false;
        unmask(current_);
        // Copied, so that each word is allocated once, at its size, and the letters that it was put together from are used again.
        words_.push_back(current_);
        current_.letters.clear();
        current_.unspaced = current_.disguised = false;
    }

    /// "rіngtоnes" with two Cyrillic letters is read as what it looks like.
    static void unmask(Word& word)
    {
        if (std::ranges::all_of(word.letters, [](char32_t c) { return c < 0x80; }))
            return;
        bool const latin = std::ranges::any_of(word.letters, is_latin_letter);
        bool const other = std::ranges::any_of(word.letters, [](char32_t c) { return latin_of(c) != c; });
        if (!latin || !other)
            return;
        std::ranges::transform(word.letters, word.letters.begin(), latin_of);
        word.disguised = true;
    }

    /// "w a t c h e s": four single letters or more are one word.
    void join_single_letters()
    {
        constexpr std::size_t run_min = 4;
        auto const single = [&](std::size_t at) {
            return at < words_.size() && words_[at].letters.size() == 1 && words_[at].letters[0] < 0x80;
        };
        bool has_run = false;
        for (std::size_t at = 0, row = 0; at < words_.size() && !has_run; ++at) {
            row = single(at) ? row + 1 : 0;
            has_run = row == run_min;
        }
        if (!has_run)
            return;
        std::vector<Word> joined;
        std::size_t i = 0;
        auto const is_letter = [](Word const& word) { return word.letters[0] != U'0'; };
        while (i < words_.size()) {
            std::size_t end = i;
            while (single(end))
                ++end;
            // NB: "1 2 3 4" is a row of numbers.
            if (end - i < run_min ||
                std::count_if(
                    words_.begin() + static_cast<std::ptrdiff_t>(i), words_.begin() + static_cast<std::ptrdiff_t>(end), is_letter) < 3) {
                end = std::max(end, i + 1);
                std::move(words_.begin() + static_cast<std::ptrdiff_t>(i), words_.begin() + static_cast<std::ptrdiff_t>(end),
                    std::back_inserter(joined));
                i = end;
                continue;
            }
            Word word;
            word.disguised = true;
            for (; i < end; ++i)
                word.letters += words_[i].letters;
            joined.push_back(std::move(word));
        }
        words_ = std::move(joined);
    }

    std::vector<Word> words_;
    Word current_;
    bool hidden_ = false;
};

/// Tags go, but not what an attribute says: "<a href=…>" is where spam keeps its addresses.
std::string without_angle_brackets(std::string_view text)
{
    std::string plain(text);
    std::ranges::replace_if(plain, [](char c) { return c == '<' || c == '>' || c == '"'; }, ' ');
    return plain;
}

}  // namespace

std::vector<Word> words_of(std::string_view text, std::size_t characters_max)
{
    // A character has at most four bytes. NB: of a text made of references, less is read.
    std::string const plain = repaired_utf8(markup::decoded_references(without_angle_brackets(text.substr(0, characters_max * 4))));
    WordMaker maker;
    std::size_t position = 0;
    for (std::size_t read = 0; position < plain.size() && read < characters_max; ++read)
        maker.add(next_code_point(plain, position));
    return maker.finished();
}

std::string folded_words(std::string_view text, std::size_t characters_max)
{
    std::string all;
    for (Word const& word : words_of(text, characters_max)) {
        if (!all.empty())
            all += ' ';
        for (char32_t const letter : word.letters)
            append_utf8(all, letter);
    }
    return all;
}

}  // namespace backtalk::judge
