#include "web/admin_people.h"

#include <fmt/format.h>

namespace backtalk::web {

namespace {

void add_roles(View& view, ListField const& list, Role chosen)
{
    auto const& fields = schema<ChoiceSchema>();
    for (Role const role : accounts::all_roles()) {
        View& choice = view.add(list).set(fields.value, to_word(role)).set(fields.is_chosen, role == chosen);
        choice.set(fields.label, fmt::format("{}: {}", to_word(role), sentence_of(role)));
    }
}

Result<Role> role_of(AdminVisit const& visit)
{
    auto const role = accounts::role_named(visit.field("role"));
    if (!role)
        return failure(ErrorCode::Malformed, "there is no such role");
    return *role;
}

}  // namespace

void AdminPeople::add_to(AdminTable& table)
{
    table.get("people", Action::ManagePeople, *this, &AdminPeople::list);
    table.post("people", Action::ManagePeople, *this, &AdminPeople::add);
    table.post("people/{id}/role", Action::ManagePeople, *this, &AdminPeople::set_role);
    table.post("people/{id}/link", Action::ManagePeople, *this, &AdminPeople::make_link);
    table.post("people/{id}/sign-out", Action::ManagePeople, *this, &AdminPeople::sign_out);
    table.post("people/{id}/forget-factor", Action::ManagePeople, *this, &AdminPeople::forget_factor);
    table.post("people/{id}/remove", Action::ManagePeople, *this, &AdminPeople::remove);
}

http::Response AdminPeople::list(AdminVisit const& visit)
{
    Result<std::vector<User>> const users = people_.users();
    if (!users)
        return frame_.out_of_order(visit, users.error());
    auto const& fields = schema<PeoplePageSchema>();
    auto const& person = schema<PersonSchema>();
    View view(fields);
    for (User const& user : *users) {
        View& shown = view.add(fields.people).set(person.name, user.name.str()).set(person.role, to_word(user.role));
        shown.set(person.is_self, user.id == visit.user().id).set(person.has_password, !user.password.empty());
        shown.set(person.has_totp, !user.totp_secret.empty());
        if (user.signed_in)
            shown.set(person.signed_in, shown_time(*user.signed_in)).set(person.signed_in_iso, rfc3339(*user.signed_in));
        add_roles(shown, person.roles, user.role);
        auto const at = [&](std::string_view what) { return visit.place.at(fmt::format("people/{}/{}", user.id.value, what)); };
        shown.set(person.role_url, at("role")).set(person.link_url, at("link"));
        shown.set(person.sign_out_url, at("sign-out")).set(person.remove_url, at("remove"));
        shown.set(person.forget_factor_url, at("forget-factor"));
    }
    add_roles(view, fields.roles, Role::Author);
    view.set(fields.add_url, visit.place.at("people"));
    return frame_.page(visit, std::move(view), "People");
}

Result<User> AdminPeople::person(AdminVisit const& visit)
{
    TRY(std::optional<User> user, people_.user(UserId(visit.id())));
    if (!user)
        return failure(ErrorCode::NotFound, "there is nobody of that number any more");
    return *std::move(user);
}

http::Response AdminPeople::with_link(AdminVisit const& visit, User const& user, Result<SecretToken> const& token, std::string sentence)
{
    std::string const next = visit.place.at("people");
    if (!token)
        return frame_.failed(visit, next, token.error());
    AdminMessage message(AdminMessage::Kind::Done,
        fmt::format("{} Give {} this link. It works once, within three days, and is shown only now:", sentence, user.name.str()));
    message.secret = visit.place.origin + visit.place.at("setup/" + token->str());
    return frame_.done(visit, next, std::move(message));
}

Task<http::Response> AdminPeople::add(AdminVisit visit)
{
    std::string const next = visit.place.at("people");
    Result<Role> const role = role_of(visit);
    if (!role)
        co_return frame_.failed(visit, next, role.error());
    Confirmation question(
        fmt::format("Add {}?", visit.field("name")), fmt::format("As {}: {}.", to_word(*role), sentence_of(*role)), "Add them", next);
    if (auto asked = co_await confirm_.ask(visit, std::move(question)))
        co_return *std::move(asked);
    Result<User> const user = co_await accounts_.add(std::string(visit.field("name")), *role, std::nullopt, visit.actor());
    if (!user)
        co_return frame_.failed(visit, next, user.error());
    Result<SecretToken> const token = co_await accounts_.invite(*user, visit.actor());
    co_return with_link(visit, *user, token, fmt::format("{} is added.", user->name.str()));
}

Task<http::Response> AdminPeople::set_role(AdminVisit visit)
{
    std::string const next = visit.place.at("people");
    Result<User> const user = person(visit);
    if (!user)
        co_return frame_.failed(visit, next, user.error());
    Result<Role> const role = role_of(visit);
    if (!role)
        co_return frame_.failed(visit, next, role.error());
    Confirmation question(fmt::format("Make {} {}?", user->name.str(), to_word(*role)),
        fmt::format("{}: {}.", user->name.str(), sentence_of(*role)), fmt::format("Make them {}", to_word(*role)), next);
    if (auto asked = co_await confirm_.ask(visit, std::move(question)))
        co_return *std::move(asked);
    Result<void> const done = co_await accounts_.set_role(*user, *role, visit.actor());
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    co_return frame_.done(visit, next, fmt::format("{} is {} now.", user->name.str(), to_word(*role)));
}

http::Response AdminPeople::sent_to_account(AdminVisit const& visit, std::string_view reason)
{
    return frame_.failed(visit, visit.place.at("account"), Error(ErrorCode::Refused, std::string(reason)));
}

Task<http::Response> AdminPeople::make_link(AdminVisit visit)
{
    std::string const next = visit.place.at("people");
    Result<User> const user = person(visit);
    if (!user)
        co_return frame_.failed(visit, next, user.error());
    if (user->id == visit.user().id)
        co_return sent_to_account(visit, "your own password is changed here, by who knows the present one");
    Confirmation question(fmt::format("Make a password link for {}?", user->name.str()),
        "Whoever has it chooses a password for that account. The present one holds until then.", "Make the link", next);
    if (auto asked = co_await confirm_.ask(visit, std::move(question)))
        co_return *std::move(asked);
    Result<SecretToken> const token = co_await accounts_.invite(*user, visit.actor());
    co_return with_link(visit, *user, token, "The present password holds until the link is used.");
}

Task<http::Response> AdminPeople::sign_out(AdminVisit visit)
{
    std::string const next = visit.place.at("people");
    Result<User> const user = person(visit);
    if (!user)
        co_return frame_.failed(visit, next, user.error());
    std::optional<SessionId> keep;
    if (user->id == visit.user().id)
        keep = visit.who->session.id;
    Result<void> const done = co_await accounts_.end_sessions(*user, keep, visit.actor());
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    co_return frame_.done(visit, next, fmt::format("{} is signed out everywhere{}.", user->name.str(), keep ? " else" : ""));
}

Task<http::Response> AdminPeople::forget_factor(AdminVisit visit)
{
    std::string const next = visit.place.at("people");
    Result<User> const user = person(visit);
    if (!user)
        co_return frame_.failed(visit, next, user.error());
    if (user->id == visit.user().id)
        co_return sent_to_account(visit, "your own second factor is turned off here");
    Confirmation question(fmt::format("Turn off the second factor of {}?", user->name.str()), "They sign in with the password alone then.",
        "Turn it off", next);
    if (auto asked = co_await confirm_.ask(visit, std::move(question)))
        co_return *std::move(asked);
    Result<void> const done = co_await accounts_.forget_second_factor(*user, visit.actor());
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    co_return frame_.done(visit, next, fmt::format("{} signs in with the password alone now.", user->name.str()));
}

Task<http::Response> AdminPeople::remove(AdminVisit visit)
{
    std::string const next = visit.place.at("people");
    Result<User> const user = person(visit);
    if (!user)
        co_return frame_.failed(visit, next, user.error());
    Confirmation question(fmt::format("Remove {}?", user->name.str()),
        "They are signed out at once, and their tokens stop working. What they wrote stays.", fmt::format("Remove {}", user->name.str()),
        next);
    if (auto asked = co_await confirm_.ask(visit, std::move(question)))
        co_return *std::move(asked);
    Result<void> const done = co_await accounts_.remove(*user, visit.actor());
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    co_return frame_.done(visit, next, fmt::format("{} is removed.", user->name.str()));
}

}  // namespace backtalk::web
