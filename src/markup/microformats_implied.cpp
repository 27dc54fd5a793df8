#include "markup/microformats_implied.h"

#include "base/text.h"

namespace backtalk::markup {

namespace {

bool is_root(HtmlNode const& element)
{
    bool found = false;
    for_each_token(element.attribute("class"), [&](std::string_view name) { found |= is_v2_root(name); });
    return found;
}

/// The only child element, if there is one that is no item; text beside it does not matter.
HtmlNode const* only_child(HtmlNode const& element)
{
    HtmlNode const* only = nullptr;
    for (HtmlNode const* child = element.first_child; child != nullptr; child = child->next_sibling) {
        if (child->is_text)
            continue;
        if (only != nullptr)
            return nullptr;
        only = child;
    }
    return only != nullptr && !is_root(*only) ? only : nullptr;
}

/// The child that alone bears this tag, if it is no item.
HtmlNode const* only_child_of_type(HtmlNode const& element, HtmlTag tag)
{
    HtmlNode const* only = nullptr;
    for (HtmlNode const* child = element.first_child; child != nullptr; child = child->next_sibling) {
        if (!child->is(tag))
            continue;
        if (only != nullptr)
            return nullptr;
        only = child;
    }
    return only != nullptr && !is_root(*only) ? only : nullptr;
}

/// The alternative text or title of an element; nullptr data where it has none.
std::string_view name_of_element(HtmlNode const& element)
{
    if (element.tag == HtmlTag::Img || element.tag == HtmlTag::Area)
        return element.attribute("alt");
    if (element.tag == HtmlTag::Abbr)
        return element.attribute("title");
    return {};
}

struct Source {
    HtmlTag tag;
    std::string_view attribute;
};

/// The element itself, or its only child of one of two kinds, or such a child of its only child.
HtmlNode const* find(HtmlNode const& element, Source const& first, Source const& second)
{
    for (Source const& each : {first, second})
        if (element.tag == each.tag && element.has_attribute(each.attribute))
            return &element;
    HtmlNode const* const child = only_child(element);
    for (HtmlNode const* level : {&element, child}) {
        if (level == nullptr)
            break;
        for (Source const& each : {first, second}) {
            HtmlNode const* const found = only_child_of_type(*level, each.tag);
            if (found != nullptr && found->has_attribute(each.attribute))
                return found;
        }
    }
    return nullptr;
}

}  // namespace

std::string implied_name(HtmlNode const& element, MfValueReader& values)
{
    std::string_view name = name_of_element(element);
    if (name.data() != nullptr)
        return std::string(trimmed(name));
    HtmlNode const* level = &element;
    for (int depth = 0; depth < 2; ++depth) {
        level = only_child(*level);
        if (level == nullptr)
            break;
        name = name_of_element(*level);
        if (!name.empty())
            return std::string(trimmed(name));
    }
    return values.text_with_images(element, false);
}

std::optional<MfValue> implied_photo(HtmlNode const& element, MfValueReader& values)
{
    HtmlNode const* const found = find(element, {HtmlTag::Img, "src"}, {HtmlTag::Object, "data"});
    if (found == nullptr)
        return std::nullopt;
    if (found->tag == HtmlTag::Img)
        return values.image(*found);
    MfValue value;
    value.text = values.absolute(found->attribute("data"));
    return value;
}

std::optional<MfValue> implied_url(HtmlNode const& element, MfValueReader& values)
{
    HtmlNode const* const found = find(element, {HtmlTag::A, "href"}, {HtmlTag::Area, "href"});
    if (found == nullptr)
        return std::nullopt;
    MfValue value;
    value.text = values.absolute(found->attribute("href"));
    return value;
}

}  // namespace backtalk::markup
