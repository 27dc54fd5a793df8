#include "weblog/permalink.h"

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk {

namespace {

Result<std::string> filled(std::string_view pattern, CivilTime const& published, std::string_view slug, std::int64_t id)
{
    std::string path;
    while (!pattern.empty()) {
        auto const open = pattern.find('{');
        path += pattern.substr(0, open);
        if (open == std::string_view::npos)
            break;
        auto const close = pattern.find('}', open);
        std::string_view const field = pattern.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
        if (field == "year")
            path += fmt::format("{:04}", published.year);
        else if (field == "month")
            path += fmt::format("{:02}", published.month);
        else if (field == "day")
            path += fmt::format("{:02}", published.day);
        else if (field == "slug")
            path += slug;
        else if (field == "id")
            path += std::to_string(id);
        else
            return failure(ErrorCode::Malformed,
                fmt::format("unknown field '{{{}}}' in a permalink pattern: use {{year}}, {{month}}, {{day}}, {{slug}}, {{id}}", field));
        pattern.remove_prefix(close == std::string_view::npos ? pattern.size() : close + 1);
    }
    return path;
}

}  // namespace

Result<PermalinkPattern> PermalinkPattern::parse(std::string_view text)
{
    while (text.starts_with('/'))
        text.remove_prefix(1);
    TRY(std::string const example, filled(text, {}, "slug", 1));
    for (char c : example)
        if (!is_ascii_alnum(c) && std::string_view("/-_.~").find(c) == std::string_view::npos)
            return failure(ErrorCode::Malformed, fmt::format("'{}' in a permalink pattern: use letters, digits and - _ . ~ /", c));
    auto const folders = split(example, '/');
    for (std::size_t i = 0; i < folders.size(); ++i)
        if (folders[i] == "." || folders[i] == ".." || (folders[i].empty() && i + 1 < folders.size()))
            return failure(
                ErrorCode::Malformed, fmt::format("'{}/' in a permalink pattern: a browser would read it as another address", folders[i]));
    if (text.find("{slug}") == std::string_view::npos && text.find("{id}") == std::string_view::npos)
        return failure(ErrorCode::Malformed, "a permalink pattern needs {slug} or {id}");
    return PermalinkPattern(std::string(text));
}

std::string PermalinkPattern::path(CivilTime const& published, std::string_view slug, std::int64_t id) const
{
    return *filled(text_, published, slug, id);  // parse() made sure of the fields
}

}  // namespace backtalk
