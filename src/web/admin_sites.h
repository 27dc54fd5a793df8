#pragma once

#include "app/inbox.h"
#include "app/people.h"
#include "app/send_hooks.h"
#include "app/site_keeper.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct SiteRowSchema : Schema {
    SiteRowSchema() : Schema("site") { }
    TextField const title{*this, "title"};
    UrlField const url{*this, "url"};
    FlagField const is_external{*this, "is_external"};
    NumberField const entries{*this, "entries"};
    NumberField const mentions{*this, "mentions"};  ///< Shown ones.
    NumberField const held{*this, "held"};
    UrlField const edit_url{*this, "edit_url"};
    UrlField const entries_url{*this, "entries_url"};
    UrlField const inbox_url{*this, "inbox_url"};
    UrlField const remove_url{*this, "remove_url"};
};

struct SitesPageSchema final : AdminPageSchema {
    SitesPageSchema() : AdminPageSchema("sites") { }
    ListField const sites{*this, "sites", schema<SiteRowSchema>()};
    FlagField const is_empty{*this, "is_empty"};
    UrlField const add_url{*this, "add_url"};
};

/// A line of markup that an external site puts in its pages.
struct EndpointSchema : Schema {
    EndpointSchema() : Schema("endpoint") { }
    TextField const protocol{*this, "protocol"};
    TextField const markup{*this, "markup"};
};

struct SitePageSchema final : AdminPageSchema {
    SitePageSchema() : AdminPageSchema("site") { }
    TextField const title{*this, "title"};
    UrlField const url{*this, "url"};
    FlagField const is_external{*this, "is_external"};
    TextField const description{*this, "description"};
    TextField const author{*this, "author"};
    TextField const language{*this, "language"};
    TextField const time_zone{*this, "time_zone"};
    TextField const permalink{*this, "permalink"};
    TextField const feed{*this, "feed"};
    NumberField const feed_minutes{*this, "feed_minutes"};
    NumberField const feed_minutes_max{*this, "feed_minutes_max"};
    UrlField const action{*this, "action"};
    ListField const endpoints{*this, "endpoints", schema<EndpointSchema>()};
    FlagField const is_local_address{
        *this, "is_local_address"};  ///< The endpoints bear this machine's own name, which is good for nobody else.
    FlagField const has_api_token{*this, "has_api_token"};
    UrlField const token_url{*this, "token_url"};
    TextField const hook{*this, "hook"};
    UrlField const hook_url{*this, "hook_url"};
    UrlField const remove_url{*this, "remove_url"};
    UrlField const back_url{*this, "back_url"};
};

struct SiteRemovePageSchema final : AdminPageSchema {
    SiteRemovePageSchema() : AdminPageSchema("site_remove") { }
    TextField const title{*this, "title"};
    TextField const url{*this, "url"};
    TextField const host{*this, "host"};  ///< To be typed.
    FlagField const is_external{*this, "is_external"};
    NumberField const entries{*this, "entries"};
    FlagField const has_one_entry{*this, "has_one_entry"};
    NumberField const mentions{*this, "mentions"};
    FlagField const has_one_mention{*this, "has_one_mention"};
    FlagField const has_hook{*this, "has_hook"};
    TextField const problem{*this, "problem"};
    UrlField const action{*this, "action"};
    UrlField const back_url{*this, "back_url"};
};

/// The weblogs of this home: those that are served here, and those that something else renders.
class AdminSites {
public:
    AdminSites(AdminFrame& frame, Store& store, InboxStore& inbox, SiteDirectory const& sites, SiteKeeper& keeper, HookSender& hooks,
        People& people, Clock const& clock)
        : frame_(frame), store_(store), inbox_(inbox), sites_(sites), keeper_(keeper), hooks_(hooks), people_(people), clock_(clock)
    {
    }
    void add_to(AdminTable& table);

private:
    http::Response list(AdminVisit const& visit);
    http::Response show(AdminVisit const& visit);
    http::Response ask_to_remove(AdminVisit const& visit);
    Task<http::Response> add(AdminVisit visit);
    Task<http::Response> change(AdminVisit visit);
    Task<http::Response> change_token(AdminVisit visit);
    Task<http::Response> change_hook(AdminVisit visit);
    Task<http::Response> test_hook(AdminVisit visit);
    Task<http::Response> remove(AdminVisit visit);

    struct Counts {
        std::int64_t entries = 0;
        std::int64_t mentions = 0;  ///< Shown ones.
        std::int64_t held = 0;
        std::int64_t all_mentions = 0;
    };
    Result<Counts> counts_of(Site const& site);
    http::Response removal_page(AdminVisit const& visit, Site const& site, int status, std::string_view problem);
    /// Writes down what was done and goes on at the site's page, which shows what was made.
    Task<http::Response> kept(AdminVisit visit, Result<KeptSite> done, std::string deed, std::string sentence, std::string otherwise);

    AdminFrame& frame_;
    Store& store_;
    InboxStore& inbox_;
    SiteDirectory const& sites_;
    SiteKeeper& keeper_;
    HookSender& hooks_;
    People& people_;
    Clock const& clock_;
};

}  // namespace backtalk::web
