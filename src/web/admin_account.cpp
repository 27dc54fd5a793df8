#include "web/admin_account.h"

#include <fmt/format.h>

#include "accounts/totp.h"
#include "base/text.h"
#include "url/url.h"
#include "web/admin_device.h"
#include "web/sentence.h"

namespace backtalk::web {

namespace {

/// "JBSW Y3DP …"
std::string spaced(std::string_view secret)
{
    std::string text;
    for (std::size_t i = 0; i < secret.size(); i += 4)
        text.append(i == 0 ? "" : " ").append(secret.substr(i, 4));
    return text;
}

}  // namespace

void AdminAccount::add_to(AdminTable& table)
{
    using enum Action;
    table.get("account", OwnAccount, *this, &AdminAccount::show);
    table.post("account/password", OwnAccount, *this, &AdminAccount::change_password);
    table.get("account/totp", OwnAccount, *this, &AdminAccount::show_totp);
    table.post("account/totp", OwnAccount, *this, &AdminAccount::turn_on_totp);
    table.post("account/totp/off", OwnAccount, *this, &AdminAccount::turn_off_totp);
    table.post("account/sessions/{id}/end", OwnAccount, *this, &AdminAccount::end_session);
    table.post("account/sessions/end-others", OwnAccount, *this, &AdminAccount::end_other_sessions);
    table.post("account/tokens", OwnAccount, *this, &AdminAccount::add_token);
    table.post("account/tokens/{id}/remove", OwnAccount, *this, &AdminAccount::remove_token);
}

http::Response AdminAccount::show(AdminVisit const& visit)
{
    auto const& fields = schema<AccountPageSchema>();
    User const& user = visit.user();
    View view(fields);
    view.set(fields.name, user.name.str()).set(fields.role, to_word(user.role)).set(fields.role_sentence, sentence_of(user.role));
    view.set(fields.password_url, visit.place.at("account/password"));
    view.set(fields.characters_min, static_cast<std::int64_t>(accounts::password_characters_min));
    Result<std::int64_t> const left = people_.recovery_codes_left(user.id);
    Result<void> filled = left ? fill_sessions(view, visit) : std::unexpected(left.error());
    if (filled)
        filled = fill_tokens(view, visit);
    if (!filled)
        return frame_.out_of_order(visit, filled.error());
    view.set(fields.has_totp, !user.totp_secret.empty()).set(fields.recovery_left, *left);
    view.set(fields.totp_url, visit.place.at("account/totp")).set(fields.totp_off_url, visit.place.at("account/totp/off"));
    return frame_.page(visit, std::move(view), "Your account");
}

Result<void> AdminAccount::fill_sessions(View& view, AdminVisit const& visit)
{
    TRY(std::vector<Session> const sessions, people_.sessions(visit.user().id));
    auto const& fields = schema<AccountPageSchema>();
    auto const& shown = schema<SessionSchema>();
    for (Session const& session : sessions) {
        View& row = view.add(fields.sessions).set(shown.device, device_of(session.user_agent)).set(shown.address, session.address);
        row.set(shown.started, shown_time(session.started)).set(shown.started_iso, rfc3339(session.started));
        row.set(shown.seen, shown_time(session.seen)).set(shown.seen_iso, rfc3339(session.seen));
        row.set(shown.is_this, session.id == visit.who->session.id);
        row.set(shown.end_url, visit.place.at(fmt::format("account/sessions/{}/end", session.id.value)));
    }
    view.set(fields.has_other_sessions, sessions.size() > 1);
    view.set(fields.end_others_url, visit.place.at("account/sessions/end-others"));
    return {};
}

Result<void> AdminAccount::fill_tokens(View& view, AdminVisit const& visit)
{
    TRY(std::vector<AppToken> const tokens, people_.app_tokens(visit.user().id));
    auto const& fields = schema<AccountPageSchema>();
    auto const& shown = schema<AppTokenSchema>();
    for (AppToken const& token : tokens) {
        View& row = view.add(fields.tokens).set(shown.name, token.name).set(shown.scopes, token.scopes.str());
        row.set(shown.added, shown_time(token.added)).set(shown.added_iso, rfc3339(token.added));
        if (token.used)
            row.set(shown.used, shown_time(*token.used)).set(shown.used_iso, rfc3339(*token.used));
        row.set(shown.remove_url, visit.place.at(fmt::format("account/tokens/{}/remove", token.id.value)));
    }
    view.set(fields.has_tokens, !tokens.empty()).set(fields.add_token_url, visit.place.at("account/tokens"));
    auto const& choice = schema<ChoiceSchema>();
    for (accounts::Scope const scope : accounts::all_scopes()) {
        View& row = view.add(fields.scopes).set(choice.value, to_word(scope));
        row.set(choice.label, fmt::format("{}: {}", to_word(scope), sentence_of(scope)));
    }
    return {};
}

http::Response AdminAccount::told(AdminVisit const& visit, Result<void> const& done, std::string sentence)
{
    std::string const next = visit.place.at("account");
    return done ? frame_.done(visit, next, std::move(sentence)) : frame_.failed(visit, next, done.error());
}

Task<http::Response> AdminAccount::change_password(AdminVisit visit)
{
    if (visit.field("password") != visit.field("again"))
        co_return told(visit, failure(ErrorCode::Malformed, "The two new passwords differ."), "");
    std::string present(visit.field("present"));
    std::string fresh(visit.field("password"));
    Result<void> const done = co_await accounts_.change_password(*visit.who, std::move(present), std::move(fresh), visit.visitor());
    if (!done)
        co_return told(visit, done, "");
    Result<std::string> const others = co_await other_ways_in(visit);
    if (!others)
        co_return told(visit, std::unexpected(others.error()), "");
    co_return told(visit, done, fmt::format("The password is changed. All other sessions have ended. {}", *others));
}

Task<Result<std::string>> AdminAccount::other_ways_in(AdminVisit visit)
{
    if (visit.has("programs")) {
        CO_TRY_DONE(co_await accounts_.close_other_ways_in(visit.user(), visit.actor()));
        co_return std::string("Your tokens and the feed of your digest work no more.");
    }
    CO_TRY(OtherWaysIn const ways, people_.other_ways_in(visit.user().id));
    co_return ways.empty() ? std::string() : as_sentence(sentence_of(ways));
}

http::Response AdminAccount::totp_form(AdminVisit const& visit, std::string_view secret_text, int status, std::string_view problem)
{
    auto const secret = accounts::TotpSecret::parse(secret_text).value_or(accounts::TotpSecret::random());
    Result<Url> const home = Url::parse(visit.place.origin);
    std::string const uri = secret.otpauth_uri(visit.user().name, home ? home->host() : std::string_view("backtalk"));
    auto const& fields = schema<TotpPageSchema>();
    View view(fields);
    view.set(fields.action, visit.place.at("account/totp")).set(fields.back_url, visit.place.at("account"));
    view.set(fields.secret, secret.base32()).set(fields.spaced_secret, spaced(secret.base32())).set(fields.problem, problem);
    view.set(fields.app_link, fmt::format("<a class=\"button\" href=\"{}\">Open it in the app on this device</a>", escaped(uri)));
    return frame_.page(visit, std::move(view), "Second factor", status);
}

http::Response AdminAccount::show_totp(AdminVisit const& visit) { return totp_form(visit, "", 200, ""); }

Task<http::Response> AdminAccount::turn_on_totp(AdminVisit visit)
{
    std::string secret(visit.field("secret"));
    std::string code(visit.field("code"));
    std::string password(visit.field("password"));
    Result<std::vector<std::string>> const codes =
        co_await accounts_.turn_on_totp(*visit.who, secret, std::move(code), std::move(password), visit.visitor());
    if (!codes && (codes.error().code == ErrorCode::Internal || codes.error().code == ErrorCode::Unavailable))
        co_return frame_.out_of_order(visit, codes.error());
    if (!codes)
        co_return totp_form(visit, secret, codes.error().code == ErrorCode::Busy ? 429 : 400, codes.error().text);
    auto const& fields = schema<RecoveryCodesPageSchema>();
    View view(fields);
    for (std::string const& each : *codes)
        view.add(fields.codes).set(schema<HiddenFieldSchema>().value, each);
    view.set(fields.back_url, visit.place.at("account"));
    co_return frame_.page(visit, std::move(view), "Recovery codes");
}

Task<http::Response> AdminAccount::turn_off_totp(AdminVisit visit)
{
    std::string password(visit.field("password"));
    Result<void> const done = co_await accounts_.turn_off_totp(*visit.who, std::move(password), visit.visitor());
    co_return told(visit, done, "The second factor is off. Your password alone opens the door.");
}

Task<http::Response> AdminAccount::end_session(AdminVisit visit)
{
    Result<void> const done = co_await accounts_.end_session(*visit.who, SessionId(visit.id()), visit.visitor());
    co_return told(visit, done, "That session has ended.");
}

Task<http::Response> AdminAccount::end_other_sessions(AdminVisit visit)
{
    Result<void> const done = co_await accounts_.end_sessions(visit.user(), visit.who->session.id, visit.actor());
    if (!done)
        co_return told(visit, done, "");
    Result<std::string> const others = co_await other_ways_in(visit);
    if (!others)
        co_return told(visit, std::unexpected(others.error()), "");
    co_return told(visit, done, fmt::format("You are signed out everywhere else. {}", *others));
}

Task<http::Response> AdminAccount::add_token(AdminVisit visit)
{
    std::string words;
    for (std::string_view const word : visit.all("scope"))
        words.append(word).append(" ");
    Scopes const scopes = Scopes::parse(words).value_or(Scopes());
    std::string name(visit.field("name"));
    Result<std::string> const token = co_await accounts_.add_token(visit.user(), std::move(name), scopes, visit.actor());
    if (!token)
        co_return frame_.failed(visit, visit.place.at("account"), token.error());
    AdminMessage message(
        AdminMessage::Kind::Done, "The token is made. It is shown only now; give it to the program as “Authorization: Bearer …”:");
    message.secret = *token;
    co_return frame_.done(visit, visit.place.at("account"), std::move(message));
}

Task<http::Response> AdminAccount::remove_token(AdminVisit visit)
{
    Result<void> const done = co_await accounts_.remove_token(visit.user().id, AppTokenId(visit.id()), visit.actor());
    co_return told(visit, done, "The token is removed. The program that has it is shut out.");
}

}  // namespace backtalk::web
