#pragma once

#include "http/response.h"
#include "web/admin_frame.h"
#include "web/admin_schema.h"

namespace backtalk::web {

struct HeldFormPageSchema final : AdminPageSchema {
    HeldFormPageSchema() : AdminPageSchema("held_form") { }
    TextField const heading{*this, "heading"};
    FlagField const is_signed_out{*this, "is_signed_out"};
    UrlField const sign_in_url{*this, "sign_in_url"};
    UrlField const action{*this, "action"};
    ListField const fields{*this, "fields", schema<HiddenFieldSchema>()};
};

/// The answer to a form that was not obeyed because its sender has signed out, or in again, since its page was loaded: it holds what was
/// typed, to be sent once more. Nothing if the browser does not vouch that the form comes from one of our own pages: what a stranger typed
/// shall not stand here.
std::optional<http::Response> held_form(AdminFrame& frame, AdminVisit const& visit);

}  // namespace backtalk::web
