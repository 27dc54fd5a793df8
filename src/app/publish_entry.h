#pragma once

#include <string_view>

#include "app/send_ping.h"
#include "app/site_directory.h"
#include "app/store.h"
#include "weblog/front_matter.h"

namespace backtalk {

/// Publishing: from what an author wrote to an entry on the site, and the pings that tell of it.
class Publisher {
public:
    Publisher(Store& store, SiteDirectory const& sites, PingSender& sender, Clock const& clock)
        : store_(store), sites_(sites), sender_(sender), clock_(clock)
    {
    }

    struct Published {
        Entry entry;
        Url permalink;
        std::vector<std::string> warnings;  ///< Sentences: front matter that was not understood.
    };
    enum class As { FrontMatterSays, Draft };

    /// Published now unless the front matter, a future date or `as` says else. Ends when entry and pings are on stable storage.
    /// Errors: Malformed (names line, key and remedy), Conflict (an id or address is taken).
    Task<Result<Published>> add(std::shared_ptr<Site const> site, std::string file, TextFormat format, As as);
    /// What the file does not say stays as it was.
    Task<Result<Published>> edit(EntryId id, std::string file, TextFormat format);
    /// What was written elsewhere than in a file: a draft that is whole, with its status and slug.
    Task<Result<Published>> write(std::shared_ptr<Site const> site, EntryDraft draft);
    /// `path`: empty for the present one, see Store::change_entry(). `seen`: version_of() the entry that its author changed. Errors:
    /// Conflict also if it is another one by now; then nothing is changed.
    Task<Result<Published>> rewrite(EntryId id, EntryDraft draft, std::string path, std::string seen);
    Task<Result<Published>> publish(EntryId id);
    Task<Result<void>> remove(EntryId id);
    /// Publishes the scheduled entries whose time has come; says how many.
    Task<Result<int>> publish_due();

private:
    Task<Result<Published>> announced(std::shared_ptr<Site const> site, Entry entry, std::vector<std::string> warnings);

    Store& store_;
    SiteDirectory const& sites_;
    PingSender& sender_;
    Clock const& clock_;
};

}  // namespace backtalk
