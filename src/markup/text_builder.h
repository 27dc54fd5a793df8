#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backtalk::markup {

/// Text as a reader sees it: each run of white space one blank, each block on a line of its own, no empty lines, nothing
/// before the first word.
class TextBuilder {
public:
    /// What goes beyond `bytes_max` is left out.
    explicit TextBuilder(std::size_t bytes_max) : bytes_max_(bytes_max) { }

    void add(std::string_view text);
    /// What follows begins on a new line.
    void break_line() { pending_ = '\n'; }
    /// What follows is another word.
    void break_word()
    {
        if (pending_ == 0)
            pending_ = ' ';
    }

    /// Where the next word will begin.
    std::size_t next_position() const { return text_.size() + (pending_ != 0 && !text_.empty() ? 1 : 0); }
    std::size_t size() const { return text_.size(); }
    bool is_full() const { return text_.size() >= bytes_max_; }
    /// Ends the building. Ends on a whole character if what was added did.
    std::string take();

private:
    std::string text_;
    std::size_t bytes_max_;
    char pending_ = 0;  ///< Separator to write before the next word: 0, ' ' or '\n'.
};

}  // namespace backtalk::markup
