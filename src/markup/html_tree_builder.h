#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "markup/html_tree.h"

namespace backtalk::markup {

/// Puts the tokens of a page together to an HtmlTree; see there for what it does and leaves.
class HtmlTreeBuilder final : public HtmlSink {
public:
    HtmlTreeBuilder(HtmlTree& tree, std::string_view document);

    void start_tag(HtmlStartTag const& tag) override;
    void end_tag(std::string_view name) override;
    void text(std::string_view text) override;

private:
    struct Open {
        HtmlNode* node;
        HtmlNode* last_child;
        HtmlNode* previous;       ///< The sibling before it.
        std::uint32_t name_hash;  ///< Of an element without a tag of its own.
        HtmlTag tag;
        std::uint8_t flags;
    };
    static constexpr std::size_t not_found = static_cast<std::size_t>(-1);

    // Nodes.
    std::string_view kept(std::string_view text);
    HtmlNode* new_element(HtmlTag tag, std::string_view name);
    void set_attributes(HtmlNode& node, HtmlStartTag const& tag);
    HtmlNode* append(HtmlNode* node);

    // The stack of open elements.
    static std::uint32_t hash_of(std::string_view name);
    void push(HtmlNode* node, HtmlNode* previous, std::uint8_t flags);
    void pop_to(std::size_t position);
    void remove(std::size_t position);
    Open const& current() const { return open_[open_size_ - 1]; }
    std::size_t& open_count(HtmlTag tag) { return open_count_[static_cast<std::size_t>(tag)]; }
    std::uint32_t& too_deep(HtmlTag tag) { return too_deep_[static_cast<std::size_t>(tag)]; }
    std::size_t find_in_scope(
        HtmlTag tag, std::uint8_t barrier_flags, HtmlTag barrier_a = HtmlTag::Other, HtmlTag barrier_b = HtmlTag::Other);
    std::size_t find_in_table(HtmlTag tag);
    std::size_t special_above(std::size_t position) const;
    void forget_too_deep();

    // Rules.
    void leave_head();
    void close_paragraph();
    void close_before(HtmlTag tag, std::uint8_t flags);
    void close_item(HtmlTag a, HtmlTag b);
    void close_in_table(HtmlTag tag);
    void close_table_parts(HtmlTag tag);
    void close_formatting(HtmlTag tag);
    void adopt(std::size_t formatting, std::size_t block);
    void close_other(HtmlTag tag, std::string_view name);
    void close_in_scope(HtmlTag tag);
    void close_heading();
    void close_form();

    HtmlTree& tree_;
    std::string_view document_;
    HtmlNode* html_ = nullptr;
    HtmlNode* head_ = nullptr;
    HtmlNode* body_ = nullptr;
    bool in_head_ = true;
    std::size_t templates_ = 0;
    std::size_t foreign_ = 0;   ///< Open svg and math elements.
    std::size_t headings_ = 0;  ///< Open h1 to h6.

    std::array<Open, HtmlTree::depth_max> open_;
    std::size_t open_size_ = 0;
    static constexpr std::size_t tag_count = 128;
    std::array<std::size_t, tag_count> open_count_{};  ///< How many of each are in open_.
    std::array<std::uint32_t, tag_count> too_deep_{};  ///< Open elements that had no room in open_, above all that are.
    std::size_t too_deep_total_ = 0;
};

}  // namespace backtalk::markup
