#include "weblog/path_key.h"

#include <string_view>

namespace backtalk {

std::optional<std::string> path_key(SiteBase const& base, Url const& url)
{
    if (!base.contains(url))
        return std::nullopt;
    std::string const base_key = comparison_key(base.url());
    std::string key = comparison_key(url);
    // A base in a folder loses its slash in its own key: "a.example/blog" and "a.example/blog/2007".
    if (!key.starts_with(base_key))
        return std::nullopt;
    key.erase(0, base_key.size());
    if (key.starts_with('/'))
        key.erase(0, 1);
    return key;
}

}  // namespace backtalk
