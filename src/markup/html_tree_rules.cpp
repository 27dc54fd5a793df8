// What start and end tags close.
#include "markup/html_tree_builder.h"

namespace backtalk::markup {

using namespace html_tag_flag;

void HtmlTreeBuilder::leave_head()
{
    if (!in_head_)
        return;
    in_head_ = false;
    pop_to(1);
    push(body_, head_, Special);
}

void HtmlTreeBuilder::close_paragraph()
{
    std::size_t const p = find_in_scope(HtmlTag::P, Barrier, HtmlTag::Button);
    if (p != not_found)
        pop_to(p);
}

/// li, dd and dt end the one before them, unless a block other than address, div and p stands between.
void HtmlTreeBuilder::close_item(HtmlTag a, HtmlTag b)
{
    if (open_count(a) + open_count(b) == 0)
        return;
    for (std::size_t i = open_size_; i-- > 2;) {
        HtmlTag const here = open_[i].tag;
        if (here == a || here == b) {
            pop_to(i);
            return;
        }
        if ((open_[i].flags & Special) != 0 && here != HtmlTag::Address && here != HtmlTag::Div && here != HtmlTag::P)
            return;
    }
}

void HtmlTreeBuilder::close_in_table(HtmlTag tag)
{
    std::size_t const position = find_in_table(tag);
    if (position != not_found)
        pop_to(position);
}

/// A part of a table ends the parts that it cannot stand in.
void HtmlTreeBuilder::close_table_parts(HtmlTag tag)
{
    close_in_table(HtmlTag::Td);
    close_in_table(HtmlTag::Th);
    close_in_table(HtmlTag::Caption);
    if (tag == HtmlTag::Td || tag == HtmlTag::Th)
        return;
    close_in_table(HtmlTag::Tr);
    close_in_table(HtmlTag::Colgroup);
    if (tag == HtmlTag::Tr)
        return;
    close_in_table(HtmlTag::Tbody);
    close_in_table(HtmlTag::Thead);
    close_in_table(HtmlTag::Tfoot);
}

/// https://html.spec.whatwg.org/multipage/parsing.html#adoption-agency-algorithm, without the clones of what stands between.
void HtmlTreeBuilder::close_formatting(HtmlTag tag)
{
    for (int round = 0; round < 8; ++round) {
        std::size_t const position = find_in_scope(tag, Barrier);
        if (position == not_found)
            return;
        std::size_t const block = special_above(position);
        if (block == open_size_) {
            pop_to(position);
            return;
        }
        adopt(position, block);
    }
}

/// A formatting element ends inside a block that began in it: the block moves out, behind the element, and a copy of the
/// element takes what the block had.
void HtmlTreeBuilder::adopt(std::size_t formatting, std::size_t block)
{
    forget_too_deep();
    HtmlNode* const element = open_[formatting].node;
    Open moved = open_[block];
    Open& around = open_[formatting - 1];
    Open& parent = open_[block - 1];
    // Only where a form has ended out of order: what is open is not all one line of descent then.
    if (moved.node->parent != parent.node || around.last_child != element) {
        remove(formatting);
        return;
    }

    if (moved.previous != nullptr)
        moved.previous->next_sibling = nullptr;
    else
        parent.node->first_child = nullptr;
    parent.last_child = moved.previous;
    element->next_sibling = moved.node;
    moved.node->parent = around.node;
    around.last_child = moved.node;

    HtmlNode* const copy = tree_.arena_.allocate<HtmlNode>(1);
    *copy = *element;
    ++tree_.node_count_;
    copy->parent = moved.node;
    copy->next_sibling = nullptr;
    copy->first_child = moved.node->first_child;
    for (HtmlNode* child = moved.node->first_child; child != nullptr; child = child->next_sibling)
        child->parent = copy;
    moved.node->first_child = copy;

    // The stack: what stood between is closed, the copy is open inside the block.
    Open const copied{copy, moved.last_child, nullptr, 0, copy->tag, open_[formatting].flags};
    moved.last_child = copy;
    moved.previous = element;
    open_[block] = moved;
    for (std::size_t i = block - 1; i > formatting; --i)
        remove(i);
    open_[formatting] = open_[formatting + 1];
    open_[formatting + 1] = copied;
}

/// "Any other end tag": the nearest of that name, if no special element stands before it.
void HtmlTreeBuilder::close_other(HtmlTag tag, std::string_view name)
{
    if (open_count(tag) == 0)
        return;
    // Five hundred open elements and any number of end tags that fit none: comparing numbers keeps that cheap.
    std::uint32_t const hash = tag == HtmlTag::Other ? hash_of(name) : 0;
    for (std::size_t i = open_size_; i-- > 2;) {
        Open const& here = open_[i];
        if (here.tag == tag && here.name_hash == hash && (tag != HtmlTag::Other || here.node->name() == name)) {
            pop_to(i);
            return;
        }
        if ((here.flags & Special) != 0)
            return;
    }
}

void HtmlTreeBuilder::close_in_scope(HtmlTag tag)
{
    std::size_t const position = find_in_scope(tag, Barrier);
    if (position != not_found)
        pop_to(position);
}

/// The end tag of any heading ends the open one, whatever its rank.
void HtmlTreeBuilder::close_heading()
{
    if (headings_ == 0)
        return;
    for (std::size_t i = open_size_; i-- > 2;) {
        if ((open_[i].flags & Heading) != 0) {
            pop_to(i);
            return;
        }
        if ((open_[i].flags & Barrier) != 0)
            return;
    }
}

void HtmlTreeBuilder::close_form()
{
    std::size_t const position = find_in_scope(HtmlTag::Form, Barrier);
    if (position == not_found)
        return;
    if (position + 1 == open_size_)
        pop_to(position);
    else
        remove(position);
}

/// What a start tag closes before its element is put in place.
void HtmlTreeBuilder::close_before(HtmlTag tag, std::uint8_t flags)
{
    switch (tag) {
    case HtmlTag::Li:
        close_item(HtmlTag::Li, HtmlTag::Li);
        close_paragraph();
        return;
    case HtmlTag::Dd:
    case HtmlTag::Dt:
        close_item(HtmlTag::Dd, HtmlTag::Dt);
        close_paragraph();
        return;
    case HtmlTag::A: close_formatting(HtmlTag::A); return;
    case HtmlTag::Nobr: close_formatting(HtmlTag::Nobr); return;
    case HtmlTag::Button: close_in_scope(HtmlTag::Button); return;
    case HtmlTag::Option:
    case HtmlTag::Optgroup:
        if (current().tag == HtmlTag::Option)
            pop_to(open_size_ - 1);
        if (tag == HtmlTag::Optgroup && current().tag == HtmlTag::Optgroup)
            pop_to(open_size_ - 1);
        return;
    case HtmlTag::Rp:
    case HtmlTag::Rt:
        if (current().tag == HtmlTag::Rp || current().tag == HtmlTag::Rt)
            pop_to(open_size_ - 1);
        return;
    case HtmlTag::Td:
    case HtmlTag::Th:
    case HtmlTag::Tr:
    case HtmlTag::Tbody:
    case HtmlTag::Thead:
    case HtmlTag::Tfoot:
    case HtmlTag::Caption:
    case HtmlTag::Colgroup:
        if (open_count(HtmlTag::Table) > 0)
            close_table_parts(tag);
        return;
    default: break;
    }
    if ((flags & EndsParagraph) != 0)
        close_paragraph();
    if ((flags & Heading) != 0 && (current().flags & Heading) != 0)
        pop_to(open_size_ - 1);
}

}  // namespace backtalk::markup
