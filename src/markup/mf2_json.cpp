#include "markup/mf2_json.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace backtalk::markup {

namespace {

constexpr std::size_t types_max = 10;
constexpr std::size_t url_bytes_max = 8192;

std::optional<MfValue> mf2_value(json::value const& value, JsonBudget& budget)
{
    if (!budget.take_value())
        return std::nullopt;
    auto const is_short = [](json::string const* text) { return text != nullptr && text->size() <= json_value_bytes_max; };
    if (json::string const* const text = value.if_string())
        return is_short(text) ? std::optional(text_value(view(*text))) : std::nullopt;
    json::object const* const object = value.if_object();
    if (object == nullptr)
        return std::nullopt;
    json::string const* const text = string_of(*object, "value");
    if (is_mf2_item(*object)) {
        MfItem item = mf2_item(*object, budget);
        MfValue nested = text_value(is_short(text) ? view(*text) : item.text_of("name"));
        nested.item.push_back(std::move(item));
        return nested;
    }
    if (json::string const* const html = string_of(*object, "html"); is_short(html))
        return html_value(view(*html));
    return is_short(text) ? std::optional(text_value(view(*text))) : std::nullopt;
}

}  // namespace

bool is_mf2_item(json::object const& object) { return array_of(object, "type") != nullptr && object_of(object, "properties") != nullptr; }

MfItem mf2_item(json::object const& object, JsonBudget& budget)
{
    MfItem item;
    json::array const& types = *array_of(object, "type");
    for (json::value const& type : types)
        if (json::string const* const name = type.if_string(); name != nullptr && name->size() <= 100 && item.types.size() < types_max)
            item.types.emplace_back(view(*name));
    std::ranges::sort(item.types);
    json::object const& properties = *object_of(object, "properties");
    for (auto const& [name, values] : properties) {
        MfProperty property;
        property.name = view(name);
        for_each_value(values, [&](json::value const& each) {
            if (auto value = mf2_value(each, budget))
                property.values.push_back(*std::move(value));
        });
        if (!property.values.empty())
            item.properties.push_back(std::move(property));
    }
    if (json::array const* const children = array_of(object, "children"))
        for (json::value const& child : *children)
            if (json::object const* const nested = child.if_object(); nested != nullptr && is_mf2_item(*nested) && budget.take_item())
                item.children.push_back(mf2_item(*nested, budget));
    return item;
}

void add_mf2_rels(json::object const& object, Microformats& microformats, JsonBudget& budget)
{
    json::object const* const rels = object_of(object, "rels");
    if (rels == nullptr)
        return;
    for (auto const& [name, urls] : *rels) {
        for_each_value(urls, [&, rel = view(name)](json::value const& url) {
            if (json::string const* const text = url.if_string(); text != nullptr && text->size() <= url_bytes_max && budget.take_value()) {
                MfRelUrl link;
                link.url = view(*text);
                link.rels = {std::string(rel)};
                microformats.rel_urls.push_back(std::move(link));
            }
        });
    }
}

}  // namespace backtalk::markup
