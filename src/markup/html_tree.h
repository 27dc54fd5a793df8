#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "markup/arena.h"
#include "markup/html_tag.h"
#include "markup/html_tokenizer.h"

namespace backtalk::markup {

/// An element or a run of text. Made by the tree builder, never changed after.
struct HtmlNode {
    HtmlNode* parent;
    HtmlNode* first_child;
    HtmlNode* next_sibling;
    char const* words;                    ///< Text: what it says. Element: its name.
    HtmlAttribute const* attribute_list;  ///< nullptr where there are none.
    std::uint32_t words_size;
    std::uint16_t attribute_count;
    HtmlTag tag;
    bool is_text;

    bool is_element() const { return !is_text; }
    bool is(HtmlTag a_tag) const { return !is_text && tag == a_tag; }
    std::string_view text() const { return {words, words_size}; }  ///< Of a text node.
    std::string_view name() const { return {words, words_size}; }  ///< Of an element, in lower case.
    std::span<HtmlAttribute const> attributes() const { return {attribute_list, attribute_count}; }
    /// The value, or nullptr data where the element has no such attribute.
    std::string_view attribute(std::string_view attribute_name) const;
    bool has_attribute(std::string_view attribute_name) const { return attribute(attribute_name).data() != nullptr; }
};

/// The next node in document order inside `root`, nullptr at its end. `into`: whether to go into the children of `node`.
HtmlNode const* next_node(HtmlNode const* node, HtmlNode const* root, bool into = true);

/// A page as a tree, in one arena. For readers of microformats: near to what the standard's tree construction makes of a
/// page, never beyond linear time and memory.
///
/// Limits: elements deeper than depth_max become children of the one at depth_max. Memory is at most 32 bytes for each byte
///         of the page, as a rule 1 to 3.
/// Spec:   https://html.spec.whatwg.org/multipage/parsing.html#tree-construction
/// NB:     differs from it thus:
///         - Formatting elements are not reopened: in <p><b>x<p>y the y is not bold. Where one ends inside a block that began in
///           it, it is copied into the block as the standard says, but what stands between the two is closed.
///         - Tables: no tbody or tr is implied, and what stands between cells stays there (no foster parenting).
///         - Templates and their content, comments and doctypes are left out. frameset is not known.
///         - A later <html> or <body> gives its attributes to the first if that has none.
///         - SVG and MathML elements are plain elements, of which <x/> closes at once.
class HtmlTree {
public:
    static constexpr std::size_t depth_max = 512;

    /// Text and values may be views into `utf8_html`, which must live as long as the tree.
    explicit HtmlTree(std::string_view utf8_html);
    template <std::same_as<std::string> Temporary> explicit HtmlTree(Temporary&&) = delete;

    HtmlNode const* root() const { return root_; }  ///< The html element; head and body are its children.
    /// The value of the first <base href>; nullptr data where there is none.
    std::string_view base_reference() const { return base_reference_; }
    std::size_t node_count() const { return node_count_; }
    std::size_t memory_bytes() const { return arena_.used_bytes(); }

private:
    friend class HtmlTreeBuilder;

    Arena arena_;
    HtmlNode const* root_ = nullptr;
    std::string_view base_reference_;
    std::size_t node_count_ = 0;
};

}  // namespace backtalk::markup
