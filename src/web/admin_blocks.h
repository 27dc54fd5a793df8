#pragma once

#include "app/moderate.h"
#include "app/people.h"
#include "app/site_directory.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct BlockSchema : Schema {
    BlockSchema() : Schema("block") { }
    TextField const kind{*this, "kind"};  ///< "host", "author", "word"
    TextField const subject{*this, "subject"};
    TextField const site{*this, "site"};
    TextField const actor{*this, "actor"};
    TextField const made{*this, "made"};
    TextField const made_iso{*this, "made_iso"};
    UrlField const remove_url{*this, "remove_url"};
};

struct BlocksPageSchema final : AdminPageSchema {
    BlocksPageSchema() : AdminPageSchema("blocks") { }
    ListField const blocks{*this, "blocks", schema<BlockSchema>()};
    FlagField const is_empty{*this, "is_empty"};
    FlagField const has_sites{*this, "has_sites"};  ///< More than one.
    ListField const sites{*this, "sites", schema<ChoiceSchema>()};
    ListField const kinds{*this, "kinds", schema<ChoiceSchema>()};
    UrlField const add_url{*this, "add_url"};
    UrlField const inbox_url{*this, "inbox_url"};
};

/// The owner's lists: hosts, authors and words that are not wanted.
class AdminBlocks {
public:
    AdminBlocks(AdminFrame& frame, SiteDirectory const& sites, Moderator& moderator, People& people)
        : frame_(frame), sites_(sites), moderator_(moderator), people_(people)
    {
    }
    void add_to(AdminTable& table);

private:
    http::Response list(AdminVisit const& visit);
    Task<http::Response> add(AdminVisit visit);
    Task<http::Response> remove(AdminVisit visit);

    AdminFrame& frame_;
    SiteDirectory const& sites_;
    Moderator& moderator_;
    People& people_;
};

}  // namespace backtalk::web
