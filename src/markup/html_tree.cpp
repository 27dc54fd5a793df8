#include "markup/html_tree.h"

#include "markup/html_tree_builder.h"

namespace backtalk::markup {

std::string_view HtmlNode::attribute(std::string_view attribute_name) const
{
    for (HtmlAttribute const& each : attributes())
        if (each.name == attribute_name)
            return each.value;
    return {};
}

HtmlNode const* next_node(HtmlNode const* node, HtmlNode const* root, bool into)
{
    if (into && node->first_child != nullptr)
        return node->first_child;
    while (node != root) {
        if (node->next_sibling != nullptr)
            return node->next_sibling;
        node = node->parent;
    }
    return nullptr;
}

HtmlTree::HtmlTree(std::string_view utf8_html)
{
    HtmlTreeBuilder builder(*this, utf8_html);
    tokenize_html(utf8_html, builder);
}

}  // namespace backtalk::markup
