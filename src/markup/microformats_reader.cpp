#include "markup/microformats_reader.h"

#include <algorithm>
#include <bit>

#include "base/text.h"
#include "markup/microformats_dates.h"
#include "markup/microformats_implied.h"

namespace backtalk::markup {

namespace {

Url base_of(HtmlTree const& tree, Url const& url)
{
    if (tree.base_reference().data() == nullptr)
        return url;
    Result<Url> const base = url.resolve(tree.base_reference());
    return base ? *base : url;
}

bool has_token(std::string_view tokens, std::string_view token)
{
    bool found = false;
    for_each_token(tokens, [&](std::string_view each) { found |= equal_ignoring_case(each, token); });
    return found;
}

std::string percent_decoded(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit_value(text[i + 1]) >= 0 && hex_digit_value(text[i + 2]) >= 0) {
            result += static_cast<char>(hex_digit_value(text[i + 1]) * 16 + hex_digit_value(text[i + 2]));
            i += 2;
        } else {
            result += text[i];
        }
    }
    return is_valid_utf8(result) ? result : std::string(text);
}

/// The tag that a rel=tag link names: the last part of its path. https://microformats.org/wiki/rel-tag
std::string tag_of(std::string_view reference)
{
    reference = trimmed(reference.substr(0, reference.find_first_of("?#")));
    while (reference.ends_with('/'))
        reference.remove_suffix(1);
    return percent_decoded(reference.substr(reference.rfind('/') + 1));
}

}  // namespace

MfReader::MfReader(HtmlTree const& tree, std::size_t page_bytes, Url const& url)
    : tree_(tree), budget_(page_bytes, tree.node_count()), values_(base_of(tree, url), budget_), rels_(values_, budget_)
{
    frames_.reserve(items_deep_max);
}

Microformats MfReader::read()
{
    HtmlNode const* const root = tree_.root();
    HtmlNode const* node = root;
    while (node != nullptr) {
        if (!node->is_text && node->attribute_count > 0)
            enter(*node);
        if (node->first_child != nullptr) {
            node = node->first_child;
            continue;
        }
        // Leave what ends here.
        for (;;) {
            if (!frames_.empty() && frames_.back().element == node)
                close();
            if (skipped_ == node)
                skipped_ = nullptr;
            if (node == root || node->next_sibling != nullptr)
                break;
            node = node->parent;
        }
        node = node == root ? nullptr : node->next_sibling;
    }
    result_.rel_urls = rels_.take();
    return std::move(result_);
}

void MfReader::enter(HtmlNode const& element)
{
    bool const is_link = element.tag == HtmlTag::A || element.tag == HtmlTag::Link || element.tag == HtmlTag::Area;
    if (is_link)
        rels_.add(element);
    if (skipped_ != nullptr)
        return;
    Frame* const around = frames_.empty() ? nullptr : &frames_.back();
    std::string_view const class_names = element.attribute("class");
    if (class_names.empty()) {
        if (is_link && around != nullptr && around->roots != 0)
            read_classic_rels(element, *around);
        return;
    }
    read_classes(element, around);
    if (is_link && around != nullptr && around->roots != 0)
        read_classic_rels(element, *around);
    if (!classes_.types.empty() || classes_.roots != 0 || classes_.becomes != 0) {
        open(element);
    } else {
        for (MfPropertyName const& property : classes_.properties)
            add(*around, property, values_.read(element, property.prefix, around->roots, around->last_date));
    }
}

/// An element with a root of version 2 ignores its classic roots; inside an item only the classes of its own version count.
void MfReader::read_classes(HtmlNode const& element, Frame const* around)
{
    classes_.types.clear();
    classes_.properties.clear();
    classes_.roots = classes_.becomes = 0;
    for_each_token(element.attribute("class"), [&](std::string_view name) {
        if (is_v2_root(name))
            classes_.types.emplace_back(name);
        classes_.roots |= classic_root(name);
        if (around == nullptr)
            return;
        if (around->roots == 0) {
            if (std::optional<MfPropertyName> const property = v2_property(name))
                classes_.properties.push_back(*property);
            return;
        }
        for (ClassicRule const& rule : classic_rules(name)) {
            if ((rule.inside & around->roots) == 0)
                continue;
            add_classic_property(rule.property);
            classes_.becomes |= rule.becomes;
        }
    });
}

/// Two classic classes may mean the same ("fn" and "summary" of an event that is a card): one value then.
void MfReader::add_classic_property(MfPropertyName property)
{
    if (std::ranges::find(classes_.properties, property) == classes_.properties.end())
        classes_.properties.push_back(property);
}

/// rel=bookmark and rel=tag are properties of classic items.
void MfReader::read_classic_rels(HtmlNode const& element, Frame& around)
{
    std::string_view const rel = element.attribute("rel");
    std::string_view const href = element.attribute("href");
    if (rel.empty() || href.data() == nullptr)
        return;
    using namespace classic;
    bool const is_bookmark = has_token(rel, "bookmark");
    if (is_bookmark && ((around.roots & Hentry) != 0 || ((around.roots & Hreview) != 0 && has_token(rel, "self"))))
        add(around, {MfPrefix::U, "url"}, values_.read(element, MfPrefix::U, around.roots, {}));
    if ((around.roots & (Hentry | Hfeed | Hrecipe | Hreview)) != 0 && has_token(rel, "tag")) {
        MfValue value;
        if (budget_.take_bytes(href.size()))
            value.text = tag_of(href);
        if (!value.text.empty())
            add(around, {MfPrefix::P, "category"}, std::move(value));
    }
}

void MfReader::open(HtmlNode const& element)
{
    if (!frames_.empty())
        frames_.back().has_nested = true;
    if (frames_.size() == items_deep_max) {
        skipped_ = &element;
        return;
    }
    Frame& frame = frames_.emplace_back();
    frame.element = &element;
    frame.as = classes_.properties;
    if (classes_.types.empty()) {
        frame.roots = classes_.roots != 0 ? classes_.roots : classes_.becomes;
        frame.implies = classes_.roots == 0;
        for (ClassicRoots left = frame.roots; left != 0; left &= static_cast<ClassicRoots>(left - 1))
            classes_.types.emplace_back(type_of(static_cast<ClassicRoots>(1U << std::countr_zero(left))));
    }
    std::ranges::sort(classes_.types);
    auto const repeated = std::ranges::unique(classes_.types);
    classes_.types.erase(repeated.begin(), repeated.end());
    frame.item.types = classes_.types;
    frame.item.id = element.attribute("id");
}

void MfReader::close()
{
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    if (frame.implies)
        imply(frame);
    if (frame.as.empty() || frames_.empty()) {
        std::vector<MfItem>& siblings = frames_.empty() ? result_.items : frames_.back().item.children;
        if (!frames_.empty())
            frames_.back().cost += frame.cost;
        siblings.push_back(std::move(frame.item));
        return;
    }
    for (std::size_t i = 0; i < frame.as.size(); ++i) {
        // Each further property gets a copy of the item, and items inside items multiply.
        bool const is_last = i + 1 == frame.as.size();
        if (!is_last && !budget_.take_bytes(frame.cost))
            continue;
        MfValue value = value_of(frame, frame.as[i].prefix);
        if (is_last)
            value.item.push_back(std::move(frame.item));
        else
            value.item.push_back(frame.item);
        add(frames_.back(), frame.as[i], std::move(value), frame.cost);
    }
}

void MfReader::imply(Frame& frame)
{
    HtmlNode const& element = *frame.element;
    if (frame.has_nested)
        return;
    bool const has_u = frame.has_u;
    if (!frame.has_p_or_e && frame.item.find("name") == nullptr) {
        MfValue name;
        name.text = implied_name(element, values_);
        add(frame, {MfPrefix::P, "name"}, std::move(name));
    }
    if (has_u)
        return;
    if (frame.item.find("photo") == nullptr)
        if (std::optional<MfValue> photo = implied_photo(element, values_))
            add(frame, {MfPrefix::U, "photo"}, std::move(*photo));
    if (frame.item.find("url") == nullptr)
        if (std::optional<MfValue> url = implied_url(element, values_))
            add(frame, {MfPrefix::U, "url"}, std::move(*url));
}

/// What a nested item is worth in words to the item around it.
MfValue MfReader::value_of(Frame const& frame, MfPrefix prefix)
{
    MfValue value;
    switch (prefix) {
    case MfPrefix::P:
        if (frame.p_name && budget_.take_bytes(frame.p_name->size()))
            value.text = *frame.p_name;
        else
            value.text = values_.read(*frame.element, MfPrefix::P, frame.roots, {}).text;
        return value;
    case MfPrefix::U:
        if (frame.u_url && budget_.take_bytes(frame.u_url->text.size()))
            return *frame.u_url;
        // NB: the public suite wants the bare text where the url is of another kind.
        return values_.read(*frame.element, frame.item.find("url") != nullptr ? MfPrefix::P : MfPrefix::U, frame.roots, {});
    case MfPrefix::Dt: return values_.read(*frame.element, MfPrefix::Dt, frame.roots, {});
    case MfPrefix::E: return values_.read(*frame.element, MfPrefix::E, frame.roots, {});
    }
    return value;
}

void MfReader::add(Frame& frame, MfPropertyName property, MfValue value, std::size_t nested_cost)
{
    constexpr std::size_t value_cost = sizeof(MfProperty) + sizeof(MfValue);
    bool const is_nested = !value.item.empty();
    frame.cost += value_cost + property.name.size() + value.text.size() + (value.html ? value.html->size() : 0) + nested_cost;
    frame.has_p_or_e |= property.prefix == MfPrefix::P || property.prefix == MfPrefix::E;
    frame.has_u |= property.prefix == MfPrefix::U;
    if (property.prefix == MfPrefix::P && property.name == "name" && !frame.p_name)
        frame.p_name = value.text;
    if (property.prefix == MfPrefix::U && property.name == "url" && !frame.u_url) {
        frame.u_url.emplace();
        frame.u_url->text = value.text;
        frame.u_url->alt = value.alt;
    }
    if (property.prefix == MfPrefix::Dt && !is_nested) {
        std::string_view const date = date_at_start(value.text);
        if (!date.empty())
            frame.last_date = date;
    }
    property_of(frame, property.name).values.push_back(std::move(value));
}

MfProperty& MfReader::property_of(Frame& frame, std::string_view name)
{
    constexpr std::size_t few = 16;
    std::vector<MfProperty>& properties = frame.item.properties;
    if (properties.size() <= few) {
        auto const found = std::ranges::find(properties, name, &MfProperty::name);
        if (found != properties.end())
            return *found;
    } else {
        if (frame.positions.empty())
            for (std::size_t i = 0; i < properties.size(); ++i)
                frame.positions.emplace(properties[i].name, i);
        auto const [found, is_new] = frame.positions.try_emplace(std::string(name), properties.size());
        if (!is_new)
            return properties[found->second];
    }
    return properties.emplace_back(MfProperty{std::string(name), {}});
}

}  // namespace backtalk::markup
