#include "markup/html_tree_builder.h"

#include <algorithm>
#include <functional>

#include "base/text.h"

namespace backtalk::markup {

using namespace html_tag_flag;

HtmlTreeBuilder::HtmlTreeBuilder(HtmlTree& tree, std::string_view document) : tree_(tree), document_(document)
{
    html_ = new_element(HtmlTag::Html, {});
    tree_.root_ = html_;
    push(html_, nullptr);
    head_ = new_element(HtmlTag::Head, {});
    body_ = new_element(HtmlTag::Body, {});
    append(head_);
    append(body_);
    push(head_, nullptr);
}

// Nodes.

/// Most texts and values stand in the document as they are; the others (with character references, say) are copied.
std::string_view HtmlTreeBuilder::kept(std::string_view text)
{
    std::less_equal<char const*> const before;
    if (before(document_.data(), text.data()) && before(text.data() + text.size(), document_.data() + document_.size()))
        return text;
    return tree_.arena_.copy(text);
}

HtmlNode* HtmlTreeBuilder::new_element(HtmlTag tag, std::string_view name)
{
    std::string_view const kept_name = tag == HtmlTag::Other ? kept(name) : name_of(tag);
    HtmlNode* const node = tree_.arena_.allocate<HtmlNode>(1);
    *node = {nullptr, nullptr, nullptr, kept_name.data(), nullptr, static_cast<std::uint32_t>(kept_name.size()), 0, tag, false};
    ++tree_.node_count_;
    return node;
}

void HtmlTreeBuilder::set_attributes(HtmlNode& node, HtmlStartTag const& tag)
{
    if (tag.attributes.empty())
        return;
    HtmlAttribute* const list = tree_.arena_.allocate<HtmlAttribute>(tag.attributes.size());
    for (std::size_t i = 0; i < tag.attributes.size(); ++i)
        list[i] = {kept(tag.attributes[i].name), kept(tag.attributes[i].value)};
    node.attribute_list = list;
    node.attribute_count = static_cast<std::uint16_t>(tag.attributes.size());
}

/// Returns the sibling before it.
HtmlNode* HtmlTreeBuilder::append(HtmlNode* node)
{
    Open& parent = open_[open_size_ - 1];
    HtmlNode* const previous = parent.last_child;
    node->parent = parent.node;
    if (parent.last_child != nullptr)
        parent.last_child->next_sibling = node;
    else
        parent.node->first_child = node;
    parent.last_child = node;
    return previous;
}

// The stack of open elements.

void HtmlTreeBuilder::push(HtmlNode* node, HtmlNode* previous)
{
    if (open_size_ == open_.size()) {
        ++too_deep(node->tag);
        ++too_deep_total_;
        return;
    }
    open_[open_size_++] = {node, nullptr, previous};
    ++open_count(node->tag);
    if (node->tag == HtmlTag::Svg || node->tag == HtmlTag::Math)
        ++foreign_;
}

/// Closes the element at `position` and all that stand above it.
void HtmlTreeBuilder::pop_to(std::size_t position)
{
    while (open_size_ > position)
        remove(open_size_ - 1);
    forget_too_deep();
}

void HtmlTreeBuilder::forget_too_deep()
{
    if (too_deep_total_ == 0)
        return;
    too_deep_.fill(0);
    too_deep_total_ = 0;
}

/// Closes one element and leaves those above it open, inside it.
void HtmlTreeBuilder::remove(std::size_t position)
{
    HtmlTag const tag = open_[position].node->tag;
    --open_count(tag);
    if (tag == HtmlTag::Svg || tag == HtmlTag::Math)
        --foreign_;
    std::copy(open_.begin() + static_cast<std::ptrdiff_t>(position) + 1, open_.begin() + static_cast<std::ptrdiff_t>(open_size_),
        open_.begin() + static_cast<std::ptrdiff_t>(position));
    --open_size_;
}

std::size_t HtmlTreeBuilder::find_in_scope(HtmlTag tag, std::uint8_t barrier_flags, HtmlTag barrier_a, HtmlTag barrier_b)
{
    if (open_count(tag) == 0)
        return not_found;
    for (std::size_t i = open_size_; i-- > 2;) {
        HtmlTag const here = open_[i].node->tag;
        if (here == tag)
            return i;
        if (has_flag(here, barrier_flags) || (barrier_a != HtmlTag::Other && here == barrier_a) ||
            (barrier_b != HtmlTag::Other && here == barrier_b))
            return not_found;
    }
    return not_found;
}

/// In table scope: only a table bounds it.
std::size_t HtmlTreeBuilder::find_in_table(HtmlTag tag) { return find_in_scope(tag, 0, HtmlTag::Table, HtmlTag::Template); }

/// The first special element above; open_size_ where there is none.
std::size_t HtmlTreeBuilder::special_above(std::size_t position) const
{
    ++position;
    while (position < open_size_ && !has_flag(open_[position].node->tag, Special))
        ++position;
    return position;
}

// Rules.

void HtmlTreeBuilder::leave_head()
{
    if (!in_head_)
        return;
    in_head_ = false;
    pop_to(1);
    push(body_, head_);
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
        HtmlTag const here = open_[i].node->tag;
        if (here == a || here == b) {
            pop_to(i);
            return;
        }
        if (has_flag(here, Special) && here != HtmlTag::Address && here != HtmlTag::Div && here != HtmlTag::P)
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
    Open const copied{copy, moved.last_child, nullptr};
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
    for (std::size_t i = open_size_; i-- > 2;) {
        HtmlNode const& here = *open_[i].node;
        if (here.tag == tag && (tag != HtmlTag::Other || here.name() == name)) {
            pop_to(i);
            return;
        }
        if (has_flag(here.tag, Special))
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
    for (std::size_t i = open_size_; i-- > 2;) {
        HtmlTag const here = open_[i].node->tag;
        if (has_flag(here, Heading)) {
            pop_to(i);
            return;
        }
        if (has_flag(here, Barrier))
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
        if (current()->tag == HtmlTag::Option)
            pop_to(open_size_ - 1);
        if (tag == HtmlTag::Optgroup && current()->tag == HtmlTag::Optgroup)
            pop_to(open_size_ - 1);
        return;
    case HtmlTag::Rp:
    case HtmlTag::Rt:
        if (current()->tag == HtmlTag::Rp || current()->tag == HtmlTag::Rt)
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
    if ((flags & Heading) != 0 && has_flag(current()->tag, Heading))
        pop_to(open_size_ - 1);
}

namespace {

bool belongs_in_head(HtmlTag tag)
{
    switch (tag) {
    case HtmlTag::Base:
    case HtmlTag::Basefont:
    case HtmlTag::Bgsound:
    case HtmlTag::Link:
    case HtmlTag::Meta:
    case HtmlTag::Noframes:
    case HtmlTag::Noscript:
    case HtmlTag::Script:
    case HtmlTag::Style:
    case HtmlTag::Title: return true;
    default: return false;
    }
}

}  // namespace

void HtmlTreeBuilder::start_tag(HtmlStartTag const& tag)
{
    auto const [kind, flags] = html_tag_traits(tag.name);
    if (kind == HtmlTag::Template) {
        ++templates_;
        return;
    }
    if (templates_ > 0)
        return;
    switch (kind) {
    case HtmlTag::Html:
        if (html_->attribute_count == 0)
            set_attributes(*html_, tag);
        return;
    case HtmlTag::Head:
        if (head_->attribute_count == 0)
            set_attributes(*head_, tag);
        return;
    case HtmlTag::Body:
        leave_head();
        if (body_->attribute_count == 0)
            set_attributes(*body_, tag);
        return;
    case HtmlTag::Frameset:
    case HtmlTag::Frame: return;
    default: break;
    }
    if (in_head_ && !belongs_in_head(kind))
        leave_head();
    if (kind == HtmlTag::Base && tree_.base_reference_.data() == nullptr && tag.has_attribute("href"))
        tree_.base_reference_ = kept(tag.attribute("href"));
    // What lies deeper than the stack reaches closes nothing; it is only counted.
    if (too_deep_total_ == 0)
        close_before(kind, flags);
    HtmlNode* const node = new_element(kind, tag.name);
    set_attributes(*node, tag);
    HtmlNode* const previous = append(node);
    if ((flags & Void) == 0 && !(tag.self_closing && foreign_ > 0))
        push(node, previous);
}

void HtmlTreeBuilder::end_tag(std::string_view name)
{
    auto const [kind, flags] = html_tag_traits(name);
    if (kind == HtmlTag::Template) {
        templates_ -= templates_ > 0 ? 1 : 0;
        return;
    }
    if (templates_ > 0)
        return;
    if (too_deep_total_ > 0 && too_deep(kind) > 0) {
        --too_deep(kind);
        --too_deep_total_;
        return;
    }
    switch (kind) {
    case HtmlTag::Html:
    case HtmlTag::Body: return;
    case HtmlTag::Head: leave_head(); return;
    case HtmlTag::P: close_paragraph(); return;
    case HtmlTag::Form: close_form(); return;
    case HtmlTag::Li: {
        std::size_t const li = find_in_scope(HtmlTag::Li, Barrier, HtmlTag::Ol, HtmlTag::Ul);
        if (li != not_found)
            pop_to(li);
        return;
    }
    case HtmlTag::Table:
    case HtmlTag::Tr:
    case HtmlTag::Tbody:
    case HtmlTag::Thead:
    case HtmlTag::Tfoot:
    case HtmlTag::Td:
    case HtmlTag::Th:
    case HtmlTag::Caption:
    case HtmlTag::Colgroup: close_in_table(kind); return;
    default: break;
    }
    if ((flags & Heading) != 0)
        close_heading();
    else if ((flags & Formatting) != 0)
        close_formatting(kind);
    else if ((flags & (Special | Barrier)) != 0 && (flags & Void) == 0)
        close_in_scope(kind);
    else if ((flags & Void) == 0)
        close_other(kind, name);
}

void HtmlTreeBuilder::text(std::string_view text)
{
    if (templates_ > 0 || (too_deep_total_ > 0 && (too_deep(HtmlTag::Script) > 0 || too_deep(HtmlTag::Style) > 0)))
        return;
    if (in_head_ && open_size_ == 2) {
        std::size_t const words =
            static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), [](char c) { return is_ascii_space(c); }) - text.begin());
        if (words == text.size())
            return;
        leave_head();
    }
    HtmlNode* const before = open_[open_size_ - 1].last_child;
    std::string_view const words = kept(text);
    if (before != nullptr && before->is_text && before->words + before->words_size == words.data()) {
        before->words_size += static_cast<std::uint32_t>(words.size());
        return;
    }
    HtmlNode* const node = tree_.arena_.allocate<HtmlNode>(1);
    *node = {nullptr, nullptr, nullptr, words.data(), nullptr, static_cast<std::uint32_t>(words.size()), 0, HtmlTag::Other, true};
    ++tree_.node_count_;
    append(node);
}

}  // namespace backtalk::markup
