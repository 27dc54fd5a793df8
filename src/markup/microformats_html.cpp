#include <array>

#include "base/text.h"
#include "markup/microformats_values.h"

namespace backtalk::markup {

namespace {

bool holds_url(HtmlTag tag, std::string_view attribute)
{
    return attribute == "href" || attribute == "src" || attribute == "cite" || attribute == "poster" || attribute == "action" ||
        attribute == "formaction" || attribute == "longdesc" || (attribute == "data" && tag == HtmlTag::Object);
}

/// What is not copied as it stands: & < > " and the first byte of U+00A0.
constexpr auto needs_care = [] {
    std::array<bool, 256> table{};
    for (unsigned char const c : {'&', '<', '>', '"'})
        table[c] = true;
    table[0xC2] = true;
    return table;
}();

/// https://html.spec.whatwg.org/multipage/parsing.html#escapingString
void append_serialised(std::string& out, std::string_view text, bool in_attribute)
{
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (!needs_care[static_cast<unsigned char>(c)])
            continue;
        std::string_view reference;
        std::size_t size = 1;
        if (c == '&')
            reference = "&amp;";
        else if (c == '<')
            reference = "&lt;";
        else if (c == '>')
            reference = "&gt;";
        else if (c == '"' && in_attribute)
            reference = "&quot;";
        else if (c == '\xC2' && i + 1 < text.size() && text[i + 1] == '\xA0') {
            reference = "&nbsp;";
            size = 2;
        } else {
            continue;
        }
        out.append(text, done, i - done);
        out += reference;
        done = i + size;
        i = done - 1;
    }
    out.append(text, done);
}

}  // namespace

/// NB: comments and templates are not in the tree, so they are not here either; srcset is left as written.
std::string MfValueReader::inner_html(HtmlNode const& element)
{
    std::string& out = scratch_;
    out.clear();
    HtmlNode const* node = element.first_child;
    while (node != nullptr) {
        std::size_t const size_before = out.size();
        if (!budget_.take_steps(1))
            return {};
        if (node->is_text) {
            if (has_flag(node->parent->tag, html_tag_flag::RawText))
                out += node->text();
            else
                append_serialised(out, node->text(), false);
        } else {
            out += '<';
            out += node->name();
            for (HtmlAttribute const& each : node->attributes()) {
                out += ' ';
                out += each.name;
                out += "=\"";
                append_serialised(out, holds_url(node->tag, each.name) ? absolute(each.value) : each.value, true);
                out += '"';
            }
            out += '>';
        }
        if (!budget_.take_bytes(out.size() - size_before))
            return {};
        if (node->first_child != nullptr) {
            node = node->first_child;
            continue;
        }
        // Close what ends here.
        for (;;) {
            if (node == &element)
                break;
            if (node->is_element() && !has_flag(node->tag, html_tag_flag::Void)) {
                out += "</";
                out += node->name();
                out += '>';
            }
            if (node->next_sibling != nullptr) {
                node = node->next_sibling;
                break;
            }
            node = node->parent;
        }
        if (node == &element)
            break;
    }
    return std::string(trimmed(out));
}

}  // namespace backtalk::markup
