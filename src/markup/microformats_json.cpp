#include <boost/json.hpp>

#include "markup/microformats.h"

namespace backtalk::markup {

namespace {

namespace json = boost::json;

json::object item_json(MfItem const& item);

/// A value that is no item: text, or an object where there is more to say.
json::value plain_json(MfValue const& value)
{
    if (!value.html && !value.alt)
        return json::string(value.text);
    json::object object;
    object["value"] = value.text;
    if (value.alt)
        object["alt"] = *value.alt;
    if (value.html)
        object["html"] = *value.html;
    return object;
}

json::value value_json(MfValue const& value)
{
    if (value.item.empty())
        return plain_json(value);
    json::object object = item_json(value.item.front());
    if (value.html)
        object["html"] = *value.html;
    if (value.alt)
        object["value"] = plain_json(value);
    else
        object["value"] = value.text;
    return object;
}

/// Recursion ends with the depth of items, which read_microformats() bounds.
json::object item_json(MfItem const& item)
{
    json::object object;
    json::array& types = object["type"].emplace_array();
    for (std::string const& type : item.types)
        types.emplace_back(type);
    if (!item.id.empty())
        object["id"] = item.id;
    json::object properties;
    for (MfProperty const& property : item.properties) {
        json::array values;
        for (MfValue const& value : property.values)
            values.push_back(value_json(value));
        properties[property.name] = std::move(values);
    }
    object["properties"] = std::move(properties);
    if (!item.children.empty()) {
        json::array children;
        for (MfItem const& child : item.children)
            children.push_back(item_json(child));
        object["children"] = std::move(children);
    }
    return object;
}

json::object rel_url_json(MfRelUrl const& link)
{
    json::object object;
    json::array rels;
    for (std::string const& rel : link.rels)
        rels.emplace_back(rel);
    object["rels"] = std::move(rels);
    struct Known {
        std::string_view name;
        std::string MfRelUrl::* field;
    };
    static constexpr Known known[] = {
        {"text", &MfRelUrl::text},
        {"title", &MfRelUrl::title},
        {"media", &MfRelUrl::media},
        {"type", &MfRelUrl::type},
        {"hreflang", &MfRelUrl::hreflang},
    };
    for (Known const& each : known)
        if (!(link.*each.field).empty())
            object[each.name] = link.*each.field;
    return object;
}

}  // namespace

std::string to_json(Microformats const& microformats)
{
    json::array items;
    for (MfItem const& item : microformats.items)
        items.push_back(item_json(item));
    json::object rels;
    json::object rel_urls;
    for (MfRelUrl const& link : microformats.rel_urls) {
        rel_urls[link.url] = rel_url_json(link);
        for (std::string const& rel : link.rels) {
            json::value& urls = rels[rel];
            if (!urls.is_array())
                urls.emplace_array();
            urls.get_array().emplace_back(link.url);
        }
    }
    json::object page;
    page["items"] = std::move(items);
    page["rels"] = std::move(rels);
    page["rel-urls"] = std::move(rel_urls);
    return json::serialize(page);
}

}  // namespace backtalk::markup
