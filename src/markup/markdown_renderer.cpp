#include "markup/markdown_renderer.h"

#include <functional>

#include <fmt/format.h>

#include "base/text.h"
#include "markup/markdown_footnotes.h"
#include "markup/markdown_text.h"

namespace backtalk::markup {

namespace {

/// Browsers stop nesting at 512 elements; deeper quotes and lists are written without their tags.
constexpr std::size_t containers_max = 100;

constexpr std::string_view tag_of(MD_SPANTYPE type)
{
    switch (type) {
    case MD_SPAN_EM: return "em";
    case MD_SPAN_STRONG: return "strong";
    case MD_SPAN_CODE: return "code";
    case MD_SPAN_DEL: return "del";
    default: return {};
    }
}

void append_tag(std::string& out, std::string_view opening, std::string_view tag)
{
    out += opening;
    out += tag;
    out += '>';
}

}  // namespace

MarkdownRenderer::MarkdownRenderer(
    std::string_view text, std::unordered_map<std::string, std::size_t> const& definitions, std::string_view id_prefix)
    : text_(text), definitions_(definitions), id_prefix_(id_prefix), budget_(text.size()), pieces_(definitions.size() + 1),
      piece_(&pieces_.back())
{
    piece_->html.reserve(text.size() + text.size() / 4);
}

bool MarkdownRenderer::run(unsigned flags)
{
    MD_PARSER parser{};
    parser.flags = flags;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) noexcept {
        return static_cast<MarkdownRenderer*>(self)->enter_block(type, detail) ? 0 : md4c_stop;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void* detail, void* self) noexcept {
        static_cast<MarkdownRenderer*>(self)->leave_block(type, detail);
        return 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) noexcept {
        return static_cast<MarkdownRenderer*>(self)->enter_span(type, detail) ? 0 : md4c_stop;
    };
    parser.leave_span = [](MD_SPANTYPE type, void* detail, void* self) noexcept {
        static_cast<MarkdownRenderer*>(self)->leave_span(type, detail);
        return 0;
    };
    parser.text = [](MD_TEXTTYPE type, MD_CHAR const* text, MD_SIZE size, void* self) noexcept {
        static_cast<MarkdownRenderer*>(self)->text(type, {text, size});
        return 0;
    };
    return md_parse(text_.data(), static_cast<MD_SIZE>(text_.size()), &parser, this) == 0;
}

void MarkdownRenderer::start_line()
{
    if (!piece_->html.empty() && piece_->html.back() != '\n')
        piece_->html += '\n';
}

bool MarkdownRenderer::enter_block(MD_BLOCKTYPE type, void const* detail)
{
    std::string& html = piece_->html;
    switch (type) {
    case MD_BLOCK_DOC: break;
    case MD_BLOCK_QUOTE:
        if (containers_ == 0 && definitions_read_ < definitions_.size()) {
            piece_ = &pieces_[definitions_read_];
            ++containers_;
        } else {
            enter_container("blockquote");
        }
        break;
    case MD_BLOCK_UL: enter_container("ul"); break;
    case MD_BLOCK_OL: enter_ordered_list(*static_cast<MD_BLOCK_OL_DETAIL const*>(detail)); break;
    case MD_BLOCK_LI: enter_list_item(*static_cast<MD_BLOCK_LI_DETAIL const*>(detail)); break;
    case MD_BLOCK_HR:
        start_line();
        html += "<hr>\n";
        break;
    case MD_BLOCK_H:
        start_line();
        in_heading_ = true;
        heading_start_ = html.size();
        heading_text_.clear();
        break;
    case MD_BLOCK_CODE: enter_code(*static_cast<MD_BLOCK_CODE_DETAIL const*>(detail)); break;
    case MD_BLOCK_HTML: start_line(); break;
    case MD_BLOCK_P:
        start_line();
        html += "<p>";
        break;
    case MD_BLOCK_TABLE:
        start_line();
        html += "<table>\n";
        break;
    case MD_BLOCK_THEAD: html += "<thead>\n"; break;
    case MD_BLOCK_TBODY: html += "<tbody>\n"; break;
    case MD_BLOCK_TR: html += "<tr>\n"; break;
    case MD_BLOCK_TH: return enter_cell("<th", *static_cast<MD_BLOCK_TD_DETAIL const*>(detail));
    case MD_BLOCK_TD: return enter_cell("<td", *static_cast<MD_BLOCK_TD_DETAIL const*>(detail));
    }
    return true;
}

void MarkdownRenderer::leave_block(MD_BLOCKTYPE type, void const* detail)
{
    std::string& html = piece_->html;
    switch (type) {
    case MD_BLOCK_DOC: break;
    case MD_BLOCK_QUOTE:
        if (containers_ == 1 && piece_ != &pieces_.back()) {
            start_line();
            --containers_;
            ++definitions_read_;
            piece_ = &pieces_.back();
        } else {
            leave_container("blockquote");
        }
        break;
    case MD_BLOCK_UL: leave_container("ul"); break;
    case MD_BLOCK_OL: leave_container("ol"); break;
    case MD_BLOCK_LI: html += containers_ <= containers_max ? "</li>\n" : "\n"; break;
    case MD_BLOCK_HR: break;
    case MD_BLOCK_H: leave_heading(static_cast<MD_BLOCK_H_DETAIL const*>(detail)->level); break;
    case MD_BLOCK_CODE: html += "</code></pre>\n"; break;
    case MD_BLOCK_HTML: break;
    case MD_BLOCK_P: html += "</p>\n"; break;
    case MD_BLOCK_TABLE: html += "</table>\n"; break;
    case MD_BLOCK_THEAD: html += "</thead>\n"; break;
    case MD_BLOCK_TBODY: html += "</tbody>\n"; break;
    case MD_BLOCK_TR: html += "</tr>\n"; break;
    case MD_BLOCK_TH: html += "</th>\n"; break;
    case MD_BLOCK_TD: html += "</td>\n"; break;
    }
}

void MarkdownRenderer::enter_container(std::string_view tag)
{
    start_line();
    if (++containers_ <= containers_max) {
        append_tag(piece_->html, "<", tag);
        piece_->html += '\n';
    }
}

void MarkdownRenderer::leave_container(std::string_view tag)
{
    start_line();
    if (containers_-- <= containers_max) {
        append_tag(piece_->html, "</", tag);
        piece_->html += '\n';
    }
}

void MarkdownRenderer::enter_ordered_list(MD_BLOCK_OL_DETAIL const& list)
{
    start_line();
    if (++containers_ > containers_max)
        return;
    if (list.start == 1)
        piece_->html += "<ol>\n";
    else
        fmt::format_to(std::back_inserter(piece_->html), "<ol start=\"{}\">\n", list.start);
}

void MarkdownRenderer::enter_list_item(MD_BLOCK_LI_DETAIL const& item)
{
    std::string& html = piece_->html;
    start_line();
    if (containers_ <= containers_max)
        html += item.is_task ? "<li class=\"task\">" : "<li>";
    if (item.is_task)
        html += item.task_mark == ' ' ? "<input type=\"checkbox\" disabled> " : "<input type=\"checkbox\" checked disabled> ";
}

void MarkdownRenderer::enter_code(MD_BLOCK_CODE_DETAIL const& code)
{
    std::string& html = piece_->html;
    start_line();
    html += "<pre><code";
    if (code.lang.size > 0) {
        html += " class=\"language-";
        append_attribute(html, code.lang);
        html += '"';
    }
    html += '>';
}

bool MarkdownRenderer::enter_cell(std::string_view tag, MD_BLOCK_TD_DETAIL const& cell)
{
    std::string& html = piece_->html;
    html += tag;
    // An attribute long obsolete, but unlike a style it passes every feed reader and every Content-Security-Policy.
    switch (cell.align) {
    case MD_ALIGN_DEFAULT: html += '>'; break;
    case MD_ALIGN_LEFT: html += " align=\"left\">"; break;
    case MD_ALIGN_CENTER: html += " align=\"center\">"; break;
    case MD_ALIGN_RIGHT: html += " align=\"right\">"; break;
    }
    return budget_.take_cell();
}

/// The id is known only now. What was written of the heading moves on to let its tag in.
void MarkdownRenderer::leave_heading(unsigned level)
{
    in_heading_ = false;
    std::string const tag = fmt::format("<h{} id=\"{}{}\">", level, id_prefix_, heading_ids_.next(heading_text_));
    piece_->html.insert(heading_start_, tag);
    auto& references = piece_->references;
    for (auto each = references.rbegin(); each != references.rend() && each->offset >= heading_start_; ++each)
        each->offset += tag.size();
    fmt::format_to(std::back_inserter(piece_->html), "</h{}>\n", level);
}

bool MarkdownRenderer::enter_span(MD_SPANTYPE type, void const* detail)
{
    if (!budget_.take_span(type, detail))
        return false;
    if (type == MD_SPAN_IMG) {
        enter_image(*static_cast<MD_SPAN_IMG_DETAIL const*>(detail));
    } else if (type == MD_SPAN_A) {
        enter_link(*static_cast<MD_SPAN_A_DETAIL const*>(detail));
    } else if (images_ == 0) {
        append_tag(piece_->html, "<", tag_of(type));
    }
    return true;
}

void MarkdownRenderer::leave_span(MD_SPANTYPE type, void const* detail)
{
    if (type == MD_SPAN_IMG) {
        leave_image(*static_cast<MD_SPAN_IMG_DETAIL const*>(detail));
    } else if (type == MD_SPAN_A) {
        if (--links_ == 0 && images_ == 0)
            piece_->html += "</a>";
    } else if (images_ == 0) {
        append_tag(piece_->html, "</", tag_of(type));
    }
}

/// NB: a link inside a link (an address in the text of one) is its text only.
void MarkdownRenderer::enter_link(MD_SPAN_A_DETAIL const& link)
{
    if (++links_ > 1 || images_ > 0)
        return;
    std::string& html = piece_->html;
    html += "<a";
    std::string const address = decoded_address(link.href);
    if (!is_script_address(address, AddressUse::Link)) {
        html += " href=\"";
        append_address(html, address);
        html += '"';
    }
    if (link.title.text != nullptr) {
        html += " title=\"";
        append_attribute(html, link.title);
        html += '"';
    }
    html += '>';
}

/// The text of an image, without its markup, is its alt attribute.
void MarkdownRenderer::enter_image(MD_SPAN_IMG_DETAIL const& image)
{
    if (++images_ > 1)
        return;
    std::string& html = piece_->html;
    html += "<img";
    std::string const address = decoded_address(image.src);
    if (!is_script_address(address, AddressUse::Image)) {
        html += " src=\"";
        append_address(html, address);
        html += '"';
    }
    html += " alt=\"";
}

void MarkdownRenderer::leave_image(MD_SPAN_IMG_DETAIL const& image)
{
    if (--images_ > 0)
        return;
    std::string& html = piece_->html;
    html += '"';
    if (image.title.text != nullptr) {
        html += " title=\"";
        append_attribute(html, image.title);
        html += '"';
    }
    html += '>';
}

void MarkdownRenderer::text(MD_TEXTTYPE type, std::string_view text)
{
    std::string& html = piece_->html;
    switch (type) {
    case MD_TEXT_NORMAL:
        if (!definitions_.empty() && links_ == 0 && images_ == 0) {
            append_text_with_references(text);
        } else {
            append_prose(html, text);
            if (in_heading_)
                heading_text_ += text;
        }
        break;
    case MD_TEXT_CODE:
        append_prose(html, text);
        if (in_heading_)
            heading_text_ += text;
        break;
    case MD_TEXT_ENTITY:
        append_entity(html, text);
        if (in_heading_)
            append_decoded_entity(heading_text_, text);
        break;
    case MD_TEXT_NULLCHAR: html += "\uFFFD"; break;
    case MD_TEXT_BR: html += images_ > 0 ? " " : "<br>\n"; break;
    case MD_TEXT_SOFTBR:
        html += images_ > 0 ? ' ' : '\n';
        if (in_heading_)
            heading_text_ += ' ';
        break;
    case MD_TEXT_HTML:
        if (images_ == 0)
            html += text;
        break;
    case MD_TEXT_LATEXMATH: append_prose(html, text); break;
    }
}

void MarkdownRenderer::append_text_with_references(std::string_view text)
{
    std::size_t written = 0;
    auto const write_until = [&](std::size_t end) {
        append_prose(piece_->html, text.substr(written, end - written));
        if (in_heading_)
            heading_text_ += text.substr(written, end - written);
    };
    for (std::size_t at = text.find("[^"); at != std::string_view::npos; at = text.find("[^", at + 2)) {
        auto const label = footnote_label(text.substr(at));
        auto const definition = label ? definitions_.find(ascii_lower(*label)) : definitions_.end();
        if (definition == definitions_.end() || is_escaped(text, at))
            continue;
        write_until(at);
        piece_->references.push_back({piece_->html.size(), definition->second});
        written = at + label->size() + 3;
    }
    write_until(text.size());
}

/// md4c leaves the backslash of "\[" out of what it reports, but it stands in the text in front of it.
bool MarkdownRenderer::is_escaped(std::string_view text, std::size_t bracket) const
{
    std::less<char const*> const before;
    if (bracket > 0 || before(text.data(), text_.data()) || !before(text.data(), text_.data() + text_.size()))
        return false;
    std::size_t backslashes = 0;
    for (char const* at = text.data(); before(text_.data(), at) && *(at - 1) == '\\'; --at)
        ++backslashes;
    return backslashes % 2 == 1;
}

}  // namespace backtalk::markup
