#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backtalk {

// ASCII. Letter case and blanks as protocols mean them, never the locale's.

constexpr bool is_ascii_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
constexpr bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_ascii_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_ascii_alnum(char c) { return is_ascii_alpha(c) || is_ascii_digit(c); }
constexpr char to_ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
/// 0 to 15, or -1.
constexpr int hex_digit_value(char c)
{
    if (is_ascii_digit(c))
        return c - '0';
    char const lower = to_ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string ascii_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
/// Without white space at both ends. A view into `text`.
std::string_view trimmed(std::string_view text);
/// Each run of white space becomes one blank, none at the ends.
std::string folded_space(std::string_view text);
/// The parts between separators, as views into `text`; one more part than separators.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string replaced_all(std::string_view text, std::string_view what, std::string_view with);

/// The whole text as a decimal number that fits T, else nothing. No sign for unsigned types, no blanks, no "+".
template <class T> std::optional<T> parse_integer(std::string_view text)
{
    T value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// UTF-8.

bool is_valid_utf8(std::string_view text);
/// Ill-formed bytes become U+FFFD, one for each maximal subpart (WHATWG Encoding, "UTF-8 decode").
std::string repaired_utf8(std::string_view text);
void append_utf8(std::string& out, char32_t code_point);
/// The code point that starts at `position`, which is moved behind it. `text` must be valid UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& position);
/// Number of code points. `text` must be valid UTF-8.
std::size_t code_point_count(std::string_view text);
/// At most `characters_max` code points, cut at the end of a word, with "…" counted in when something was cut.
/// White space is folded first. `text` must be valid UTF-8.
std::string cut_at_word(std::string_view text, std::size_t characters_max);
/// Without C0 controls (tab and line feed stay), DEL, C1 controls, and the bidi overrides U+202A to U+202E, U+2066 to U+2069.
std::string without_controls(std::string_view text);

/// & < > " ' escaped: right for text and quoted attribute values in HTML and XML.
void append_escaped(std::string& out, std::string_view text);
std::string escaped(std::string_view text);

/// Controls, quotes and backslashes as JSON escapes; what is not UTF-8 as U+FFFD. Right inside a JSON string, and in a line of a
/// log that nobody shall forge.
std::string json_escaped(std::string_view text);

std::string to_hex(std::string_view bytes);

/// FNV-1a, 64 bits: stable for ever, for names of versions (ETag), never against an adversary.
std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed = 14695981039346656037ULL);

}  // namespace backtalk
