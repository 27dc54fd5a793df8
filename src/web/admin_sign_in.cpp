#include "web/admin_sign_in.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "url/form.h"
#include "web/admin_cookie.h"
#include "web/sentence.h"

namespace backtalk::web {

namespace {

using Outcome = SignInAnswer::Outcome;

/// Where to go after signing in: one of our pages, whoever wrote the link.
std::string next_of(AdminVisit const& visit)
{
    std::string const wanted = visit.request.method == http::Method::Post ? std::string(visit.field("next")) : visit.query("next");
    bool const is_ours = wanted.starts_with(visit.place.at("")) && wanted.size() < 2000 &&
        std::ranges::all_of(wanted, [](char c) { return c > ' ' && c != '\\' && c != 0x7F; });
    return is_ours ? wanted : visit.place.at("inbox");
}

std::string in_words(std::chrono::seconds wait)
{
    if (wait.count() == 1)
        return "a second";
    if (wait.count() < 120)
        return fmt::format("{} seconds", wait.count());
    return fmt::format("{} minutes", std::chrono::ceil<std::chrono::minutes>(wait).count());
}

}  // namespace

void AdminSignIn::add_to(AdminTable& table)
{
    table.get_for_everybody("sign-in", *this, &AdminSignIn::show);
    table.post_for_everybody("sign-in", *this, &AdminSignIn::sign_in);
    table.post_for_everybody("sign-in/code", *this, &AdminSignIn::take_code);
    table.post_for_everybody("sign-out", *this, &AdminSignIn::sign_out);
    table.get_for_everybody("setup/{key}", *this, &AdminSignIn::show_setup);
    table.post_for_everybody("setup/{key}", *this, &AdminSignIn::set_up);
}

http::Response AdminSignIn::sent_there(AdminVisit const& visit)
{
    std::string next = visit.request.path;
    if (!visit.request.query.empty())
        next += "?" + visit.request.query;
    FormFields query;
    if (visit.path != "inbox" || !visit.request.query.empty())
        query.emplace_back("next", next);
    return http::redirect(303, visit.place.at("sign-in") + (query.empty() ? "" : "?" + form_encoded(query)));
}

http::Response AdminSignIn::show(AdminVisit const& visit)
{
    if (visit.who)
        return http::redirect(303, next_of(visit));
    return form(visit, 200, "");
}

http::Response AdminSignIn::form(AdminVisit const& visit, int status, std::string_view problem)
{
    auto const& fields = schema<SignInPageSchema>();
    View view(fields);
    Result<std::vector<User>> const users = people_.users();
    view.set(fields.has_nobody, users && users->empty());
    view.set(fields.action, visit.place.at("sign-in")).set(fields.name, visit.field("name")).set(fields.next, next_of(visit));
    view.set(fields.problem, problem);
    return frame_.page(visit, std::move(view), "Sign in", status);
}

http::Response AdminSignIn::code_form(AdminVisit const& visit, int status, std::string_view problem)
{
    auto const& fields = schema<CodePageSchema>();
    View view(fields);
    view.set(fields.action, visit.place.at("sign-in/code")).set(fields.next, next_of(visit)).set(fields.problem, problem);
    return frame_.page(visit, std::move(view), "Sign in", status);
}

http::Response AdminSignIn::answered(AdminVisit const& visit, SignInAnswer const& answer, bool for_code)
{
    auto const again = [&](int status, std::string_view problem) {
        return for_code ? code_form(visit, status, problem) : form(visit, status, problem);
    };
    switch (answer.outcome) {
    case Outcome::SignedIn: {
        http::Response response = http::redirect(303, next_of(visit));
        response.headers.add("Set-Cookie", session_cookie(*answer.token));
        response.headers.add("Set-Cookie", device_cookie(answer.device));
        return response;
    }
    case Outcome::CodeWanted: {
        AdminVisit half(visit.request, visit.place, visit.path, *answer.token);
        half.form = visit.form;
        http::Response response = code_form(half, 200, "");
        response.headers.add("Set-Cookie", visitor_cookie(*answer.token));
        return response;
    }
    case Outcome::Wrong:
        return again(403, for_code ? "That code is not right, or was used already." : "The name or the password is not right.");
    case Outcome::Throttled: {
        http::Response response = again(429, fmt::format("That was wrong too often. Try again in {}.", in_words(answer.wait)));
        response.headers.set("Retry-After", std::to_string(answer.wait.count()));
        return response;
    }
    case Outcome::Busy: {
        http::Response response = again(503, "Too many people sign in at this moment. Try again in a few seconds.");
        response.headers.set("Retry-After", "5");
        return response;
    }
    case Outcome::Failed: break;
    }
    return again(500, "Something is out of order here. The log says what.");
}

Task<http::Response> AdminSignIn::sign_in(AdminVisit visit)
{
    SignInAnswer const answer = co_await sign_in_.with_password(
        std::string(visit.field("name")), std::string(visit.field("password")), visit.visitor(), visit.cookie);
    co_return answered(visit, answer, false);
}

Task<http::Response> AdminSignIn::take_code(AdminVisit visit)
{
    if (!sign_in_.is_half_way(visit.cookie))
        co_return form(visit, 403, "That took too long, or too many tries. Begin again with your name and password.");
    SignInAnswer const answer = co_await sign_in_.with_code(visit.cookie, std::string(visit.field("code")), visit.visitor());
    co_return answered(visit, answer, true);
}

Task<http::Response> AdminSignIn::sign_out(AdminVisit visit)
{
    if (visit.who) {
        Result<void> const done = co_await sign_in_.sign_out(*visit.who, visit.visitor());
        if (!done)
            co_return frame_.out_of_order(visit, done.error());
    }
    http::Response response = http::redirect(303, visit.place.at("sign-in"));
    response.headers.add("Set-Cookie", no_cookie());
    co_return response;
}

http::Response AdminSignIn::link_is_gone(AdminVisit const& visit)
{
    return frame_.notice(visit, 410, "This link is used up",
        "It worked once, or its time is over. Ask for a new one; where there is no user yet, restart backtalk serve, which prints one.");
}

http::Response AdminSignIn::setup_form(AdminVisit const& visit, SetupLink const& link, int status, std::string_view problem)
{
    auto const& fields = schema<SetupPageSchema>();
    View view(fields);
    view.set(fields.action, visit.place.at("setup/" + visit.parts.front())).set(fields.is_first, !link.user);
    view.set(fields.characters_min, static_cast<std::int64_t>(accounts::password_characters_min)).set(fields.problem, problem);
    view.set(fields.name, visit.field("name"));
    if (link.user) {
        Result<std::optional<User>> const user = people_.user(*link.user);
        if (!user)
            return frame_.out_of_order(visit, user.error());
        if (!user->has_value())
            return link_is_gone(visit);
        view.set(fields.name, (**user).name.str());
    }
    return frame_.page(visit, std::move(view), link.user ? "Choose a password" : "Welcome", status);
}

http::Response AdminSignIn::show_setup(AdminVisit const& visit)
{
    auto const token = accounts::SecretToken::parse(visit.parts.front());
    if (!token)
        return link_is_gone(visit);
    Result<std::optional<SetupLink>> const link = accounts_.link(*token);
    if (!link)
        return frame_.out_of_order(visit, link.error());
    return link->has_value() ? setup_form(visit, **link, 200, "") : link_is_gone(visit);
}

Task<http::Response> AdminSignIn::set_up(AdminVisit visit)
{
    auto const token = accounts::SecretToken::parse(visit.parts.front());
    if (!token)
        co_return link_is_gone(visit);
    Result<std::optional<SetupLink>> const link = accounts_.link(*token);
    if (!link)
        co_return frame_.out_of_order(visit, link.error());
    if (!link->has_value())
        co_return link_is_gone(visit);
    if (visit.field("password") != visit.field("again"))
        co_return setup_form(visit, **link, 400, "The two passwords differ.");
    Result<User> const user =
        co_await accounts_.use_link(*token, std::string(visit.field("name")), std::string(visit.field("password")), visit.visitor());
    if (!user && user.error().code == ErrorCode::Malformed)
        co_return setup_form(visit, **link, 400, as_sentence(user.error().text));
    if (!user && user.error().may_pass())
        co_return frame_.out_of_order(visit, user.error());
    if (!user)
        co_return link_is_gone(visit);
    // Who has a second factor shows it, whoever may have the link.
    SignInAnswer answer(Outcome::Wrong);
    if (user->totp_secret.empty()) {
        answer = co_await sign_in_.start_session(*user, visit.visitor());
        co_return answered(visit, answer, false);
    }
    co_return http::redirect(303, visit.place.at("sign-in"));
}

}  // namespace backtalk::web
