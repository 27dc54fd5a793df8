#include "xmlrpc/base64.h"

#include <cstdint>

#include "base/text.h"

namespace backtalk::xmlrpc {

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (is_ascii_digit(c))
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

std::string to_base64(std::string_view bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = (group << 8) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += i + j <= bytes.size() ? digits[(group >> (18 - 6 * j)) & 63] : '=';
    }
    return out;
}

std::optional<std::string> from_base64(std::string_view text)
{
    std::string out;
    std::uint32_t bits = 0;
    std::size_t count = 0;  ///< Of digits.
    bool ended = false;
    for (char c : text) {
        if (is_ascii_space(c))
            continue;
        ended |= c == '=';
        int const value = digit_value(c);
        if (c != '=' && (ended || value < 0))
            return std::nullopt;
        if (ended)
            continue;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        if (++count % 4 != 1)
            out += static_cast<char>((bits >> (6 - 2 * ((count - 1) % 4))) & 0xFF);
    }
    return count % 4 == 1 ? std::nullopt : std::optional(std::move(out));
}

}  // namespace backtalk::xmlrpc
