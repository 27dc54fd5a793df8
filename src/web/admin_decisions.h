#pragma once

#include "app/moderate.h"
#include "app/people.h"
#include "app/store.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct PastDecisionSchema : Schema {
    PastDecisionSchema() : Schema("past decision") { }
    NumberField const id{*this, "id"};
    TextField const what{*this, "what"};    ///< "approved"
    TextField const title{*this, "title"};  ///< Of a mention that it was about.
    UrlField const detail_url{*this, "detail_url"};
    NumberField const others{*this, "others"};
    TextField const actor{*this, "actor"};
    TextField const made{*this, "made"};
    TextField const made_iso{*this, "made_iso"};
    FlagField const is_undone{*this, "is_undone"};
};

struct DecisionsPageSchema final : AdminPageSchema {
    DecisionsPageSchema() : AdminPageSchema("decisions") { }
    ListField const decisions{*this, "decisions", schema<PastDecisionSchema>()};
    FlagField const is_empty{*this, "is_empty"};
    UrlField const undo_url{*this, "undo_url"};
    UrlField const inbox_url{*this, "inbox_url"};
};

/// What was decided about mentions, by whom; all of it can be taken back here, for as long as what that needs is kept.
class AdminDecisions {
public:
    AdminDecisions(AdminFrame& frame, Store& store, Moderator& moderator, People& people)
        : frame_(frame), store_(store), moderator_(moderator), people_(people)
    {
    }
    void add_to(AdminTable& table);

private:
    http::Response list(AdminVisit const& visit);
    Result<void> fill(View& view, AdminVisit const& visit, PastDecision const& past);
    Task<http::Response> undo(AdminVisit visit);

    static constexpr std::size_t decisions_shown = 100;

    AdminFrame& frame_;
    Store& store_;
    Moderator& moderator_;
    People& people_;
};

}  // namespace backtalk::web
