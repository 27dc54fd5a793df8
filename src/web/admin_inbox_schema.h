#pragma once

#include "web/admin_schema.h"

namespace backtalk::web {

/// A part of the inbox: "Held", "Spam" …
struct InboxTabSchema : Schema {
    InboxTabSchema() : Schema("tab") { }
    TextField const name{*this, "name"};
    UrlField const url{*this, "url"};
    NumberField const count{*this, "count"};
    FlagField const is_current{*this, "is_current"};
};

/// Why the judge thinks so.
struct ReasonSchema : Schema {
    ReasonSchema() : Schema("reason") { }
    TextField const sentence{*this, "sentence"};
    TextField const weight{*this, "weight"};  ///< "+1.2" speaks for spam, "−0.8" against it.
    FlagField const is_against{*this, "is_against"};
};

/// What can be done with an item, or with all that are chosen.
struct InboxDeedSchema : Schema {
    InboxDeedSchema() : Schema("inbox deed") { }
    TextField const word{*this, "word"};          ///< "approve"
    TextField const label{*this, "label"};        ///< "Approve"
    TextField const shortcut{*this, "shortcut"};  ///< On the keyboard; empty: none.
    FlagField const is_danger{*this, "is_danger"};
};

/// A mention, a campaign of them, or a refused ping.
struct InboxItemSchema : Schema {
    InboxItemSchema() : Schema("inbox item") { }
    TextField const key{*this, "key"};  ///< "m17": a mention; "c5u17": a campaign, up to mention 17; "p9": a ping.
    TextField const title{*this, "title"};
    UrlField const url{*this, "url"};
    TextField const from{*this, "from"};  ///< Empty where the title says it.
    TextField const host{*this, "host"};
    TextField const author{*this, "author"};
    UrlField const author_url{*this, "author_url"};
    TextField const excerpt{*this, "excerpt"};
    TextField const link{*this, "link"};  ///< The words of the link to the entry, in the excerpt between the next two.
    TextField const before_link{*this, "before_link"};
    TextField const after_link{*this, "after_link"};
    TextField const type{*this, "type"};  ///< "Mention", "Reply", "Like" …; "Ping".
    TextField const origins{*this, "origins"};
    TextField const entry_title{*this, "entry_title"};
    UrlField const entry_url{*this, "entry_url"};
    UrlField const host_url{*this, "host_url"};  ///< The inbox, this host only.
    TextField const received{*this, "received"};
    TextField const received_iso{*this, "received_iso"};
    TextField const state{*this, "state"};
    TextField const note{*this, "note"};        ///< What the last check said; why a ping was refused.
    NumberField const others{*this, "others"};  ///< Of its campaign, beside this one.
    UrlField const detail_url{*this, "detail_url"};
    FlagField const has_reasons{*this, "has_reasons"};
    ListField const reasons{*this, "reasons", schema<ReasonSchema>()};  ///< The heaviest first.
    ListField const deeds{*this, "deeds", schema<InboxDeedSchema>()};
    ListField const more_deeds{*this, "more_deeds", schema<InboxDeedSchema>()};  ///< Seldom wanted.
};

struct InboxPageSchema final : AdminPageSchema {
    InboxPageSchema() : AdminPageSchema("inbox") { }
    ListField const tabs{*this, "tabs", schema<InboxTabSchema>()};
    TextField const state{*this, "state"};
    TextField const heading{*this, "heading"};      ///< "Held"
    FlagField const has_sites{*this, "has_sites"};  ///< More than one.
    ListField const sites{*this, "sites", schema<ChoiceSchema>()};
    ListField const origins{*this, "origins", schema<ChoiceSchema>()};
    TextField const host{*this, "host"};
    TextField const entry{*this, "entry"};  ///< Number of the entry that is asked for; empty: any.
    TextField const entry_title{*this, "entry_title"};
    FlagField const is_filtered{*this, "is_filtered"};
    FlagField const may_moderate{*this, "may_moderate"};
    UrlField const page_url{*this, "page_url"};      ///< Where the filter is asked.
    UrlField const all_url{*this, "all_url"};        ///< The same part without a filter.
    UrlField const action_url{*this, "action_url"};  ///< Where the list's form goes.
    UrlField const blocks_url{*this, "blocks_url"};
    UrlField const decisions_url{*this, "decisions_url"};
    TextField const back{*this, "back"};  ///< The query of this page, to come back to.
    ListField const items{*this, "items", schema<InboxItemSchema>()};
    ListField const deeds{*this, "deeds", schema<InboxDeedSchema>()};  ///< For all that are chosen.
    TextField const empty{*this, "empty"};                             ///< A sentence, if there is no item.
    UrlField const newer_url{*this, "newer_url"};
    UrlField const older_url{*this, "older_url"};
};

/// One announcement of a mention.
struct PingSchema : Schema {
    PingSchema() : Schema("ping") { }
    TextField const origin{*this, "origin"};
    TextField const source{*this, "source"};  ///< As it came in.
    TextField const sender{*this, "sender"};
    TextField const received{*this, "received"};
    TextField const received_iso{*this, "received_iso"};
    TextField const state{*this, "state"};
    TextField const reason{*this, "reason"};
};

/// All that is known of a mention.
struct MentionPageSchema final : AdminPageSchema {
    MentionPageSchema() : AdminPageSchema("mention") { }
    ObjectField const item{*this, "item", schema<InboxItemSchema>()};
    TextField const said{*this, "said"};  ///< What the source says, as text.
    TextField const source{*this, "source"};
    TextField const published{*this, "published"};
    TextField const published_iso{*this, "published_iso"};
    TextField const verified{*this, "verified"};
    TextField const verified_iso{*this, "verified_iso"};
    TextField const language{*this, "language"};
    FlagField const may_moderate{*this, "may_moderate"};
    TextField const back{*this, "back"};
    UrlField const inbox_url{*this, "inbox_url"};
    UrlField const action_url{*this, "action_url"};
    ListField const pings{*this, "pings", schema<PingSchema>()};
};

}  // namespace backtalk::web
