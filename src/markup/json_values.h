#pragma once

#include <string_view>

#include <boost/json.hpp>

#include "markup/microformats.h"

namespace backtalk::markup {

// How the readers of JSON look into it; and what they keep of a value.

namespace json = boost::json;

/// A longer value is left out.
inline constexpr std::size_t json_value_bytes_max = 64 * 1024;

inline std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

/// Null where the member is missing or no string.
inline json::string const* string_of(json::object const& object, std::string_view key)
{
    json::value const* const value = object.if_contains(json::string_view(key.data(), key.size()));
    return value == nullptr ? nullptr : value->if_string();
}

inline json::object const* object_of(json::object const& object, std::string_view key)
{
    json::value const* const value = object.if_contains(json::string_view(key.data(), key.size()));
    return value == nullptr ? nullptr : value->if_object();
}

inline json::array const* array_of(json::object const& object, std::string_view key)
{
    json::value const* const value = object.if_contains(json::string_view(key.data(), key.size()));
    return value == nullptr ? nullptr : value->if_array();
}

/// Calls `visit` for a value, or for each of an array of them.
template <class Visit> void for_each_value(json::value const& value, Visit visit)
{
    if (json::array const* const array = value.if_array())
        for (json::value const& each : *array)
            visit(each);
    else
        visit(value);
}

MfValue text_value(std::string_view text);
/// With its text.
MfValue html_value(std::string_view html);

}  // namespace backtalk::markup
