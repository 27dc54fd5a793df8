#include "markup/html_tag.h"

#include <array>
#include <cstddef>
#include <iterator>

namespace backtalk::markup {

namespace {

using namespace html_tag_flag;

struct Row {
    std::string_view name;
    HtmlTag tag;
    std::uint8_t flags;
};

constexpr Row rows[] = {
    {"", HtmlTag::Other, 0},
    {"a", HtmlTag::A, Formatting},
    {"abbr", HtmlTag::Abbr, 0},
    {"address", HtmlTag::Address, Special | EndsParagraph},
    {"applet", HtmlTag::Applet, Special | Barrier},
    {"area", HtmlTag::Area, Special | Void},
    {"article", HtmlTag::Article, Special | EndsParagraph},
    {"aside", HtmlTag::Aside, Special | EndsParagraph},
    {"audio", HtmlTag::Audio, 0},
    {"b", HtmlTag::B, Formatting},
    {"base", HtmlTag::Base, Special | Void},
    {"basefont", HtmlTag::Basefont, Special | Void},
    {"bgsound", HtmlTag::Bgsound, Special | Void},
    {"big", HtmlTag::Big, Formatting},
    {"blockquote", HtmlTag::Blockquote, Special | EndsParagraph},
    {"body", HtmlTag::Body, Special},
    {"br", HtmlTag::Br, Special | Void},
    {"button", HtmlTag::Button, Special},
    {"caption", HtmlTag::Caption, Special | Barrier},
    {"center", HtmlTag::Center, Special | EndsParagraph},
    {"code", HtmlTag::Code, Formatting},
    {"col", HtmlTag::Col, Special | Void},
    {"colgroup", HtmlTag::Colgroup, Special},
    {"data", HtmlTag::Data, 0},
    {"dd", HtmlTag::Dd, Special},
    {"del", HtmlTag::Del, 0},
    {"details", HtmlTag::Details, Special | EndsParagraph},
    {"dialog", HtmlTag::Dialog, Special | EndsParagraph},
    {"dir", HtmlTag::Dir, Special | EndsParagraph},
    {"div", HtmlTag::Div, Special | EndsParagraph},
    {"dl", HtmlTag::Dl, Special | EndsParagraph},
    {"dt", HtmlTag::Dt, Special},
    {"em", HtmlTag::Em, Formatting},
    {"embed", HtmlTag::Embed, Special | Void},
    {"fieldset", HtmlTag::Fieldset, Special | EndsParagraph},
    {"figcaption", HtmlTag::Figcaption, Special | EndsParagraph},
    {"figure", HtmlTag::Figure, Special | EndsParagraph},
    {"font", HtmlTag::Font, Formatting},
    {"footer", HtmlTag::Footer, Special | EndsParagraph},
    {"form", HtmlTag::Form, Special | EndsParagraph},
    {"frame", HtmlTag::Frame, Special | Void},
    {"frameset", HtmlTag::Frameset, Special},
    {"h1", HtmlTag::H1, Special | EndsParagraph | Heading},
    {"h2", HtmlTag::H2, Special | EndsParagraph | Heading},
    {"h3", HtmlTag::H3, Special | EndsParagraph | Heading},
    {"h4", HtmlTag::H4, Special | EndsParagraph | Heading},
    {"h5", HtmlTag::H5, Special | EndsParagraph | Heading},
    {"h6", HtmlTag::H6, Special | EndsParagraph | Heading},
    {"head", HtmlTag::Head, Special},
    {"header", HtmlTag::Header, Special | EndsParagraph},
    {"hgroup", HtmlTag::Hgroup, Special | EndsParagraph},
    {"hr", HtmlTag::Hr, Special | Void | EndsParagraph},
    {"html", HtmlTag::Html, Special | Barrier},
    {"i", HtmlTag::I, Formatting},
    {"iframe", HtmlTag::Iframe, Special | RawText},
    {"img", HtmlTag::Img, Special | Void},
    {"input", HtmlTag::Input, Special | Void},
    {"ins", HtmlTag::Ins, 0},
    {"li", HtmlTag::Li, Special},
    {"link", HtmlTag::Link, Special | Void},
    {"listing", HtmlTag::Listing, Special | EndsParagraph},
    {"main", HtmlTag::Main, Special | EndsParagraph},
    {"marquee", HtmlTag::Marquee, Special | Barrier},
    {"math", HtmlTag::Math, 0},
    {"menu", HtmlTag::Menu, Special | EndsParagraph},
    {"meta", HtmlTag::Meta, Special | Void},
    {"nav", HtmlTag::Nav, Special | EndsParagraph},
    {"nobr", HtmlTag::Nobr, Formatting},
    {"noembed", HtmlTag::Noembed, Special | RawText},
    {"noframes", HtmlTag::Noframes, Special | RawText},
    {"noscript", HtmlTag::Noscript, Special},
    {"object", HtmlTag::Object, Special | Barrier},
    {"ol", HtmlTag::Ol, Special | EndsParagraph},
    {"optgroup", HtmlTag::Optgroup, 0},
    {"option", HtmlTag::Option, 0},
    {"p", HtmlTag::P, Special | EndsParagraph},
    {"param", HtmlTag::Param, Special | Void},
    {"plaintext", HtmlTag::Plaintext, Special | EndsParagraph | RawText},
    {"pre", HtmlTag::Pre, Special | EndsParagraph},
    {"rp", HtmlTag::Rp, 0},
    {"rt", HtmlTag::Rt, 0},
    {"s", HtmlTag::S, Formatting},
    {"script", HtmlTag::Script, Special | RawText},
    {"search", HtmlTag::Search, Special | EndsParagraph},
    {"section", HtmlTag::Section, Special | EndsParagraph},
    {"select", HtmlTag::Select, Special},
    {"small", HtmlTag::Small, Formatting},
    {"source", HtmlTag::Source, Special | Void},
    {"span", HtmlTag::Span, 0},
    {"strike", HtmlTag::Strike, Formatting},
    {"strong", HtmlTag::Strong, Formatting},
    {"style", HtmlTag::Style, Special | RawText},
    {"sub", HtmlTag::Sub, 0},
    {"summary", HtmlTag::Summary, Special | EndsParagraph},
    {"sup", HtmlTag::Sup, 0},
    {"svg", HtmlTag::Svg, 0},
    {"table", HtmlTag::Table, Special | Barrier | EndsParagraph},
    {"tbody", HtmlTag::Tbody, Special},
    {"td", HtmlTag::Td, Special | Barrier},
    {"template", HtmlTag::Template, Special | Barrier},
    {"textarea", HtmlTag::Textarea, Special},
    {"tfoot", HtmlTag::Tfoot, Special},
    {"th", HtmlTag::Th, Special | Barrier},
    {"thead", HtmlTag::Thead, Special},
    {"time", HtmlTag::Time, 0},
    {"title", HtmlTag::Title, Special},
    {"tr", HtmlTag::Tr, Special},
    {"track", HtmlTag::Track, Special | Void},
    {"tt", HtmlTag::Tt, Formatting},
    {"u", HtmlTag::U, Formatting},
    {"ul", HtmlTag::Ul, Special | EndsParagraph},
    {"var", HtmlTag::Var, 0},
    {"video", HtmlTag::Video, 0},
    {"wbr", HtmlTag::Wbr, Special | Void},
    {"xmp", HtmlTag::Xmp, Special | EndsParagraph | RawText},
};

constexpr bool rows_follow_the_enumeration = [] {
    for (std::size_t i = 0; i < std::size(rows); ++i)
        if (rows[i].tag != static_cast<HtmlTag>(i))
            return false;
    return true;
}();
static_assert(rows_follow_the_enumeration);

constexpr std::size_t slot_count = 512;

constexpr std::size_t slot_of(std::string_view name)
{
    auto const at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
    return (at(0) * 31 + at(name.size() / 2) * 7 + at(name.size() - 1) * 13 + name.size() * 61) % slot_count;
}

/// Index into rows, 0 for an empty slot; collisions go to the next slot.
constexpr auto slots = [] {
    std::array<std::uint8_t, slot_count> table{};
    for (std::uint8_t i = 1; i < std::size(rows); ++i) {
        std::size_t slot = slot_of(rows[i].name);
        while (table[slot] != 0)
            slot = (slot + 1) % slot_count;
        table[slot] = i;
    }
    return table;
}();

}  // namespace

HtmlTagTraits html_tag_traits(std::string_view name)
{
    if (name.empty() || name.size() > 10)
        return {HtmlTag::Other, 0};
    for (std::size_t slot = slot_of(name); slots[slot] != 0; slot = (slot + 1) % slot_count) {
        Row const& row = rows[slots[slot]];
        if (row.name == name)
            return {row.tag, row.flags};
    }
    return {HtmlTag::Other, 0};
}

bool has_flag(HtmlTag tag, std::uint8_t flag) { return (rows[static_cast<std::size_t>(tag)].flags & flag) != 0; }

std::string_view name_of(HtmlTag tag) { return rows[static_cast<std::size_t>(tag)].name; }

}  // namespace backtalk::markup
