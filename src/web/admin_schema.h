#pragma once

#include "web/template_view.h"

namespace backtalk::web {

// What the owner's pages say, by the names that the templates of themes/admin use. Times come twice: `…_iso` for machines and as text.

/// An item of the navigation.
struct AdminLinkSchema : Schema {
    AdminLinkSchema() : Schema("admin link") { }
    TextField const name{*this, "name"};
    UrlField const url{*this, "url"};
    FlagField const is_current{*this, "is_current"};
    FlagField const is_inbox{*this, "is_inbox"};
    NumberField const count{*this, "count"};  ///< What waits there.
};

/// A hidden field of a form.
struct HiddenFieldSchema : Schema {
    HiddenFieldSchema() : Schema("hidden field") { }
    TextField const name{*this, "name"};
    TextField const value{*this, "value"};
};

/// A form of one button, below what was just done.
struct MessageButtonSchema : Schema {
    MessageButtonSchema() : Schema("message button") { }
    TextField const label{*this, "label"};
    UrlField const url{*this, "url"};  ///< Where it is posted to.
    ListField const fields{*this, "fields", schema<HiddenFieldSchema>()};
    FlagField const is_undo{*this, "is_undo"};
};

/// What became of the last thing that was done.
struct AdminMessageSchema : Schema {
    AdminMessageSchema() : Schema("message") { }
    TextField const text{*this, "text"};
    FlagField const is_problem{*this, "is_problem"};
    TextField const secret{*this, "secret"};  ///< Shown once, to be copied: a link, a token.
    ListField const buttons{*this, "buttons", schema<MessageButtonSchema>()};
};

/// The frame of each page.
struct FrameSchema : Schema {
    FrameSchema() : Schema("frame") { }
    TextField const title{*this, "title"};
    TextField const site_title{*this, "site_title"};
    UrlField const home_url{*this, "home_url"};  ///< The weblog itself.
    UrlField const start_url{*this, "start_url"};
    UrlField const style_url{*this, "style_url"};
    HtmlField const script{*this, "script"};  ///< The script element, whole.
    TextField const csrf{*this, "csrf"};      ///< Goes into every form: {{>csrf}}.
    FlagField const is_signed_in{*this, "is_signed_in"};
    TextField const user{*this, "user"};
    TextField const role{*this, "role"};
    ListField const navigation{*this, "navigation", schema<AdminLinkSchema>()};
    UrlField const account_url{*this, "account_url"};
    FlagField const account_is_current{*this, "account_is_current"};
    UrlField const sign_out_url{*this, "sign_out_url"};
    UrlField const sign_in_url{*this, "sign_in_url"};
    ListField const messages{*this, "messages", schema<AdminMessageSchema>()};
};

/// What every page has. The name of a page's Schema is that of its template: "inbox" is themes/admin/inbox.mustache.
struct AdminPageSchema : Schema {
    ObjectField const frame{*this, "frame", schema<FrameSchema>()};

protected:
    explicit AdminPageSchema(std::string_view name) : Schema(name) { }
    ~AdminPageSchema() = default;
};

/// A choice of a select element or a checkbox.
struct ChoiceSchema : Schema {
    ChoiceSchema() : Schema("choice") { }
    TextField const value{*this, "value"};
    TextField const label{*this, "label"};
    FlagField const is_chosen{*this, "is_chosen"};
};

/// A page that says one thing: not found, not allowed, out of order.
struct NoticePageSchema final : AdminPageSchema {
    NoticePageSchema() : AdminPageSchema("notice") { }
    TextField const heading{*this, "heading"};
    TextField const message{*this, "message"};
    UrlField const next_url{*this, "next_url"};
    TextField const next{*this, "next"};
};

}  // namespace backtalk::web
