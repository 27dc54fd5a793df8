#include "importers/convert_breaks.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace backtalk::importers {

namespace {

constexpr std::array<std::string_view, 41> block_elements = {"address", "article", "aside", "blockquote", "center", "col", "colgroup", "dd",
    "details", "dir", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "menu", "nav", "ol", "p", "pre", "script", "section", "select", "style", "table", "tbody", "td", "th", "tr", "ul"};
/// Line ends in these are text.
constexpr std::array<std::string_view, 4> raw_elements = {"pre", "script", "style", "textarea"};

/// The name in "<name" or "</name"; empty if `text` does not begin with a tag.
std::string_view tag_name(std::string_view text)
{
    if (!text.starts_with('<'))
        return {};
    text.remove_prefix(text.starts_with("</") ? 2 : 1);
    std::size_t length = 0;
    while (length < text.size() && length < 16 && is_ascii_alnum(text[length]))
        ++length;
    return text.substr(0, length);
}

template <std::size_t N> bool is_one_of(std::array<std::string_view, N> const& names, std::string_view name)
{
    return std::any_of(names.begin(), names.end(), [&](std::string_view each) { return equal_ignoring_case(each, name); });
}

bool begins_with_block(std::string_view text) { return is_one_of(block_elements, tag_name(text)); }

/// How much of the end of `text` is end tags of block elements (and white space before and between them).
std::size_t closing_blocks_length(std::string_view text)
{
    std::string_view rest = text;
    for (;;) {
        std::string_view const tail = trimmed(rest);
        if (!tail.ends_with('>'))
            break;
        std::size_t const skipped = tail.size() - std::min<std::size_t>(tail.size(), 24);
        std::size_t const tag = tail.substr(skipped).rfind("</");
        if (tag == std::string_view::npos || !begins_with_block(tail.substr(skipped + tag)))
            break;
        rest = rest.substr(0, static_cast<std::size_t>(tail.data() - rest.data()) + skipped + tag);
    }
    return text.size() - rest.size();
}

class Paragraphs {
public:
    std::string convert(std::string_view text)
    {
        out_.reserve(text.size() + text.size() / 8);
        while (!text.empty()) {
            std::size_t const end = text.find('\n');
            take_line(text.substr(0, end));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        end_paragraph();
        return std::move(out_);
    }

private:
    struct Line {
        std::string_view text;
        bool raw;  ///< The line end before it is text.
    };

    void take_line(std::string_view line)
    {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        bool const raw = !raw_element_.empty();
        if (!raw && trimmed(line).empty()) {
            end_paragraph();
            return;
        }
        lines_.push_back({line, raw});
        follow_raw_elements(line);
    }

    void follow_raw_elements(std::string_view line)
    {
        for (std::size_t at = line.find('<'); at != std::string_view::npos; at = line.find('<', at + 1)) {
            std::string_view const tag = line.substr(at);
            std::string_view const name = tag_name(tag);
            bool const ends = tag.starts_with("</");
            if (ends && equal_ignoring_case(name, raw_element_))
                raw_element_ = {};
            else if (!ends && raw_element_.empty() && is_one_of(raw_elements, name))
                raw_element_ = name;
        }
    }

    void end_paragraph()
    {
        if (lines_.empty())
            return;
        if (!out_.empty())
            out_ += "\n\n";
        bool const wrapped = !begins_with_block(trimmed(lines_.front().text));
        if (wrapped)
            out_ += "<p>";
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (i > 0)
                out_ += wrapped && !lines_[i].raw ? "<br />\n" : "\n";
            bool const ends_paragraph = wrapped && i + 1 == lines_.size();
            std::size_t const closing = ends_paragraph && !lines_[i].raw ? closing_blocks_length(lines_[i].text) : 0;
            out_ += lines_[i].text.substr(0, lines_[i].text.size() - closing);
            if (ends_paragraph) {
                out_ += "</p>";
                out_ += lines_[i].text.substr(lines_[i].text.size() - closing);
            }
        }
        lines_.clear();
    }

    std::string out_;
    std::vector<Line> lines_;  ///< Of the paragraph under way.
    std::string_view raw_element_;
};

}  // namespace

ReadTextFilter text_filter(std::optional<std::string_view> convert_breaks)
{
    if (!convert_breaks)
        return {};
    ReadTextFilter chosen{TextFilter::Html, true};
    for (std::string_view const part : split(*convert_breaks, ',')) {
        std::string const key = ascii_lower(trimmed(part));
        if (key.starts_with("markdown"))
            return {TextFilter::Markdown, true};
        if (key == "1" || key == "__default__")
            chosen.filter = TextFilter::ConvertBreaks;
        else if (!key.empty() && key != "0" && key != "none" && key != "richtext" && key != "wysiwyg" && key != "html")
            chosen = {TextFilter::ConvertBreaks, false};
    }
    return chosen;
}

std::string converted_breaks(std::string_view text) { return Paragraphs().convert(text); }

}  // namespace backtalk::importers
