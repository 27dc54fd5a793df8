#pragma once

#include <optional>
#include <string>

#include "app/site_directory.h"
#include "app/store.h"
#include "app/watch_feeds.h"

namespace backtalk {

/// What is to become of a site, as somebody typed it; what is not given stays as it is.
struct SiteChanges {
    std::optional<std::string> title;
    std::optional<std::string> description;
    std::optional<std::string> author;
    std::optional<std::string> language;
    std::optional<std::string> time_zone;  ///< IANA name.
    std::optional<std::string> permalink;  ///< See permalink.h.
    std::optional<std::string> feed;       ///< Resolved against the site's base; empty: none.
    std::optional<int> feed_minutes;
    std::optional<std::string> api_token;    ///< "new" makes one, "none" takes it away.
    std::optional<std::string> hook_url;     ///< "none" takes the web hook away.
    std::optional<std::string> hook_secret;  ///< "new" makes one.

    bool operator==(SiteChanges const&) const = default;
};

inline constexpr int feed_minutes_usual = 60;
inline constexpr int feed_minutes_max = 7 * 24 * 60;

/// A site as it starts.
Site new_site(Url const& base, std::string title, std::string author);

/// Errors: Malformed, Refused, NotFound (a time zone); each with a sentence for who typed it.
Result<void> apply(SiteChanges const& changes, Site& site);

/// A site as it is now, and what was made for it: to be shown now, since it is shown never again.
struct KeptSite {
    explicit KeptSite(Site the_site) : site(std::move(the_site)) { }
    Site site;
    std::string api_token;
    std::string hook_secret;
};

/// Adds, changes and removes sites, for the command line and the owner's pages alike. All that know sites hear of it at once.
///
/// Errors: those of apply() and of the store, Conflict (there is a site at that address), NotFound.
class SiteKeeper {
public:
    SiteKeeper(Store& store, SiteDirectory& sites, FeedWatcher& watcher) : store_(store), sites_(sites), watcher_(watcher) { }

    Task<Result<KeptSite>> add(Url base, SiteKind kind, SiteChanges changes);
    Task<Result<KeptSite>> change(SiteId id, SiteChanges changes);
    /// With all its entries and what was said of them.
    Task<Result<void>> remove(SiteId id);

private:
    Store& store_;
    SiteDirectory& sites_;
    FeedWatcher& watcher_;
};

}  // namespace backtalk
