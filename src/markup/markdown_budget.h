#pragma once

#include <cstddef>

#include <md4c.h>

namespace backtalk::markup {

/// What a callback answers to end md4c's work. A positive number would do by its header, but 0.4.8 goes on after one.
constexpr int md4c_stop = -1;

/// Stops the two ways in which a short text asks md4c for output of quadratic size: rows that are filled up with empty cells to
/// the width of a header of thousands, and one long link definition used thousands of times.
class MarkdownBudget {
public:
    explicit MarkdownBudget(std::size_t text_bytes) : cells_(4 * text_bytes + 100'000), address_bytes_(16 * text_bytes + (1 << 20)) { }

    /// False when there is no more.
    bool take_cell()
    {
        if (cells_ == 0)
            return false;
        --cells_;
        return true;
    }
    bool take_span(MD_SPANTYPE type, void const* detail)
    {
        if (type != MD_SPAN_A && type != MD_SPAN_IMG)
            return true;
        // Both details have the same two members.
        auto const* link = static_cast<MD_SPAN_A_DETAIL const*>(detail);
        std::size_t const bytes = std::size_t{link->href.size} + link->title.size;
        if (bytes > address_bytes_)
            return false;
        address_bytes_ -= bytes;
        return true;
    }

private:
    std::size_t cells_;
    std::size_t address_bytes_;
};

}  // namespace backtalk::markup
