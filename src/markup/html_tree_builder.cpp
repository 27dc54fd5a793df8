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
    push(html_, nullptr, Barrier);
    head_ = new_element(HtmlTag::Head, {});
    body_ = new_element(HtmlTag::Body, {});
    append(head_);
    append(body_);
    push(head_, nullptr, Special);
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

std::uint32_t HtmlTreeBuilder::hash_of(std::string_view name) { return static_cast<std::uint32_t>(stable_hash(name)); }

void HtmlTreeBuilder::push(HtmlNode* node, HtmlNode* previous, std::uint8_t flags)
{
    if (open_size_ == open_.size()) {
        ++too_deep(node->tag);
        ++too_deep_total_;
        return;
    }
    open_[open_size_++] = {node, nullptr, previous, node->tag == HtmlTag::Other ? hash_of(node->name()) : 0, node->tag, flags};
    ++open_count(node->tag);
    if (node->tag == HtmlTag::Svg || node->tag == HtmlTag::Math)
        ++foreign_;
    headings_ += (flags & Heading) != 0 ? 1 : 0;
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
    HtmlTag const tag = open_[position].tag;
    --open_count(tag);
    headings_ -= (open_[position].flags & Heading) != 0 ? 1 : 0;
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
        HtmlTag const here = open_[i].tag;
        if (here == tag)
            return i;
        if ((open_[i].flags & barrier_flags) != 0 || (barrier_a != HtmlTag::Other && here == barrier_a) ||
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
    while (position < open_size_ && (open_[position].flags & Special) == 0)
        ++position;
    return position;
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
        push(node, previous, flags);
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
