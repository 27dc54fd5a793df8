#include "url/percent.h"

#include "base/text.h"

namespace backtalk {
namespace {

constexpr char upper_hex[] = "0123456789ABCDEF";

/// The byte that the three characters at `position` stand for, or -1.
int encoded_byte(std::string_view text, std::size_t position)
{
    if (text.size() - position < 3 || text[position] != '%')
        return -1;
    int const high = hex_digit_value(text[position + 1]);
    int const low = hex_digit_value(text[position + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

constexpr bool is_uri_character(char c)
{
    return is_unreserved(c) || std::string_view("!$&'()*+,;=:@/?").find(c) != std::string_view::npos;
}

}  // namespace

void append_percent_encoded_byte(std::string& out, char byte)
{
    auto const value = static_cast<unsigned char>(byte);
    char const encoded[] = {'%', upper_hex[value >> 4], upper_hex[value & 15]};
    out.append(encoded, 3);
}

void append_percent_encoded(std::string& out, std::string_view text, PercentEncodeSet const& set)
{
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!set.contains(text[i]))
            continue;
        out.append(text.substr(plain, i - plain));
        append_percent_encoded_byte(out, text[i]);
        plain = i + 1;
    }
    out.append(text.substr(plain));
}

std::string percent_decoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        int const byte = encoded_byte(text, i);
        out.push_back(byte < 0 ? text[i] : static_cast<char>(byte));
        if (byte >= 0)
            i += 2;
    }
    return out;
}

std::string percent_encoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        if (is_unreserved(c))
            out.push_back(c);
        else
            append_percent_encoded_byte(out, c);
    }
    return out;
}

std::string percent_normalised(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        int const byte = encoded_byte(text, i);
        char const c = byte < 0 ? text[i] : static_cast<char>(byte);
        if (byte < 0 ? is_uri_character(c) : is_unreserved(c))
            out.push_back(c);
        else
            append_percent_encoded_byte(out, c);
        if (byte >= 0)
            i += 2;
    }
    return out;
}

}  // namespace backtalk
