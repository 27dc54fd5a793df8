#pragma once

#include "app/accounts.h"
#include "app/people.h"
#include "web/admin_confirm.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct PersonSchema : Schema {
    PersonSchema() : Schema("person") { }
    TextField const name{*this, "name"};
    TextField const role{*this, "role"};
    FlagField const is_self{*this, "is_self"};
    FlagField const has_password{*this, "has_password"};
    FlagField const has_totp{*this, "has_totp"};
    TextField const signed_in{*this, "signed_in"};  ///< The last time; empty: never.
    TextField const signed_in_iso{*this, "signed_in_iso"};
    ListField const roles{*this, "roles", schema<ChoiceSchema>()};
    UrlField const role_url{*this, "role_url"};
    UrlField const link_url{*this, "link_url"};
    UrlField const sign_out_url{*this, "sign_out_url"};
    UrlField const forget_factor_url{*this, "forget_factor_url"};
    UrlField const remove_url{*this, "remove_url"};
};

struct PeoplePageSchema final : AdminPageSchema {
    PeoplePageSchema() : AdminPageSchema("people") { }
    ListField const people{*this, "people", schema<PersonSchema>()};
    ListField const roles{*this, "roles", schema<ChoiceSchema>()};  ///< For who is to be added.
    UrlField const add_url{*this, "add_url"};
};

/// Who may sign in, and as what. Whatever lets somebody in or shuts them out for good asks for the password of who does it.
class AdminPeople {
public:
    AdminPeople(AdminFrame& frame, People& people, Accounts& accounts, SignIn& sign_in)
        : frame_(frame), people_(people), accounts_(accounts), confirm_(frame, sign_in)
    {
    }
    void add_to(AdminTable& table);

private:
    http::Response list(AdminVisit const& visit);
    Task<http::Response> add(AdminVisit visit);
    Task<http::Response> set_role(AdminVisit visit);
    Task<http::Response> make_link(AdminVisit visit);
    Task<http::Response> sign_out(AdminVisit visit);
    Task<http::Response> forget_factor(AdminVisit visit);
    Task<http::Response> remove(AdminVisit visit);

    /// The person of the address. Errors: NotFound.
    Result<User> person(AdminVisit const& visit);
    /// To the page about oneself, with the reason.
    http::Response sent_to_account(AdminVisit const& visit, std::string_view reason);
    http::Response with_link(AdminVisit const& visit, User const& user, Result<SecretToken> const& token, std::string sentence);

    AdminFrame& frame_;
    People& people_;
    Accounts& accounts_;
    AdminConfirm confirm_;
};

}  // namespace backtalk::web
