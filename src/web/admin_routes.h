#pragma once

#include <memory>

#include "app/accounts.h"
#include "app/check_ping.h"
#include "app/inbox.h"
#include "app/moderate.h"
#include "app/sign_in.h"
#include "app/site_directory.h"
#include "async/executor.h"
#include "web/admin_account.h"
#include "web/admin_activity.h"
#include "web/admin_blocks.h"
#include "web/admin_decisions.h"
#include "web/admin_deeds.h"
#include "web/admin_digest.h"
#include "web/admin_entries.h"
#include "web/admin_entry_editor.h"
#include "web/admin_frame.h"
#include "web/admin_inbox.h"
#include "web/admin_people.h"
#include "web/admin_sent.h"
#include "web/admin_settings.h"
#include "web/admin_sign_in.h"
#include "web/admin_sites.h"
#include "web/admin_table.h"

namespace backtalk::web {

/// What the owner's pages work with. Used as long as they are served.
struct AdminParts {
    Store& store;
    InboxStore& inbox;
    DeskStore& desk;
    SiteDirectory const& sites;
    SiteKeeper& site_keeper;
    HookSender& hooks;
    Moderator& moderator;
    PingChecker& checker;
    Publisher& publisher;
    PingSender& sender;
    Pages& pages;
    People& people;
    SettingsDesk& settings;
    DigestStore& digests;
    Mailer& mailer;
    DigestSender& digest_sender;
    SignIn& sign_in;
    Accounts& accounts;
    Executor& work;
    Clock const& clock;
    Log& log;
};

/// The owner's pages: everything below "admin/" of any site's base URL; and right below "/" at this machine's own names (127.0.0.1,
/// localhost), or at any Host where the home has external sites.
///
/// This is also the guard, the only one: in this order it asks whether the way here is safe (https or this machine), whether a POST comes
/// from one of our own pages (Origin, Sec-Fetch-Site, and the CSRF token that is bound to the cookie), who is signed in, and whether their
/// role may do what the route needs. Programs come with an application token instead of a cookie; no browser sends one by itself, so they
/// need no CSRF token.
///
/// To add a page:
///   1. a class in web/admin_NAME.{h,cpp} with a Schema derived from AdminPageSchema, named like its template: themes/admin/NAME.mustache,
///   which
///      begins with {{>head}}, ends with {{>foot}}, and has {{>csrf}} in each form that posts;
///   2. its Schema in admin_page_schemas() (admin_theme.cpp), which compiles and checks the template at the start;
///   3. a member of that class below, made with the parts it needs, and `NAME_.add_to(table_)` in the constructor.
///      Its routes say what right they need, and then every handler may believe its AdminVisit;
///   4. in handlers: frame.page() for pages; frame.done() and frame.failed() to answer a form, each with a sentence that the next page
///   shows.
class AdminRoutes {
public:
    /// Errors: Malformed (a template).
    static Result<std::unique_ptr<AdminRoutes>> open(AdminParts parts);

    /// Whether the request is for the owner's pages. `site`: as SiteDirectory::find() has it, perhaps null.
    bool is_for(http::Request const& request, Site const* site) const;
    /// On a work thread.
    Task<http::Response> answer(http::Request request, std::shared_ptr<Site const> site);

    AdminFrame& frame() { return frame_; }

private:
    AdminRoutes(AdminParts parts, AdminTheme theme);

    AdminPlace place_of(http::Request const& request, Site const* site) const;
    std::optional<http::Response> asset(std::string_view path) const;
    Task<http::Response> guarded(AdminVisit visit, AdminTable::Match match, bool has_cookie);
    Task<http::Response> for_program(AdminVisit visit, AdminTable::Match match, std::string bearer);

    AdminParts parts_;
    AdminFrame frame_;
    AdminSignIn sign_in_;
    AdminInbox inbox_;
    AdminBlocks blocks_;
    AdminDecisions decisions_;
    AdminEntries entries_;
    AdminEntryEditor editor_;
    AdminSent sent_;
    AdminSites weblogs_;
    AdminPeople people_;
    AdminSettings settings_;
    AdminAccount account_;
    AdminActivity activity_;
    AdminDigest digest_;
    AdminDeeds deeds_;
    AdminTable table_;
};

/// An address of the owner's pages for somebody at the console: of a hosted site that may be signed in to, else of this machine.
/// `listening_on`: "127.0.0.1:8080".
std::string admin_address(SiteDirectory const& sites, std::string_view listening_on, std::string_view path);

}  // namespace backtalk::web
