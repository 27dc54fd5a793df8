#pragma once

#include <cstdint>
#include <string_view>

namespace backtalk::markup {

/// The elements that have a meaning of their own to the tree builder or to what reads the tree.
enum class HtmlTag : std::uint8_t {
    Other,
    A,
    Abbr,
    Address,
    Applet,
    Area,
    Article,
    Aside,
    Audio,
    B,
    Base,
    Basefont,
    Bgsound,
    Big,
    Blockquote,
    Body,
    Br,
    Button,
    Caption,
    Center,
    Code,
    Col,
    Colgroup,
    Data,
    Dd,
    Del,
    Details,
    Dialog,
    Dir,
    Div,
    Dl,
    Dt,
    Em,
    Embed,
    Fieldset,
    Figcaption,
    Figure,
    Font,
    Footer,
    Form,
    Frame,
    Frameset,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
    Head,
    Header,
    Hgroup,
    Hr,
    Html,
    I,
    Iframe,
    Img,
    Input,
    Ins,
    Li,
    Link,
    Listing,
    Main,
    Marquee,
    Math,
    Menu,
    Meta,
    Nav,
    Nobr,
    Noembed,
    Noframes,
    Noscript,
    Object,
    Ol,
    Optgroup,
    Option,
    P,
    Param,
    Plaintext,
    Pre,
    Rp,
    Rt,
    S,
    Script,
    Search,
    Section,
    Select,
    Small,
    Source,
    Span,
    Strike,
    Strong,
    Style,
    Sub,
    Summary,
    Sup,
    Svg,
    Table,
    Tbody,
    Td,
    Template,
    Textarea,
    Tfoot,
    Th,
    Thead,
    Time,
    Title,
    Tr,
    Track,
    Tt,
    U,
    Ul,
    Var,
    Video,
    Wbr,
    Xmp,
};

/// What the standard's tree construction asks about an element.
namespace html_tag_flag {
inline constexpr std::uint8_t Void = 1;           ///< No content and no end tag.
inline constexpr std::uint8_t Special = 2;        ///< The standard's "special" category: no stray inline end tag closes it.
inline constexpr std::uint8_t EndsParagraph = 4;  ///< Its start tag closes an open p.
inline constexpr std::uint8_t Barrier = 8;        ///< Bounds the scope in which end tags look for their element.
inline constexpr std::uint8_t Formatting = 16;
inline constexpr std::uint8_t RawText = 32;  ///< Its text is written without character references.
inline constexpr std::uint8_t Heading = 64;
}  // namespace html_tag_flag

struct HtmlTagTraits {
    HtmlTag tag;
    std::uint8_t flags;
};

/// By the name in lower case. Constant time.
HtmlTagTraits html_tag_traits(std::string_view name);
bool has_flag(HtmlTag tag, std::uint8_t flag);
/// In lower case; empty for Other.
std::string_view name_of(HtmlTag tag);

}  // namespace backtalk::markup
