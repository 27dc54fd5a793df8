#include "weblog/slug.h"

#include <array>
#include <charconv>
#include <memory>
#include <mutex>
#include <optional>

#include <unicode/translit.h>

#include "base/text.h"

namespace backtalk {

namespace {

/// A slug is short, so a title of a megabyte need not be read to its end.
constexpr std::size_t title_bytes_max = 4096;
constexpr std::size_t reference_bytes_max = 34;

/// Of "&eacute;" and its like the letter is kept, of the rest of the named references nothing ("&nbsp;" parts words).
std::string_view letter_of_reference(std::string_view name)
{
    constexpr std::array<std::string_view, 8> accents = {"acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "slash"};
    if (name == "szlig")
        return "ss";
    if (name == "aelig" || name == "AElig")
        return "ae";
    if (name == "oelig" || name == "OElig")
        return "oe";
    if (name == "rsquo" || name == "lsquo" || name == "apos")
        return "'";
    for (std::string_view accent : accents)
        if (name.size() == accent.size() + 1 && name.substr(1) == accent && is_ascii_alpha(name[0]))
            return name.substr(0, 1);
    return " ";
}

/// "#233" or "#xE9".
std::optional<char32_t> numbered_character(std::string_view name)
{
    if (name.size() < 2 || name[0] != '#')
        return std::nullopt;
    bool const hexadecimal = name[1] == 'x' || name[1] == 'X';
    std::uint32_t value = 0;
    auto const digits = name.substr(hexadecimal ? 2 : 1);
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
    bool const is_character = value != 0 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
    if (error != std::errc() || end != digits.data() + digits.size() || !is_character)
        return std::nullopt;
    return static_cast<char32_t>(value);
}

/// Without tags, and with character references resolved as far as a slug needs it.
std::string without_markup(std::string_view title)
{
    std::string plain;
    plain.reserve(title.size());
    bool tags_end = true;  // Once a "<" is found to have no ">", no later one has.
    for (std::size_t i = 0; i < title.size();) {
        char const next = i + 1 < title.size() ? title[i + 1] : ' ';
        if (title[i] == '<' && tags_end && (is_ascii_alpha(next) || next == '/' || next == '!')) {
            std::size_t const end = title.find('>', i);
            if (end != std::string_view::npos) {
                i = end + 1;
                continue;
            }
            tags_end = false;
        }
        if (title[i] == '&') {
            std::size_t const end = title.substr(i, reference_bytes_max).find(';');
            if (end != std::string_view::npos && end > 1 && (is_ascii_alpha(next) || next == '#')) {
                std::string_view const name = title.substr(i + 1, end - 1);
                if (auto const character = numbered_character(name))
                    append_utf8(plain, *character);
                else
                    plain += letter_of_reference(name);
                i += end + 1;
                continue;
            }
        }
        plain += title[i++];
    }
    return plain;
}

/// Creating the transliterator takes tens of milliseconds and a megabyte: once for the program. It is not said to be safe
/// for several threads, hence the lock.
std::string in_latin_letters(std::string_view text)
{
    static std::mutex mutex;
    static std::unique_ptr<icu::Transliterator const> transliterator;
    static bool is_missing = false;

    icu::UnicodeString letters = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    {
        std::lock_guard const lock(mutex);
        if (!transliterator && !is_missing) {
            UErrorCode status = U_ZERO_ERROR;
            transliterator.reset(icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower()", UTRANS_FORWARD, status));
            is_missing = U_FAILURE(status) || !transliterator;
        }
        // NB: without ICU's data we go on with what is ASCII already.
        if (!is_missing)
            transliterator->transliterate(letters);
    }
    std::string ascii;
    letters.toUTF8String(ascii);
    return ascii;
}

bool is_ascii(std::string_view text)
{
    unsigned char all = 0;
    for (char c : text)
        all |= static_cast<unsigned char>(c);
    return all < 0x80;
}

/// Words of lower-case letters and digits with single "-" between them.
std::string hyphenated(std::string_view text)
{
    constexpr std::string_view right_quote = "’";
    std::string slug;
    slug.reserve(text.size());
    bool between_words = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (is_ascii_alnum(c)) {
            if (between_words && !slug.empty())
                slug += '-';
            slug += to_ascii_lower(c);
            between_words = false;
        } else if (text.substr(i, right_quote.size()) == right_quote) {
            i += right_quote.size() - 1;
        } else if (c != '\'') {
            between_words = true;
        }
    }
    return slug;
}

void cut_between_words(std::string& slug, std::size_t characters_max)
{
    if (slug.size() <= characters_max)
        return;
    std::size_t const word_end = slug.rfind('-', characters_max);
    slug.resize(word_end != std::string::npos && word_end >= characters_max / 2 ? word_end : characters_max);
    if (slug.ends_with('-'))
        slug.pop_back();
}

}  // namespace

std::string slug_of(std::string_view title, std::size_t characters_max)
{
    if (title.size() > title_bytes_max) {
        title = title.substr(0, title_bytes_max);
        // Not in the middle of a character.
        while (!title.empty() && (title.back() & 0xC0) == 0x80)
            title.remove_suffix(1);
        if (!title.empty() && (title.back() & 0x80) != 0)
            title.remove_suffix(1);
    }
    std::string plain;
    if (title.find_first_of("<&") != std::string_view::npos) {
        plain = without_markup(title);
        title = plain;
    }
    std::string slug = is_ascii(title) ? hyphenated(title) : hyphenated(in_latin_letters(title));
    cut_between_words(slug, characters_max);
    return slug.empty() ? "post" : slug;
}

std::string category_slug(std::string_view name) { return slug_of(name); }

}  // namespace backtalk
