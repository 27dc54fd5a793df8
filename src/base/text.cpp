#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace backtalk {

std::string ascii_lower(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), to_ascii_lower);
    return lower;
}

bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    return a.size() == b.size() &&
        std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_ascii_lower(x) == to_ascii_lower(y); });
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() && equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && is_ascii_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_ascii_space(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string folded_space(std::string_view text)
{
    std::string folded;
    folded.reserve(text.size());
    for (char c : trimmed(text)) {
        if (!is_ascii_space(c))
            folded += c;
        else if (folded.back() != ' ')
            folded += ' ';
    }
    return folded;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        auto const end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::string replaced_all(std::string_view text, std::string_view what, std::string_view with)
{
    std::string out;
    out.reserve(text.size());
    for (;;) {
        auto const found = text.find(what);
        out += text.substr(0, found);
        if (found == std::string_view::npos)
            return out;
        out += with;
        text.remove_prefix(found + what.size());
    }
}

namespace {

struct Decoded {
    std::size_t length;  ///< Bytes of the sequence, or of the maximal subpart that is ill-formed.
    bool valid;
};

/// Table 3-7 of the Unicode Standard: the range of the second byte depends on the first.
Decoded decode(std::string_view text, std::size_t position)
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned char const first = byte(position);
    if (first < 0x80)
        return {1, true};
    std::size_t const needed = first >= 0xC2 && first <= 0xDF ? 1 : (first & 0xF0) == 0xE0 ? 2 : first >= 0xF0 && first <= 0xF4 ? 3 : 0;
    if (needed == 0)
        return {1, false};
    unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    for (std::size_t i = 1; i <= needed; ++i) {
        if (position + i >= text.size() || byte(position + i) < low || byte(position + i) > high)
            return {i, false};
        low = 0x80;
        high = 0xBF;
    }
    return {needed + 1, true};
}

/// The first byte from `position` on that is not ASCII, or the end.
std::size_t end_of_ascii(std::string_view text, std::size_t position)
{
    for (std::uint64_t block; position + sizeof block <= text.size(); position += sizeof block) {
        std::memcpy(&block, text.data() + position, sizeof block);
        if (block & 0x8080808080808080ULL)
            break;
    }
    while (position < text.size() && static_cast<unsigned char>(text[position]) < 0x80)
        ++position;
    return position;
}

/// Bytes that a dropped control is or may begin with: all of ASCII's but tab and line feed; U+0080 to U+009F; U+202A to U+202E and
/// U+2066 to U+2069, which turn the direction of text.
constexpr auto may_begin_control = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c)
        table[c] = c != '\t' && c != '\n';
    table[0x7F] = table[0xC2] = table[0xE2] = true;
    return table;
}();

/// Bytes of the dropped control that begins at `i`, 0 if none does.
std::size_t dropped_control_at(std::string_view text, std::size_t i)
{
    auto const byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
    unsigned const second = byte(i + 1);
    unsigned const third = byte(i + 2);
    if (byte(i) == 0xC2)
        return second >= 0x80 && second <= 0x9F ? 2 : 0;
    if (byte(i) == 0xE2)
        return (second == 0x80 && third >= 0xAA && third <= 0xAE) || (second == 0x81 && third >= 0xA6 && third <= 0xA9) ? 3 : 0;
    return 1;
}

}  // namespace

bool is_valid_utf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        i = end_of_ascii(text, i);
        if (i == text.size())
            break;
        Decoded const step = decode(text, i);
        if (!step.valid)
            return false;
        i += step.length;
    }
    return true;
}

std::string repaired_utf8(std::string_view text)
{
    if (is_valid_utf8(text))
        return std::string(text);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        Decoded const step = decode(text, i);
        if (step.valid)
            out += text.substr(i, step.length);
        else
            out += "\xEF\xBF\xBD";
        i += step.length;
    }
    return out;
}

void append_utf8(std::string& out, char32_t c)
{
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

char32_t next_code_point(std::string_view text, std::size_t& position)
{
    auto const first = static_cast<unsigned char>(text[position++]);
    if (first < 0x80)
        return first;
    int const more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    char32_t c = first & (0x3F >> more);
    for (int i = 0; i < more && position < text.size(); ++i)
        c = (c << 6) | (static_cast<unsigned char>(text[position++]) & 0x3F);
    return c;
}

std::size_t code_point_count(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string cut_at_word(std::string_view text, std::size_t characters_max)
{
    std::string folded = folded_space(text);
    if (code_point_count(folded) <= characters_max)
        return folded;
    if (characters_max == 0)
        return {};
    std::size_t end = 0;
    for (std::size_t kept = 0; kept + 1 < characters_max; ++kept)
        next_code_point(folded, end);
    std::size_t const blank = folded.rfind(' ', end);
    // A text without blanks (Japanese, one long word) is cut where it stands.
    if (blank != std::string::npos && blank > end / 2)
        end = blank;
    folded.resize(end);
    while (!folded.empty() && (folded.back() == ' ' || folded.back() == ','))
        folded.pop_back();
    return folded + "…";
}

std::string without_controls(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t const control = may_begin_control[static_cast<unsigned char>(text[i])] ? dropped_control_at(text, i) : 0;
        if (control == 0) {
            ++i;
            continue;
        }
        out.append(text, plain, i - plain);
        i += control;
        plain = i;
    }
    out.append(text, plain);
    return out;
}

void append_escaped(std::string& out, std::string_view text)
{
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string_view replacement;
        switch (text[i]) {
        case '&': replacement = "&amp;"; break;
        case '<': replacement = "&lt;"; break;
        case '>': replacement = "&gt;"; break;
        case '"': replacement = "&quot;"; break;
        case '\'': replacement = "&#39;"; break;
        default: continue;
        }
        out.append(text, plain, i - plain);
        out += replacement;
        plain = i + 1;
    }
    out.append(text, plain);
}

std::string escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    append_escaped(out, text);
    return out;
}

std::string json_escaped(std::string_view text)
{
    std::string const valid = repaired_utf8(text);
    std::string out;
    out.reserve(valid.size());
    for (std::size_t i = 0; i < valid.size();) {
        std::size_t const start = i;
        char32_t const c = next_code_point(valid, i);
        if (c == '"' || c == '\\')
            out += fmt::format("\\{}", static_cast<char>(c));
        else if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029)
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            out.append(valid, start, i - start);
    }
    return out;
}

std::string to_hex(std::string_view bytes)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed)
{
    std::uint64_t hash = seed;
    for (char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

}  // namespace backtalk
