#pragma once

#include "app/digest_store.h"
#include "app/inbox.h"
#include "app/moderate.h"
#include "app/people.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct DeedPageSchema final : AdminPageSchema {
    DeedPageSchema() : AdminPageSchema("deed") { }
    TextField const heading{*this, "heading"};
    TextField const title{*this, "title"};
    TextField const from{*this, "from"};
    TextField const type{*this, "type"};
    UrlField const url{*this, "url"};
    TextField const excerpt{*this, "excerpt"};
    TextField const about{*this, "about"};
    TextField const campaign{*this, "campaign"};  ///< What else is decided with it; empty: nothing.
    TextField const deed{*this, "deed"};
    FlagField const is_rejection{*this, "is_rejection"};
    TextField const consequence{*this, "consequence"};
    UrlField const action{*this, "action"};
    UrlField const back_url{*this, "back_url"};
};

/// The pages behind the links of digests: what it is about, and a button. Opening one changes nothing, so mail programs and scanners may.
///
/// inbox/17/approve is for who is signed in; deed/SECRET for who has the mail: its secret is for one mention and one deed, works once, and
/// as long as its person may decide. Of a campaign all is decided that is held when the button is pressed; what was decided before stays.
class AdminDeeds {
public:
    AdminDeeds(AdminFrame& frame, DigestStore& digests, Store& store, InboxStore& inbox, Moderator& moderator, People& people)
        : frame_(frame), digests_(digests), store_(store), inbox_(inbox), moderator_(moderator), people_(people)
    {
    }
    void add_to(AdminTable& table);

private:
    http::Response ask_approve(AdminVisit const& visit);
    http::Response ask_reject(AdminVisit const& visit);
    Task<http::Response> approve(AdminVisit visit);
    Task<http::Response> reject(AdminVisit visit);
    http::Response ask_by_link(AdminVisit const& visit);
    Task<http::Response> act_by_link(AdminVisit visit);

    /// The page that asks, or says that somebody decided already.
    http::Response ask(AdminVisit const& visit, MentionId mention, Decision decision);
    Result<View> question(StoredMention const& told, std::vector<MentionId> const& held, Decision decision);
    /// Errors: NotFound, Conflict (it waits no more).
    Task<Result<Decided>> decide(Actor actor, MentionId mention, Decision decision);
    Task<http::Response> act(AdminVisit visit, Decision decision);
    /// What the link does. Nothing: it is none, is too old, or its person may not decide any more.
    struct Known {
        DeedLink link;
        User user;
        std::string hash;
    };
    Result<std::optional<Known>> known(AdminVisit const& visit);
    http::Response unknown_link(AdminVisit const& visit);
    http::Response used_link(AdminVisit const& visit);

    AdminFrame& frame_;
    DigestStore& digests_;
    Store& store_;
    InboxStore& inbox_;
    Moderator& moderator_;
    People& people_;
};

}  // namespace backtalk::web
