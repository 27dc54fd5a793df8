#include "web/admin_table.h"

#include <algorithm>

#include "base/text.h"
#include "url/percent.h"

namespace backtalk::web {

namespace {

bool is_number(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_ascii_digit); }

/// What the path has in the places of {id} and {key}; nothing if it is another address.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path)
{
    std::vector<std::string_view> const wanted = split(pattern, '/');
    std::vector<std::string_view> const given = split(path, '/');
    if (wanted.size() != given.size())
        return std::nullopt;
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] == "{id}" ? is_number(given[i]) : wanted[i] == "{key}" && !given[i].empty())
            parts.push_back(percent_decoded(given[i]));
        else if (wanted[i] != given[i])
            return std::nullopt;
    }
    return parts;
}

}  // namespace

AdminTable::Match AdminTable::find(http::Method method, std::string_view path) const
{
    http::Method const wanted = method == http::Method::Head ? http::Method::Get : method;
    Match result;
    for (AdminRoute const& route : routes_) {
        std::optional<std::vector<std::string>> parts = match(route.pattern, path);
        if (!parts)
            continue;
        if (route.method != wanted) {
            result.other_method = true;
            continue;
        }
        result.route = &route;
        result.parts = *std::move(parts);
        return result;
    }
    return result;
}

}  // namespace backtalk::web
