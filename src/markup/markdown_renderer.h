#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <md4c.h>

#include "markup/markdown_budget.h"
#include "markup/markdown_heading_ids.h"

namespace backtalk::markup {

/// Where a reference to a footnote belongs in HTML that is written already.
struct FootnoteReference {
    std::size_t offset;
    std::size_t definition;
};

/// The HTML of the text, or of one footnote.
struct MarkdownPiece {
    std::string html;
    std::vector<FootnoteReference> references;  ///< In the order of their offsets.
};

/// Turns what md4c reports into HTML. Knows no more of the text than the stack depth and the element it is in.
/// Spec: https://spec.commonmark.org/0.30/ for what is written for what
class MarkdownRenderer {
public:
    /// `text` is what md4c will read; its first block quotes are the `definitions` (see FootnotedText).
    MarkdownRenderer(std::string_view text, std::unordered_map<std::string, std::size_t> const& definitions, std::string_view id_prefix);

    /// False if md4c could not read the text or the budget was used up.
    bool run(unsigned flags);

    MarkdownPiece take_body() { return std::move(pieces_.back()); }
    MarkdownPiece take_footnote(std::size_t definition) { return std::move(pieces_[definition]); }

private:
    bool enter_block(MD_BLOCKTYPE type, void const* detail);
    void leave_block(MD_BLOCKTYPE type, void const* detail);
    bool enter_span(MD_SPANTYPE type, void const* detail);
    void leave_span(MD_SPANTYPE type, void const* detail);
    void text(MD_TEXTTYPE type, std::string_view text);

    void enter_container(std::string_view tag);
    void leave_container(std::string_view tag);
    void enter_ordered_list(MD_BLOCK_OL_DETAIL const& list);
    void enter_list_item(MD_BLOCK_LI_DETAIL const& item);
    void enter_code(MD_BLOCK_CODE_DETAIL const& code);
    bool enter_cell(std::string_view tag, MD_BLOCK_TD_DETAIL const& cell);
    void leave_heading(unsigned level);
    void enter_link(MD_SPAN_A_DETAIL const& link);
    void enter_image(MD_SPAN_IMG_DETAIL const& image);
    void leave_image(MD_SPAN_IMG_DETAIL const& image);
    void append_text_with_references(std::string_view text);
    bool is_escaped(std::string_view text, std::size_t bracket) const;
    void start_line();

    std::string_view text_;
    std::unordered_map<std::string, std::size_t> const& definitions_;
    std::string_view id_prefix_;
    MarkdownBudget budget_;
    HeadingIds heading_ids_;

    std::vector<MarkdownPiece> pieces_;  ///< One for each definition, then the body.
    MarkdownPiece* piece_;               ///< The one that is written.
    std::size_t definitions_read_ = 0;

    std::size_t containers_ = 0;  ///< Open block quotes and lists.
    std::size_t links_ = 0;
    std::size_t images_ = 0;
    bool in_heading_ = false;
    std::size_t heading_start_ = 0;
    std::string heading_text_;
};

}  // namespace backtalk::markup
