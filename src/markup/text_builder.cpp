#include "markup/text_builder.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace backtalk::markup {

namespace {

/// Bytes where copying has to stop and look: white space, and the first byte of U+00A0, which weblogs use for layout.
constexpr auto stops = [] {
    std::array<bool, 256> table{};
    for (unsigned char c : {' ', '\t', '\n', '\r', '\f'})
        table[c] = true;
    table[0xC2] = true;
    return table;
}();

/// Length of the white space at `i`, 0 if there is none.
std::size_t blank_at(std::string_view text, std::size_t i)
{
    if (is_ascii_space(text[i]))
        return 1;
    return text[i] == '\xC2' && i + 1 < text.size() && text[i + 1] == '\xA0' ? 2 : 0;
}

}  // namespace

void TextBuilder::add(std::string_view text)
{
    std::size_t i = 0;
    while (i < text.size()) {
        if (std::size_t const blank = blank_at(text, i); blank != 0) {
            break_word();
            i += blank;
            continue;
        }
        // A run of words with single blanks between them is copied at once.
        std::size_t end = i + 1;
        for (; end < text.size(); ++end) {
            if (!stops[static_cast<unsigned char>(text[end])])
                continue;
            std::size_t const blank = blank_at(text, end);
            bool const single = text[end] == ' ' && end + 1 < text.size() && blank_at(text, end + 1) == 0;
            if (blank != 0 && !single)
                break;
        }
        if (is_full())
            return;
        if (pending_ != 0 && !text_.empty())
            text_ += pending_;
        pending_ = 0;
        text_ += text.substr(i, end - i);
        i = end;
    }
}

std::string TextBuilder::take()
{
    if (text_.size() > bytes_max_) {
        std::size_t end = bytes_max_;
        while (end > 0 && (text_[end] & '\xC0') == '\x80')
            --end;
        text_.resize(end);
    }
    pending_ = 0;
    return std::exchange(text_, {});
}

}  // namespace backtalk::markup
