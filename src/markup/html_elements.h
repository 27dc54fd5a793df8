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

/// Whether what is being read is text or markup that nobody sees.
class HiddenContent {
public:
    void start(ElementTraits const& traits)
    {
        if (traits.element == HtmlElement::Template)
            ++templates_;
        else if (traits.is_hidden)
            in_text_ = true;
    }
    void end(ElementTraits const& traits)
    {
        if (traits.element == HtmlElement::Template)
            templates_ -= templates_ > 0 ? 1 : 0;
        else if (traits.is_hidden)
            in_text_ = false;
    }
    bool now() const { return in_text_ || templates_ > 0; }

private:
    bool in_text_ = false;  ///< Of script, style, title …: the tokenizer finds no tags there, so they never nest.
    int templates_ = 0;
};

}  // namespace backtalk::markup
