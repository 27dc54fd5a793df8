#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/store.h"

namespace backtalk {

/// The entry whose permalink `url` is or ever was: the present one, old ones, "?p=ID", "archives/000123.html".
/// Nothing for other pages and other sites.
Result<std::optional<AddressOwner>> entry_at(Store& store, Site const& site, Url const& url);

/// Which entry a ping URL means.
struct PingDoor {
    enum class By {
        TrackbackId,  ///< trackback/ID, mt-tb.cgi/ID, ?tb_id=ID
        EntryNumber,  ///< ?p=ID&tb=1, wp-trackback.php/ID
        Page,         ///< the-permalink/trackback/
    };
    By by;
    std::string subject;  ///< The id as written (may be empty or no number), or the page's path below the site's base.
};

/// Reads a path and query below a site's base as a ping URL, in any of the forms that ping URLs ever had; nothing if it is none.
std::optional<PingDoor> ping_door(std::string_view relative_path, std::string_view query);

/// The door of an address of the site, as a target is named: its path and query below the base. Nothing if it is another site's.
std::optional<PingDoor> door_of_page(Site const& site, Url const& url);

/// The entry behind a ping URL. Nothing: there is none, or it has no page. Entries of external sites count before anybody has looked
/// whether they exist: the checker does.
Result<std::optional<Entry>> entry_behind(Store& store, Site const& site, PingDoor const& door);

/// The address under which a page of an external site is known: its rel=canonical where that is on the site, else where it was found.
/// NB: not if it names the home page while it is another one, as templates with one address for all pages do.
Url canonical_address(Site const& site, Url const& found, std::optional<Url> const& canonical);

}  // namespace backtalk
