#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/password_work.h"
#include "app/people.h"
#include "app/sign_in.h"

namespace backtalk {

/// What is done about people, by the owner's pages and by the command line alike: everything checked, everything noted in the activity.
///
/// Errors: those of People, and Malformed with a sentence for who filled in the form.
class Accounts {
public:
    Accounts(People& people, PasswordWork& passwords, SignIn& sign_in, Clock const& clock)
        : people_(people), passwords_(passwords), sign_in_(sign_in), clock_(clock)
    {
    }

    // By owners
    /// Without a password: somebody who is yet to choose one, by invite().
    Task<Result<User>> add(std::string name, Role role, std::optional<std::string> password, Actor by);
    Task<Result<void>> set_role(User user, Role role, Actor by);
    Task<Result<void>> remove(User user, Actor by);
    Task<Result<void>> set_password(User user, std::string password, Actor by);
    /// For who has lost phone and recovery codes.
    Task<Result<void>> forget_second_factor(User user, Actor by);
    Task<Result<void>> end_sessions(User user, std::optional<SessionId> keep, Actor by);
    /// A link by which the user chooses a password, once, within three days.
    Task<Result<SecretToken>> invite(User user, Actor by);

    // By who holds a link that works once
    /// By which the first owner is made, once, within an hour. Nothing if there is a user.
    Task<Result<std::optional<SecretToken>>> first_owner_link();
    Result<std::optional<SetupLink>> link(SecretToken const& token);
    /// `name` counts for the first owner only.
    Task<Result<User>> use_link(SecretToken token, std::string name, std::string password, Visitor visitor);

    // By everybody, about themselves
    Task<Result<void>> change_password(SignedIn who, std::string present, std::string fresh, Visitor visitor);
    /// The recovery codes, to be shown once. Errors: Refused (the password), Malformed (the code is not that of the secret now).
    Task<Result<std::vector<std::string>>> turn_on_totp(
        SignedIn who, std::string secret, std::string code, std::string password, Visitor visitor);
    Task<Result<void>> turn_off_totp(SignedIn who, std::string password, Visitor visitor);
    Task<Result<void>> end_session(SignedIn who, SessionId session, Visitor visitor);

    // Tokens of programs
    /// The token, to be shown once: "bt_…".
    Task<Result<std::string>> add_token(User user, std::string name, Scopes scopes, Actor by);
    /// `of`: only if it is theirs.
    Task<Result<void>> remove_token(std::optional<UserId> of, AppTokenId id, Actor by);

    /// Removes them all, and the address of the digest's feed.
    Task<Result<void>> close_other_ways_in(User user, Actor by);

    /// The user of that name. Errors: NotFound.
    Result<User> named(std::string_view name);

private:
    Task<Result<std::string>> hashed(std::string password, UserName owner);
    Task<Result<void>> note(Actor by, std::string what, std::string subject);

    People& people_;
    PasswordWork& passwords_;
    SignIn& sign_in_;
    Clock const& clock_;
};

/// "2 tokens of programs and the feed of the digest still work". Empty if there is nothing.
std::string sentence_of(OtherWaysIn const& ways);

Actor actor_of(User const& user, Visitor const& visitor);

}  // namespace backtalk
