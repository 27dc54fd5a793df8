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

/// The entry behind a ping URL. Nothing: there is none, or it has no page.
Result<std::optional<Entry>> entry_behind(Store& store, Site const& site, PingDoor const& door);

}  // namespace backtalk
