#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/text.h"

// Which bytes may stand where in a message. Tables and eight bytes at a time, because every byte received passes here.
namespace backtalk::http {

constexpr std::array<bool, 256> token_table = [] {
    std::array<bool, 256> table{};
    for (unsigned c = 0; c < 128; ++c)
        table[c] = is_ascii_alnum(static_cast<char>(c)) ||
            std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
    return table;
}();

/// tchar of RFC 9110, 5.6.2.
inline bool is_token_char(char c) { return token_table[static_cast<unsigned char>(c)]; }

namespace character_class_detail {

constexpr std::uint64_t repeated(std::uint8_t byte) { return 0x0101010101010101ULL * byte; }
/// The high bit of each byte of `word` that is below `limit` (at most 128).
constexpr std::uint64_t bytes_below(std::uint64_t word, std::uint8_t limit) { return (word - repeated(limit)) & ~word & repeated(0x80); }
constexpr std::uint64_t bytes_equal(std::uint64_t word, std::uint8_t byte) { return bytes_below(word ^ repeated(byte), 1); }

}  // namespace character_class_detail

/// Whether `text` holds a byte below `limit` or DEL.
inline bool has_byte_below(std::string_view text, std::uint8_t limit)
{
    namespace detail = character_class_detail;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, 8);
        if (detail::bytes_below(word, limit) | detail::bytes_equal(word, 0x7F))
            return true;
    }
    for (; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c < limit || c == 0x7F)
            return true;
    }
    return false;
}

/// field-content of RFC 9110, 5.5: no control character but the tab; bytes from 0x80 up are let through.
inline bool is_field_value(std::string_view text)
{
    if (!has_byte_below(text, 0x20))
        return true;
    for (char ch : text) {
        auto const c = static_cast<unsigned char>(ch);
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

}  // namespace backtalk::http
