#include "markup/markdown_text.h"

#include <array>

#include "base/text.h"
#include "markup/html_entities.h"

namespace backtalk::markup {

namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

constexpr std::array<bool, 256> make_table(std::string_view characters)
{
    std::array<bool, 256> table{};
    for (char c : characters)
        table[static_cast<unsigned char>(c)] = true;
    return table;
}
constexpr std::array<bool, 256> is_escaped = make_table("&<>\"");

constexpr std::array<bool, 256> make_address_table()
{
    std::array<bool, 256> table = make_table("-._~:/?#@!$'()*+,;=%");
    for (std::size_t c = 0; c < 128; ++c)
        table[c] = table[c] || is_ascii_alnum(static_cast<char>(c));
    return table;
}
constexpr std::array<bool, 256> stays_in_address = make_address_table();

template <class Append> void for_each_part(MD_ATTRIBUTE const& attribute, Append append)
{
    for (std::size_t i = 0; attribute.substr_offsets != nullptr && attribute.substr_offsets[i] < attribute.size; ++i) {
        std::size_t const start = attribute.substr_offsets[i];
        append(attribute.substr_types[i], std::string_view(attribute.text + start, attribute.substr_offsets[i + 1] - start));
    }
}

}  // namespace

void append_prose(std::string& out, std::string_view text)
{
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_escaped[static_cast<unsigned char>(text[i])])
            continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (text[i]) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        default: out += "&quot;"; break;
        }
    }
    out.append(text, plain);
}

void append_decoded_entity(std::string& out, std::string_view entity)
{
    CharacterReference const reference = character_reference(entity, ReferencePlace::Text);
    // "&notit;" begins with a reference that HTML still reads without its semicolon. CommonMark wants the whole name.
    if (reference.length == entity.size())
        out += reference.str();
    else
        out += entity;
}

void append_entity(std::string& out, std::string_view entity)
{
    std::string decoded;
    append_decoded_entity(decoded, entity);
    append_prose(out, decoded);
}

void append_attribute(std::string& out, MD_ATTRIBUTE const& attribute)
{
    for_each_part(attribute, [&](MD_TEXTTYPE type, std::string_view part) {
        if (type == MD_TEXT_ENTITY)
            append_entity(out, part);
        else if (type == MD_TEXT_NULLCHAR)
            out += replacement_character;
        else
            append_prose(out, part);
    });
}

std::string decoded_address(MD_ATTRIBUTE const& attribute)
{
    std::string address;
    address.reserve(attribute.size);
    for_each_part(attribute, [&](MD_TEXTTYPE type, std::string_view part) {
        if (type == MD_TEXT_ENTITY)
            append_decoded_entity(address, part);
        else if (type == MD_TEXT_NULLCHAR)
            address += replacement_character;
        else
            address += part;
    });
    return address;
}

void append_address(std::string& out, std::string_view address)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (char c : address) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '&') {
            out += "&amp;";
        } else if (stays_in_address[byte]) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
}

bool is_script_address(std::string_view address, AddressUse use)
{
    // Browsers drop controls and blanks in front, and tabs and line ends anywhere, before they look for the scheme.
    std::string scheme;
    for (char c : address) {
        if (c == ':')
            return scheme == "javascript" || scheme == "vbscript" || (use == AddressUse::Link && scheme == "data");
        bool const is_dropped = c == '\t' || c == '\n' || c == '\r' || (scheme.empty() && static_cast<unsigned char>(c) <= ' ');
        if (is_dropped)
            continue;
        if (!is_ascii_alnum(c) || scheme.size() == 10)
            return false;
        scheme += to_ascii_lower(c);
    }
    return false;
}

}  // namespace backtalk::markup
