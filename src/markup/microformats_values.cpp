#include "markup/microformats_values.h"

#include "base/text.h"
#include "markup/microformats_dates.h"

namespace backtalk::markup {

namespace {

bool has_scheme(std::string_view reference)
{
    if (reference.empty() || !is_ascii_alpha(reference[0]))
        return false;
    for (char const c : reference) {
        if (c == ':')
            return true;
        if (!is_ascii_alnum(c) && c != '+' && c != '-' && c != '.')
            return false;
    }
    return false;
}

bool is_property_of(std::string_view class_name, ClassicRoots roots)
{
    for (ClassicRule const& rule : classic_rules(class_name))
        if ((rule.inside & roots) != 0)
            return true;
    return false;
}

/// What an element tells the search for value classes inside another.
struct ValueClasses {
    bool value = false, value_title = false, is_barrier = false;
};

ValueClasses value_classes_of(HtmlNode const& element, ClassicRoots roots)
{
    ValueClasses found;
    for_each_token(element.attribute("class"), [&](std::string_view name) {
        found.value |= name == "value";
        found.value_title |= name == "value-title";
        found.is_barrier |=
            is_v2_root(name) || classic_root(name) != 0 || (roots == 0 ? v2_property(name).has_value() : is_property_of(name, roots));
    });
    return found;
}

/// A path from the root of the site that stands in the resolved URL as it stands here: most references of a page do.
bool is_plain_path(std::string_view reference)
{
    if (reference.size() < 2 || reference.size() > 2000 || reference[0] != '/' || reference[1] == '/')
        return false;
    char before = 0;
    for (char const c : reference) {
        bool const is_plain = is_ascii_alnum(c) || c == '/' || c == '-' || c == '_' || c == '~' || (c == '.' && before != '/');
        if (!is_plain)
            return false;
        before = c;
    }
    return true;
}

bool is_script_or_style(HtmlNode const& node) { return node.is(HtmlTag::Script) || node.is(HtmlTag::Style); }

std::size_t steps_of(HtmlNode const& node) { return 1 + node.attribute_count / 8U; }

}  // namespace

std::string MfValueReader::absolute(std::string_view reference)
{
    if (budget_.bytes_left() == 0)
        return {};
    reference = trimmed(reference);
    std::string result;
    if (has_scheme(reference)) {
        result = reference;
    } else if (!base_.has_credentials() && is_plain_path(reference)) {
        result.reserve(base_.origin().size() + reference.size());
        result += base_.origin();
        result += reference;
    } else {
        Result<Url> const resolved = base_.resolve(reference);
        result = resolved ? resolved->str() : std::string(reference);
    }
    if (!budget_.take_bytes(result.size()))
        return {};
    return result;
}

MfValue MfValueReader::image(HtmlNode const& img)
{
    MfValue value;
    value.text = absolute(img.attribute("src"));
    std::string_view const alt = img.attribute("alt");
    if (alt.data() != nullptr && budget_.take_bytes(alt.size()))
        value.alt = alt;
    return value;
}

void MfValueReader::append_text(std::string& out, HtmlNode const& element, Images images)
{
    bool into = !is_script_or_style(element);
    for (HtmlNode const* node = next_node(&element, &element, into); node != nullptr; node = next_node(node, &element, into)) {
        into = true;
        if (!budget_.take_steps(1))
            return;
        if (node->is_text) {
            if (!budget_.take_bytes(node->words_size))
                return;
            out += node->text();
        } else if (is_script_or_style(*node)) {
            into = false;
        } else if (node->tag == HtmlTag::Img && images != Images::Left) {
            std::string_view const alt = node->attribute("alt");
            if (alt.data() != nullptr) {
                if (budget_.take_bytes(alt.size()))
                    out += alt;
            } else if (images == Images::AlternativeOrSource && node->has_attribute("src")) {
                out += ' ';
                out += absolute(node->attribute("src"));
                out += ' ';
            }
        }
    }
}

std::string MfValueReader::trimmed_text(HtmlNode const& element, Images images)
{
    scratch_.clear();
    append_text(scratch_, element, images);
    return std::string(trimmed(scratch_));
}

std::string MfValueReader::text_with_images(HtmlNode const& element, bool with_sources)
{
    return trimmed_text(element, with_sources ? Images::AlternativeOrSource : Images::Alternative);
}

std::string MfValueReader::raw_text(HtmlNode const& element)
{
    std::string text;
    for (HtmlNode const* node = next_node(&element, &element); node != nullptr; node = next_node(node, &element))
        if (!budget_.take_steps(1) || (node->is_text && !budget_.take_bytes(node->words_size)))
            break;
        else if (node->is_text)
            text += node->text();
    return text;
}

// The value class pattern. https://microformats.org/wiki/value-class-pattern

/// Calls `visit` with each element of class value (second argument false) or value-title (true) that belongs to `element`: not
/// those inside other properties, items or values.
template <class Visit> void MfValueReader::for_each_value_class(HtmlNode const& element, ClassicRoots roots, Visit&& visit)
{
    bool into = true;
    for (HtmlNode const* node = next_node(&element, &element); node != nullptr; node = next_node(node, &element, into)) {
        into = true;
        if (!budget_.take_steps(steps_of(*node)))
            return;
        if (node->is_text || node->attribute_count == 0)
            continue;
        ValueClasses const classes = value_classes_of(*node, roots);
        if (classes.value_title && node->has_attribute("title"))
            visit(*node, true);
        else if (classes.value)
            visit(*node, false);
        into = !classes.value && !classes.value_title && !classes.is_barrier;
    }
}

std::string MfValueReader::value_class_text(HtmlNode const& element, bool with_datetime)
{
    std::string_view value;
    switch (element.tag) {
    case HtmlTag::Img:
    case HtmlTag::Area: value = element.attribute("alt"); break;
    case HtmlTag::Data: value = element.attribute("value"); break;
    case HtmlTag::Abbr: value = element.attribute("title"); break;
    case HtmlTag::Time:
    case HtmlTag::Ins:
    case HtmlTag::Del:
        if (with_datetime)
            value = element.attribute("datetime");
        break;
    default: break;
    }
    if (value.data() == nullptr)
        return trimmed_text(element, Images::Left);
    return budget_.take_bytes(value.size()) ? std::string(value) : std::string();
}

std::optional<std::string> MfValueReader::value_class(HtmlNode const& element, ClassicRoots roots)
{
    std::optional<std::string> result;
    for_each_value_class(element, roots, [&](HtmlNode const& node, bool is_title) {
        std::string part = is_title ? std::string(node.attribute("title")) : value_class_text(node, false);
        if (is_title && !budget_.take_bytes(part.size()))
            return;
        if (result)
            *result += part;
        else
            result = std::move(part);
    });
    return result;
}

// The four kinds of properties.

namespace {

/// The first attribute of those that say what an element is worth.
struct AttributeValue {
    HtmlTag tag;
    std::string_view attribute;
};

constexpr AttributeValue p_attributes[] = {
    {HtmlTag::Abbr, "title"},
    {HtmlTag::Link, "title"},
    {HtmlTag::Data, "value"},
    {HtmlTag::Input, "value"},
    {HtmlTag::Img, "alt"},
    {HtmlTag::Area, "alt"},
};
constexpr AttributeValue u_attributes[] = {
    {HtmlTag::A, "href"},
    {HtmlTag::Area, "href"},
    {HtmlTag::Link, "href"},
    {HtmlTag::Audio, "src"},
    {HtmlTag::Video, "src"},
    {HtmlTag::Source, "src"},
    {HtmlTag::Iframe, "src"},
    {HtmlTag::Video, "poster"},
    {HtmlTag::Object, "data"},
};
constexpr AttributeValue u_late_attributes[] = {
    {HtmlTag::Abbr, "title"},
    {HtmlTag::Data, "value"},
    {HtmlTag::Input, "value"},
};
constexpr AttributeValue dt_attributes[] = {
    {HtmlTag::Time, "datetime"},
    {HtmlTag::Ins, "datetime"},
    {HtmlTag::Del, "datetime"},
    {HtmlTag::Abbr, "title"},
    {HtmlTag::Data, "value"},
    {HtmlTag::Input, "value"},
};

template <std::size_t N> std::string_view first_of(AttributeValue const (&list)[N], HtmlNode const& element)
{
    for (AttributeValue const& each : list) {
        if (each.tag != element.tag)
            continue;
        std::string_view const value = element.attribute(each.attribute);
        if (value.data() != nullptr)
            return value;
    }
    return {};
}

}  // namespace

MfValue MfValueReader::read(HtmlNode const& element, MfPrefix prefix, ClassicRoots roots, std::string_view date_before)
{
    switch (prefix) {
    case MfPrefix::P: return read_p(element, roots);
    case MfPrefix::U: return read_u(element, roots);
    case MfPrefix::Dt: return read_dt(element, roots, date_before);
    case MfPrefix::E: return read_e(element);
    }
    return {};
}

MfValue MfValueReader::read_p(HtmlNode const& element, ClassicRoots roots)
{
    MfValue value;
    if (std::optional<std::string> parts = value_class(element, roots)) {
        value.text = std::move(*parts);
        return value;
    }
    std::string_view const attribute = first_of(p_attributes, element);
    if (attribute.data() == nullptr)
        value.text = trimmed_text(element, Images::AlternativeOrSource);
    else if (budget_.take_bytes(attribute.size()))
        value.text = attribute;
    return value;
}

MfValue MfValueReader::read_u(HtmlNode const& element, ClassicRoots roots)
{
    MfValue value;
    if (element.tag == HtmlTag::Img && element.has_attribute("src"))
        return image(element);
    std::string_view reference = first_of(u_attributes, element);
    if (reference.data() != nullptr) {
        value.text = absolute(reference);
        return value;
    }
    if (std::optional<std::string> const parts = value_class(element, roots)) {
        value.text = absolute(*parts);
        return value;
    }
    reference = first_of(u_late_attributes, element);
    value.text = reference.data() != nullptr ? absolute(reference) : absolute(trimmed_text(element, Images::Left));
    return value;
}

MfValue MfValueReader::read_dt(HtmlNode const& element, ClassicRoots roots, std::string_view date_before)
{
    MfValue value;
    MfDateJoiner joiner;
    for_each_value_class(element, roots, [&](HtmlNode const& node, bool is_title) {
        joiner.add(is_title ? std::string(node.attribute("title")) : value_class_text(node, true));
    });
    if (std::optional<std::string> date = joiner.joined(date_before)) {
        value.text = std::move(*date);
        return value;
    }
    std::string_view const attribute = first_of(dt_attributes, element);
    if (attribute.data() == nullptr)
        value.text = trimmed_text(element, Images::Left);
    else if (budget_.take_bytes(attribute.size()))
        value.text = attribute;
    return value;
}

MfValue MfValueReader::read_e(HtmlNode const& element)
{
    MfValue value;
    value.text = trimmed_text(element, Images::AlternativeOrSource);
    value.html = inner_html(element);
    return value;
}

}  // namespace backtalk::markup
