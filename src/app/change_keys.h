#pragma once

#include <string>
#include <string_view>

#include "weblog/ids.h"

namespace backtalk {

// What pages show, by name. Rendering records the keys of what it read; a commit publishes the keys of what it changed.

inline std::string key_of_entry(EntryId id) { return "entry:" + std::to_string(id.value); }
/// The entries before and after it.
inline std::string key_of_neighbours(EntryId id) { return "beside:" + std::to_string(id.value); }
inline std::string key_of_mentions(EntryId id) { return "mentions:" + std::to_string(id.value); }
inline std::string key_of_site(SiteId id) { return "site:" + std::to_string(id.value); }
/// Who may sign in, and the sessions.
inline std::string key_of_people() { return "people"; }
/// The newest entries: home, feeds, archives page, sitemap.
inline std::string key_of_list(SiteId id) { return "list:" + std::to_string(id.value); }
/// Which entries a category page shows.
inline std::string key_of_category(SiteId id, std::string_view slug)
{
    return "category:" + std::to_string(id.value) + ":" + std::string(slug);
}
inline std::string key_of_tag(SiteId id, std::string_view slug) { return "tag:" + std::to_string(id.value) + ":" + std::string(slug); }
/// Which entries a year ("2007"), month ("200703") or day ("20070308") shows.
inline std::string key_of_date(SiteId id, std::string_view digits)
{
    return "date:" + std::to_string(id.value) + ":" + std::string(digits);
}
/// No page shows it: what the receivers of web hooks are to be told.
inline std::string key_of_hooks() { return "hooks"; }

}  // namespace backtalk
