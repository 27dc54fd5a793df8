#pragma once

#include "app/accounts.h"
#include "app/sign_in.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct SignInPageSchema final : AdminPageSchema {
    SignInPageSchema() : AdminPageSchema("sign_in") { }
    UrlField const action{*this, "action"};
    TextField const name{*this, "name"};
    TextField const next{*this, "next"};              ///< Where to go afterwards.
    TextField const problem{*this, "problem"};        ///< Why it did not work.
    FlagField const has_nobody{*this, "has_nobody"};  ///< There is no user yet.
};

struct CodePageSchema final : AdminPageSchema {
    CodePageSchema() : AdminPageSchema("code") { }
    UrlField const action{*this, "action"};
    TextField const next{*this, "next"};
    TextField const problem{*this, "problem"};
};

/// What a link that works once leads to.
struct SetupPageSchema final : AdminPageSchema {
    SetupPageSchema() : AdminPageSchema("setup") { }
    UrlField const action{*this, "action"};
    FlagField const is_first{*this, "is_first"};  ///< Of the first owner, who chooses a name as well.
    TextField const name{*this, "name"};
    TextField const problem{*this, "problem"};
    NumberField const characters_min{*this, "characters_min"};
};

/// Signing in and out, and links that work once.
class AdminSignIn {
public:
    AdminSignIn(AdminFrame& frame, SignIn& sign_in, Accounts& accounts, People& people)
        : frame_(frame), sign_in_(sign_in), accounts_(accounts), people_(people)
    {
    }
    void add_to(AdminTable& table);
    /// For who is not signed in and wants a page that asks for it: to the sign-in, and from there to that page.
    http::Response sent_there(AdminVisit const& visit);

private:
    http::Response show(AdminVisit const& visit);
    Task<http::Response> sign_in(AdminVisit visit);
    Task<http::Response> take_code(AdminVisit visit);
    Task<http::Response> sign_out(AdminVisit visit);
    http::Response show_setup(AdminVisit const& visit);
    Task<http::Response> set_up(AdminVisit visit);

    http::Response form(AdminVisit const& visit, int status, std::string_view problem);
    http::Response code_form(AdminVisit const& visit, int status, std::string_view problem);
    http::Response setup_form(AdminVisit const& visit, SetupLink const& link, int status, std::string_view problem);
    http::Response link_is_gone(AdminVisit const& visit);
    /// The answer to name and password, or to a code.
    http::Response answered(AdminVisit const& visit, SignInAnswer const& answer, bool for_code);

    AdminFrame& frame_;
    SignIn& sign_in_;
    Accounts& accounts_;
    People& people_;
};

}  // namespace backtalk::web
