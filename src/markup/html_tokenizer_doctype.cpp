#include "markup/html_tokenizer_doctype.h"

#include "base/text.h"
#include "markup/html_tokenizer_tag.h"

#include <string>

namespace backtalk::markup {
namespace {

class DoctypeReader {
public:
    DoctypeReader(std::string_view inside, bool at_end) : text_(inside), at_end_(at_end) { }

    void read(HtmlSink& sink)
    {
        std::string name;
        skip_space();
        while (!text_.empty() && !is_ascii_space(text_.front()))
            take(name);
        name = ascii_lower(name);
        bool const right = read_identifiers() && !name.empty() && (!at_end_ || bogus_);
        sink.doctype({view(name, !name.empty()), view(public_identifier_, has_public_), view(system_identifier_, has_system_), !right});
    }

private:
    static std::string_view view(std::string const& text, bool there) { return there ? std::string_view(text) : std::string_view(); }

    void take(std::string& out)
    {
        out += text_.front();
        text_.remove_prefix(1);
    }

    void skip_space()
    {
        while (!text_.empty() && is_ascii_space(text_.front()))
            text_.remove_prefix(1);
    }

    bool at_quote() const { return !text_.empty() && (text_.front() == '"' || text_.front() == '\''); }

    /// After DOCTYPE name state. False asks for quirks.
    bool read_identifiers()
    {
        skip_space();
        if (text_.empty())
            return true;
        bool const is_public = starts_with_ignoring_case(text_, "public");
        if (!is_public && !starts_with_ignoring_case(text_, "system"))
            return false;
        text_.remove_prefix(6);
        skip_space();
        if (!read_quoted(is_public ? public_identifier_ : system_identifier_, is_public ? has_public_ : has_system_))
            return false;
        skip_space();
        if (is_public && !text_.empty() && !read_quoted(system_identifier_, has_system_))
            return false;
        // More behind a system identifier is an error without consequence, and then so is the end of the document.
        skip_space();
        bogus_ = !text_.empty();
        return true;
    }

    /// False where there is no quote, or none that closes it.
    bool read_quoted(std::string& out, bool& there)
    {
        if (!at_quote())
            return false;
        char const quote = text_.front();
        text_.remove_prefix(1);
        there = true;
        auto const close = text_.find(quote);
        out = text_.substr(0, close);
        text_.remove_prefix(close == std::string_view::npos ? text_.size() : close + 1);
        return close != std::string_view::npos;
    }

    std::string_view text_;
    bool at_end_;
    std::string public_identifier_;
    std::string system_identifier_;
    bool has_public_ = false;
    bool has_system_ = false;
    bool bogus_ = false;
};

}  // namespace

void read_doctype(std::string_view inside, bool at_end, HtmlSink& sink)
{
    std::string text;
    append_normalised(text, inside);
    DoctypeReader(text, at_end).read(sink);
}

}  // namespace backtalk::markup
