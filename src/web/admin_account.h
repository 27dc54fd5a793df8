#pragma once

#include "app/accounts.h"
#include "app/people.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct SessionSchema : Schema {
    SessionSchema() : Schema("session") { }
    TextField const device{*this, "device"};
    TextField const address{*this, "address"};
    TextField const started{*this, "started"};
    TextField const started_iso{*this, "started_iso"};
    TextField const seen{*this, "seen"};
    TextField const seen_iso{*this, "seen_iso"};
    FlagField const is_this{*this, "is_this"};
    UrlField const end_url{*this, "end_url"};
};

struct AppTokenSchema : Schema {
    AppTokenSchema() : Schema("token") { }
    TextField const name{*this, "name"};
    TextField const scopes{*this, "scopes"};
    TextField const added{*this, "added"};
    TextField const added_iso{*this, "added_iso"};
    TextField const used{*this, "used"};  ///< Empty: never.
    TextField const used_iso{*this, "used_iso"};
    UrlField const remove_url{*this, "remove_url"};
};

struct AccountPageSchema final : AdminPageSchema {
    AccountPageSchema() : AdminPageSchema("account") { }
    TextField const name{*this, "name"};
    TextField const role{*this, "role"};
    TextField const role_sentence{*this, "role_sentence"};
    UrlField const password_url{*this, "password_url"};
    NumberField const characters_min{*this, "characters_min"};
    FlagField const has_totp{*this, "has_totp"};
    NumberField const recovery_left{*this, "recovery_left"};
    UrlField const totp_url{*this, "totp_url"};
    UrlField const totp_off_url{*this, "totp_off_url"};
    ListField const sessions{*this, "sessions", schema<SessionSchema>()};
    FlagField const has_other_sessions{*this, "has_other_sessions"};
    UrlField const end_others_url{*this, "end_others_url"};
    ListField const tokens{*this, "tokens", schema<AppTokenSchema>()};
    FlagField const has_tokens{*this, "has_tokens"};
    ListField const scopes{*this, "scopes", schema<ChoiceSchema>()};
    UrlField const add_token_url{*this, "add_token_url"};
};

/// A second factor, about to be turned on.
struct TotpPageSchema final : AdminPageSchema {
    TotpPageSchema() : AdminPageSchema("totp") { }
    UrlField const action{*this, "action"};
    UrlField const back_url{*this, "back_url"};
    TextField const secret{*this, "secret"};
    TextField const spaced_secret{*this, "spaced_secret"};  ///< To be typed.
    HtmlField const app_link{*this, "app_link"};            ///< An a element, whole: no theme may write URLs of the scheme otpauth.
    TextField const problem{*this, "problem"};
};

struct RecoveryCodesPageSchema final : AdminPageSchema {
    RecoveryCodesPageSchema() : AdminPageSchema("recovery_codes") { }
    ListField const codes{*this, "codes", schema<HiddenFieldSchema>()};
    UrlField const back_url{*this, "back_url"};
};

/// One's own account: password, second factor, sessions, tokens of programs.
class AdminAccount {
public:
    AdminAccount(AdminFrame& frame, People& people, Accounts& accounts) : frame_(frame), people_(people), accounts_(accounts) { }
    void add_to(AdminTable& table);

private:
    http::Response show(AdminVisit const& visit);
    Task<http::Response> change_password(AdminVisit visit);
    http::Response show_totp(AdminVisit const& visit);
    Task<http::Response> turn_on_totp(AdminVisit visit);
    Task<http::Response> turn_off_totp(AdminVisit visit);
    Task<http::Response> end_session(AdminVisit visit);
    Task<http::Response> end_other_sessions(AdminVisit visit);
    Task<http::Response> add_token(AdminVisit visit);
    Task<http::Response> remove_token(AdminVisit visit);

    Result<void> fill_sessions(View& view, AdminVisit const& visit);
    Result<void> fill_tokens(View& view, AdminVisit const& visit);
    http::Response totp_form(AdminVisit const& visit, std::string_view secret, int status, std::string_view problem);
    /// What is done beside a new password and signing out everywhere, if the form says so; and else what to say of what still works.
    Task<Result<std::string>> other_ways_in(AdminVisit visit);
    /// Back to the account with the outcome.
    http::Response told(AdminVisit const& visit, Result<void> const& done, std::string sentence);

    AdminFrame& frame_;
    People& people_;
    Accounts& accounts_;
};

}  // namespace backtalk::web
