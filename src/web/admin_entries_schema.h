#pragma once

#include "web/admin_schema.h"

namespace backtalk::web {

struct EntryRowSchema : Schema {
    EntryRowSchema() : Schema("entry row") { }
    TextField const title{*this, "title"};       ///< "Untitled" for one without.
    UrlField const edit_url{*this, "edit_url"};  ///< Empty: it is none of ours to edit.
    UrlField const view_url{*this, "view_url"};  ///< Empty: it has no page.
    UrlField const sent_url{*this, "sent_url"};
    UrlField const delete_url{*this, "delete_url"};
    TextField const status{*this, "status"};
    FlagField const is_published{*this, "is_published"};
    TextField const date{*this, "date"};
    TextField const date_iso{*this, "date_iso"};
    TextField const author{*this, "author"};
    NumberField const mentions{*this, "mentions"};
    UrlField const mentions_url{*this, "mentions_url"};
    NumberField const sent_failed{*this, "sent_failed"};
};

struct EntriesPageSchema final : AdminPageSchema {
    EntriesPageSchema() : AdminPageSchema("entries") { }
    UrlField const page_url{*this, "page_url"};
    UrlField const new_url{*this, "new_url"};  ///< Empty where nothing can be written.
    FlagField const has_sites{*this, "has_sites"};
    ListField const sites{*this, "sites", schema<ChoiceSchema>()};
    ListField const statuses{*this, "statuses", schema<ChoiceSchema>()};
    TextField const words{*this, "words"};
    FlagField const is_filtered{*this, "is_filtered"};
    UrlField const all_url{*this, "all_url"};
    FlagField const is_external{*this, "is_external"};
    ListField const entries{*this, "entries", schema<EntryRowSchema>()};
    TextField const empty{*this, "empty"};  ///< A sentence, where there are none.
    UrlField const newer_url{*this, "newer_url"};
    UrlField const older_url{*this, "older_url"};
};

struct EntryDeletePageSchema final : AdminPageSchema {
    EntryDeletePageSchema() : AdminPageSchema("entry_delete") { }
    TextField const title{*this, "title"};
    UrlField const action{*this, "action"};
    UrlField const back_url{*this, "back_url"};
    FlagField const has_page{*this, "has_page"};
    TextField const address{*this, "address"};
    NumberField const told{*this, "told"};  ///< How many will hear that it is gone.
    FlagField const has_one_told{*this, "has_one_told"};
    NumberField const untold{*this, "untold"};  ///< How many have no way to.
};

struct AnnouncedTargetSchema : Schema {
    AnnouncedTargetSchema() : Schema("announced target") { }
    UrlField const url{*this, "url"};
    TextField const change{*this, "change"};
    FlagField const is_new{*this, "is_new"};
    TextField const sentence{*this, "sentence"};
    TextField const answer{*this, "answer"};  ///< What it said when it was asked.
    FlagField const is_found{*this, "is_found"};
    TextField const endpoint{*this, "endpoint"};
};

/// What would become of the entry.
struct EntryPreviewSchema : Schema {
    EntryPreviewSchema() : Schema("entry preview") { }
    HtmlField const page{*this, "page"};  ///< The element that shows it, whole.
    TextField const address{*this, "address"};
    FlagField const is_update{*this, "is_update"};  ///< It has been published already.
    TextField const silence{*this, "silence"};      ///< Why nobody is told, if so.
    ListField const targets{*this, "targets", schema<AnnouncedTargetSchema>()};
    FlagField const may_ask{*this, "may_ask"};
    NumberField const left_out{*this, "left_out"};  ///< Targets that were too many to be asked.
};

/// What somebody else has saved meanwhile.
struct OtherVersionSchema : Schema {
    OtherVersionSchema() : Schema("other version") { }
    TextField const title{*this, "title"};
    TextField const body{*this, "body"};
    TextField const extended_body{*this, "extended_body"};
    TextField const facts{*this, "facts"};
    TextField const updated{*this, "updated"};
    TextField const updated_iso{*this, "updated_iso"};
};

struct EntryFormPageSchema final : AdminPageSchema {
    EntryFormPageSchema() : AdminPageSchema("entry_form") { }
    TextField const heading{*this, "heading"};
    UrlField const action{*this, "action"};
    TextField const problem{*this, "problem"};        ///< Of the whole, a sentence.
    FlagField const is_unsaved{*this, "is_unsaved"};  ///< What the form holds is not what the store holds.

    TextField const status{*this, "status"};
    FlagField const is_new{*this, "is_new"};
    FlagField const is_draft{*this, "is_draft"};  ///< Or deleted: what is saved is not seen yet.
    FlagField const is_scheduled{*this, "is_scheduled"};
    FlagField const is_deleted{*this, "is_deleted"};
    FlagField const has_page{*this, "has_page"};
    UrlField const view_url{*this, "view_url"};
    UrlField const sent_url{*this, "sent_url"};
    UrlField const delete_url{*this, "delete_url"};

    TextField const title{*this, "title"};
    TextField const title_problem{*this, "title_problem"};
    TextField const body{*this, "body"};
    FlagField const has_extended{*this, "has_extended"};
    TextField const extended_body{*this, "extended_body"};
    ListField const formats{*this, "formats", schema<ChoiceSchema>()};
    TextField const format_problem{*this, "format_problem"};
    TextField const excerpt{*this, "excerpt"};
    TextField const categories{*this, "categories"};
    TextField const known_categories{*this, "known_categories"};
    TextField const tags{*this, "tags"};
    TextField const slug{*this, "slug"};
    TextField const date{*this, "date"};
    TextField const date_problem{*this, "date_problem"};
    TextField const time_zone{*this, "time_zone"};
    FlagField const may_name_author{*this, "may_name_author"};
    TextField const author{*this, "author"};
    TextField const trackbacks{*this, "trackbacks"};
    TextField const trackbacks_problem{*this, "trackbacks_problem"};
    TextField const in_reply_to{*this, "in_reply_to"};
    TextField const in_reply_to_problem{*this, "in_reply_to_problem"};
    FlagField const is_unlisted{*this, "is_unlisted"};
    FlagField const takes_pings{*this, "takes_pings"};
    FlagField const is_open{*this, "is_open"};  ///< The folded options are not folded.
    TextField const seen{*this, "seen"};
    FlagField const has_sites{*this, "has_sites"};
    ListField const sites{*this, "sites", schema<ChoiceSchema>()};

    FlagField const is_previewed{*this, "is_previewed"};
    ObjectField const preview{*this, "preview", schema<EntryPreviewSchema>()};
    ObjectField const theirs{*this, "theirs", schema<OtherVersionSchema>()};
};

struct SentRowSchema : Schema {
    SentRowSchema() : Schema("sent row") { }
    NumberField const id{*this, "id"};
    UrlField const target{*this, "target"};
    TextField const entry{*this, "entry"};
    UrlField const entry_url{*this, "entry_url"};
    TextField const state{*this, "state"};
    FlagField const is_accepted{*this, "is_accepted"};
    FlagField const has_failed{*this, "has_failed"};  ///< Or was refused: stands out.
    FlagField const is_unlinked{*this, "is_unlinked"};
    TextField const protocol{*this, "protocol"};
    TextField const endpoint{*this, "endpoint"};
    TextField const message{*this, "message"};
    UrlField const status_url{*this, "status_url"};
    TextField const tries{*this, "tries"};  ///< "3 tries"
    TextField const next_try{*this, "next_try"};
    TextField const next_try_iso{*this, "next_try_iso"};
    TextField const updated{*this, "updated"};
    TextField const updated_iso{*this, "updated_iso"};
};

struct SentPageSchema final : AdminPageSchema {
    SentPageSchema() : AdminPageSchema("sent") { }
    UrlField const page_url{*this, "page_url"};
    UrlField const retry_url{*this, "retry_url"};
    TextField const back{*this, "back"};    ///< This page's query, for coming back.
    TextField const entry{*this, "entry"};  ///< The number of the one that this is about; empty: all.
    TextField const entry_title{*this, "entry_title"};
    UrlField const entry_url{*this, "entry_url"};
    ListField const states{*this, "states", schema<ChoiceSchema>()};
    FlagField const is_filtered{*this, "is_filtered"};
    UrlField const all_url{*this, "all_url"};
    ListField const sent{*this, "sent", schema<SentRowSchema>()};
    TextField const empty{*this, "empty"};
    UrlField const newer_url{*this, "newer_url"};
    UrlField const older_url{*this, "older_url"};
};

}  // namespace backtalk::web
