#pragma once

#include <functional>

#include "app/inbox.h"
#include "app/moderate.h"
#include "app/people.h"
#include "app/site_directory.h"
#include "app/store.h"
#include "web/admin_frame.h"
#include "web/admin_inbox_query.h"
#include "web/admin_inbox_schema.h"
#include "web/admin_table.h"

namespace backtalk::web {

/// The mentions that wait for a decision, those that were decided, and the pings that were refused.
class AdminInbox {
public:
    static constexpr std::size_t items_a_page = 30;

    /// `wake_checker`: after something was queued to be checked again.
    AdminInbox(AdminFrame& frame, Store& store, InboxStore& inbox, SiteDirectory const& sites, Moderator& moderator, People& people,
        std::function<void()> wake_checker)
        : frame_(frame), store_(store), inbox_(inbox), sites_(sites), moderator_(moderator), people_(people),
          wake_checker_(std::move(wake_checker))
    {
    }
    void add_to(AdminTable& table);

private:
    http::Response show(AdminVisit const& visit);
    http::Response count(AdminVisit const& visit);
    http::Response detail(AdminVisit const& visit);
    Task<http::Response> decide(AdminVisit visit);

    /// What was chosen.
    struct Chosen {
        std::vector<MentionId> mentions;
        std::vector<PingId> pings;
        std::size_t size() const { return mentions.size() + pings.size(); }
    };
    Result<Chosen> chosen(std::vector<std::string> const& keys, InboxQuery const& query);
    Task<http::Response> judge(AdminVisit visit, Chosen chosen, Decision decision, std::string next);
    Task<http::Response> block(AdminVisit visit, Chosen chosen, BlockKind kind, std::string next);
    Task<http::Response> recheck(AdminVisit visit, Chosen chosen, std::string next);
    /// Where pings came from, for which site. Errors: NotFound.
    Result<std::vector<std::pair<SiteId, std::string>>> hosts_of(std::vector<PingId> const& pings);
    /// The decision itself, written down.
    Task<Result<AdminMessage>> decided(AdminVisit visit, Chosen chosen, Decision decision);

    Result<void> fill(View& view, AdminVisit const& visit, InboxQuery const& query);
    Result<void> fill_items(View& view, AdminVisit const& visit, InboxQuery const& query);
    /// With at most so many of the judge's reasons.
    Result<void> fill_mention(View& item, AdminVisit const& visit, StoredMention const& stored, std::size_t reasons_max);
    Result<void> fill_pings(View& view, MentionId mention);
    void fill_filter(View& view, InboxQuery const& query);
    /// The entry that a thing is about: its title, and where it is.
    Result<void> fill_entry(View& item, EntryId entry);

    AdminFrame& frame_;
    Store& store_;
    InboxStore& inbox_;
    SiteDirectory const& sites_;
    Moderator& moderator_;
    People& people_;
    std::function<void()> wake_checker_;
};

}  // namespace backtalk::web
