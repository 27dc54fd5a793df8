#include "markup/html_entities.h"

#include "base/text.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace backtalk::markup {
namespace {

struct SourceEntity {
    std::string_view name;
    char32_t first;
    char32_t second;
    bool legacy;
};

constexpr SourceEntity source_entities[] = {
#include "markup/html_entities_table.h"
};

constexpr std::size_t entity_count = std::size(source_entities);
constexpr std::size_t slot_count = 4096;
constexpr std::size_t name_bytes_max = 31;        ///< CounterClockwiseContourIntegral
constexpr std::size_t legacy_name_bytes_max = 6;  ///< Aacute, brvbar, …

constexpr std::uint32_t name_hash(std::string_view name)
{
    std::uint32_t hash = 2166136261U;
    for (char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash ^ (hash >> 15);
}

constexpr std::size_t name_bytes_total()
{
    std::size_t total = 0;
    for (SourceEntity const& entity : source_entities)
        total += entity.name.size();
    return total;
}

/// The table as it is searched: no pointers, so nothing to relocate when the program starts.
struct Table {
    struct Entity {
        std::uint16_t name_at = 0;
        std::uint8_t name_size = 0;
        bool legacy = false;
        char32_t first = 0;
        char32_t second = 0;
    };
    std::array<char, name_bytes_total()> names{};
    std::array<Entity, entity_count> entities{};
    std::array<std::uint16_t, slot_count> slots{};  ///< Number of the entity + 1, 0 for an empty slot.
};

constexpr Table make_table()
{
    Table table;
    std::size_t at = 0;
    for (std::size_t i = 0; i < entity_count; ++i) {
        SourceEntity const& source = source_entities[i];
        table.entities[i] = {
            static_cast<std::uint16_t>(at), static_cast<std::uint8_t>(source.name.size()), source.legacy, source.first, source.second};
        for (char c : source.name)
            table.names[at++] = c;
        std::size_t slot = name_hash(source.name) % slot_count;
        while (table.slots[slot] != 0)
            slot = (slot + 1) % slot_count;
        table.slots[slot] = static_cast<std::uint16_t>(i + 1);
    }
    return table;
}

constexpr Table table = make_table();

Table::Entity const* find_entity(std::string_view name)
{
    for (std::size_t slot = name_hash(name) % slot_count; table.slots[slot] != 0; slot = (slot + 1) % slot_count) {
        Table::Entity const& entity = table.entities[table.slots[slot] - 1U];
        if (name == std::string_view(table.names.data() + entity.name_at, entity.name_size))
            return &entity;
    }
    return nullptr;
}

void put_utf8(CharacterReference& reference, char32_t c)
{
    auto const put = [&](char32_t byte) { reference.bytes[reference.size++] = static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

/// https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state
char32_t meant_code_point(char32_t c)
{
    // windows-1252 by its upper half; where it has no character, the control stays.
    static constexpr std::array<char16_t, 32> windows_1252 = {0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
        0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161,
        0x203A, 0x0153, 0x9D, 0x017E, 0x0178};
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0xFFFD;
    return c >= 0x80 && c <= 0x9F ? windows_1252[c - 0x80] : c;
}

bool is_hexadecimal(std::string_view text) { return text.size() > 2 && to_ascii_lower(text[2]) == 'x'; }

/// The end of the digits that start at `at`.
std::size_t digits_end(std::string_view text, std::size_t at, bool hexadecimal)
{
    while (at < text.size() && (hexadecimal ? hex_digit_value(text[at]) >= 0 : is_ascii_digit(text[at])))
        ++at;
    return at;
}

CharacterReference numeric_reference(std::string_view text)
{
    bool const hexadecimal = is_hexadecimal(text);
    std::size_t const start = hexadecimal ? 3 : 2;
    std::size_t const end = digits_end(text, start, hexadecimal);
    CharacterReference reference;
    if (end == start)
        return reference;
    char32_t value = 0;
    for (std::size_t i = start; i < end; ++i)
        value = std::min<char32_t>(value * (hexadecimal ? 16 : 10) + static_cast<char32_t>(hex_digit_value(text[i])), 0x110000);
    put_utf8(reference, meant_code_point(value));
    reference.length = end + (end < text.size() && text[end] == ';' ? 1 : 0);
    return reference;
}

/// The letters and digits behind the ampersand, no more than one above the longest name.
std::size_t name_end(std::string_view text)
{
    std::size_t end = 1;
    std::size_t const limit = std::min(text.size(), name_bytes_max + 2);
    while (end < limit && is_ascii_alnum(text[end]))
        ++end;
    return end;
}

CharacterReference found(Table::Entity const& entity, std::size_t length)
{
    CharacterReference reference;
    put_utf8(reference, entity.first);
    if (entity.second != 0)
        put_utf8(reference, entity.second);
    reference.length = length;
    return reference;
}

/// The longest name wins. One with ";" is as long as the word itself; else the longest of those that count without.
CharacterReference named_reference(std::string_view text, ReferencePlace place)
{
    std::size_t const end = name_end(text);
    if (end < text.size() && text[end] == ';') {
        if (auto const* entity = find_entity(text.substr(1, end - 1)))
            return found(*entity, end + 1);
    }
    for (std::size_t size = std::min(end - 1, legacy_name_bytes_max); size >= 2; --size) {
        auto const* entity = find_entity(text.substr(1, size));
        if (!entity || !entity->legacy)
            continue;
        char const next = size + 1 < text.size() ? text[size + 1] : '\0';
        if (place == ReferencePlace::Attribute && (next == '=' || is_ascii_alnum(next)))
            break;
        return found(*entity, size + 1);
    }
    return {};
}

}  // namespace

CharacterReference character_reference(std::string_view text, ReferencePlace place)
{
    return text.size() > 1 && text[1] == '#' ? numeric_reference(text) : named_reference(text, place);
}

bool reference_is_open(std::string_view text)
{
    if (text.size() < 2)
        return true;
    if (text[1] != '#')
        return name_end(text) == text.size() && text.size() <= name_bytes_max + 1;
    return text.size() == 2 || digits_end(text, is_hexadecimal(text) ? 3 : 2, is_hexadecimal(text)) == text.size();
}

std::string shortened_open_reference(std::string_view text)
{
    if (text.size() <= 16 || text[1] != '#')
        return std::string(text);
    std::string out(text.substr(0, is_hexadecimal(text) ? 3 : 2));
    std::size_t const significant = std::min(text.find_first_not_of('0', out.size()), text.size() - 1);
    // Eight digits that do not begin with 0 are above U+10FFFF already, so that more of them change nothing.
    return out.append(text.substr(significant, 8));
}

void append_decoded_references(std::string& out, std::string_view text, ReferencePlace place)
{
    for (;;) {
        std::size_t const ampersand = text.find('&');
        out.append(text.substr(0, ampersand));
        if (ampersand == std::string_view::npos)
            return;
        text.remove_prefix(ampersand);
        CharacterReference const reference = character_reference(text, place);
        if (reference.length == 0)
            out += '&';
        else
            out.append(reference.str());
        text.remove_prefix(std::max<std::size_t>(reference.length, 1));
    }
}

std::string decoded_references(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    append_decoded_references(out, text, ReferencePlace::Text);
    return out;
}

}  // namespace backtalk::markup
