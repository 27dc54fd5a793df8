#pragma once

#include <cstdint>
#include <string_view>

namespace backtalk::markup {

/// The elements that somebody who reads a page treats apart.
enum class HtmlElement : std::uint8_t {
    Other,
    A,
    Area,
    Audio,
    Base,
    Blockquote,
    Del,
    H1,
    Html,
    Iframe,
    Img,
    Ins,
    Link,
    Meta,
    Q,
    Script,
    Source,
    Template,
    Time,
    Title,
    Video,
};

struct ElementTraits {
    HtmlElement element = HtmlElement::Other;
    bool is_block = false;   ///< Starts and ends a line of text (br too).
    bool is_void = false;    ///< Has no content and no end tag.
    bool is_hidden = false;  ///< Its text is not shown as text of the page: script, style, template, title, textarea …
};

/// By the name in lower case; an unknown element is an inline one. Constant time.
ElementTraits element_traits(std::string_view name);

}  // namespace backtalk::markup
