#include "markup/html_elements.h"

#include <array>
#include <cstddef>

namespace backtalk::markup {

namespace {

struct Named {
    std::string_view name;
    ElementTraits traits;
};

constexpr ElementTraits block(HtmlElement element = HtmlElement::Other) { return {element, true, false, false}; }
constexpr ElementTraits empty(HtmlElement element = HtmlElement::Other) { return {element, false, true, false}; }
constexpr ElementTraits empty_block() { return {HtmlElement::Other, true, true, false}; }
constexpr ElementTraits hidden(HtmlElement element = HtmlElement::Other) { return {element, false, false, true}; }
constexpr ElementTraits inline_(HtmlElement element) { return {element, false, false, false}; }

using enum HtmlElement;

constexpr Named elements[] = {
    {"a", inline_(A)},
    {"address", block()},
    {"area", empty(Area)},
    {"article", block()},
    {"aside", block()},
    {"audio", inline_(Audio)},
    {"base", empty(Base)},
    {"blockquote", block(Blockquote)},
    {"body", block()},
    {"br", empty_block()},
    {"caption", block()},
    {"center", block()},
    {"col", empty()},
    {"dd", block()},
    {"del", inline_(Del)},
    {"details", block()},
    {"dialog", block()},
    {"dir", block()},
    {"div", block()},
    {"dl", block()},
    {"dt", block()},
    {"embed", empty()},
    {"fieldset", block()},
    {"figcaption", block()},
    {"figure", block()},
    {"footer", block()},
    {"form", block()},
    {"h1", block(H1)},
    {"h2", block()},
    {"h3", block()},
    {"h4", block()},
    {"h5", block()},
    {"h6", block()},
    {"head", block()},
    {"header", block()},
    {"hr", empty_block()},
    {"html", block(Html)},
    {"iframe", hidden(Iframe)},
    {"img", empty(Img)},
    {"input", empty()},
    {"ins", inline_(Ins)},
    {"legend", block()},
    {"li", block()},
    {"link", empty(Link)},
    {"main", block()},
    {"menu", block()},
    {"meta", empty(Meta)},
    {"nav", block()},
    {"noembed", hidden()},
    {"noframes", hidden()},
    {"ol", block()},
    {"option", block()},
    {"p", block()},
    {"param", empty()},
    {"pre", block()},
    {"q", inline_(Q)},
    {"script", hidden(Script)},
    {"section", block()},
    {"source", empty(Source)},
    {"style", hidden()},
    {"summary", block()},
    {"table", block()},
    {"tbody", block()},
    {"td", block()},
    {"template", hidden(Template)},
    {"textarea", hidden()},
    {"tfoot", block()},
    {"th", block()},
    {"thead", block()},
    {"time", inline_(Time)},
    {"title", hidden(Title)},
    {"tr", block()},
    {"track", empty()},
    {"ul", block()},
    {"video", inline_(Video)},
    {"wbr", empty()},
    {"xmp", block()},
};

constexpr std::size_t slot_count = 256;

constexpr std::size_t slot_of(std::string_view name)
{
    auto const at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
    return (at(0) * 31 + at(name.size() / 2) * 7 + at(name.size() - 1) * 13 + name.size() * 61) % slot_count;
}

/// Index + 1 into elements, 0 for an empty slot; collisions go to the next slot.
constexpr auto slots = [] {
    std::array<std::uint8_t, slot_count> table{};
    std::uint8_t number = 0;
    for (Named const& named : elements) {
        std::size_t slot = slot_of(named.name);
        while (table[slot] != 0)
            slot = (slot + 1) % slot_count;
        table[slot] = ++number;
    }
    return table;
}();

}  // namespace

ElementTraits element_traits(std::string_view name)
{
    if (name.empty() || name.size() > 10)
        return {};
    for (std::size_t slot = slot_of(name); slots[slot] != 0; slot = (slot + 1) % slot_count) {
        Named const& named = elements[slots[slot] - 1];
        if (named.name == name)
            return named.traits;
    }
    return {};
}

}  // namespace backtalk::markup
