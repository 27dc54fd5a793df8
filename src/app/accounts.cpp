#include "app/accounts.h"

#include <fmt/format.h>

#include "accounts/totp.h"
#include "base/counted.h"
#include "base/text.h"

namespace backtalk {

namespace {

using accounts::TokenKind;

constexpr std::chrono::hours first_owner_link_lives{1};
constexpr std::chrono::hours invitation_lives{24 * 3};
constexpr std::size_t token_name_characters_max = 100;

}  // namespace

Actor actor_of(User const& user, Visitor const& visitor) { return Actor(user.id, user.name.str(), visitor.address); }

Task<Result<void>> Accounts::note(Actor by, std::string what, std::string subject)
{
    Activity activity(std::move(by), std::move(what), std::move(subject));
    co_return co_await people_.note(std::move(activity));
}

Task<Result<std::string>> Accounts::hashed(std::string password, UserName owner)
{
    CO_TRY(accounts::Password chosen, accounts::Password::choose(password, owner));
    co_return co_await passwords_.hash(std::move(chosen));
}

Result<User> Accounts::named(std::string_view name)
{
    Result<UserName> const parsed = UserName::parse(name);
    std::optional<User> user;
    if (parsed) {
        TRY(user, people_.user(*parsed));
    }
    if (!user)
        return failure(ErrorCode::NotFound, fmt::format("there is no user {}: see backtalk user list", name));
    return *std::move(user);
}

Task<Result<User>> Accounts::add(std::string name, Role role, std::optional<std::string> password, Actor by)
{
    CO_TRY(UserName const user_name, UserName::parse(name));
    std::string hash;
    if (password) {
        CO_TRY(hash, co_await hashed(*std::move(password), user_name));
    }
    CO_TRY(User user, co_await people_.add_user(user_name, role, std::move(hash)));
    CO_TRY_DONE(co_await note(std::move(by), "added", fmt::format("{} as {}", user.name.str(), to_word(role))));
    co_return user;
}

Task<Result<void>> Accounts::set_role(User user, Role role, Actor by)
{
    CO_TRY_DONE(co_await people_.set_role(user.id, role));
    co_return co_await note(std::move(by), "changed the role", fmt::format("of {} to {}", user.name.str(), to_word(role)));
}

Task<Result<void>> Accounts::remove(User user, Actor by)
{
    CO_TRY_DONE(co_await people_.remove_user(user.id));
    co_return co_await note(std::move(by), "removed", user.name.str());
}

Task<Result<void>> Accounts::set_password(User user, std::string password, Actor by)
{
    CO_TRY(std::string hash, co_await hashed(std::move(password), user.name));
    CO_TRY_DONE(co_await people_.set_password(user.id, std::move(hash), std::nullopt));
    co_return co_await note(std::move(by), "set the password", fmt::format("of {}", user.name.str()));
}

Task<Result<void>> Accounts::forget_second_factor(User user, Actor by)
{
    std::vector<std::string> none;
    CO_TRY_DONE(co_await people_.set_totp(user.id, "", 0, std::move(none)));
    co_return co_await note(std::move(by), "turned off the second factor", fmt::format("of {}", user.name.str()));
}

Task<Result<void>> Accounts::end_sessions(User user, std::optional<SessionId> keep, Actor by)
{
    CO_TRY_DONE(co_await people_.end_sessions(user.id, keep));
    co_return co_await note(std::move(by), "signed out everywhere", user.name.str());
}

Task<Result<SecretToken>> Accounts::invite(User user, Actor by)
{
    SecretToken token = SecretToken::random();
    std::string hash = token.hash(TokenKind::SetupLink);
    CO_TRY_DONE(co_await people_.add_setup_link(std::move(hash), user.id, clock_.now() + invitation_lives));
    CO_TRY_DONE(co_await note(std::move(by), "made a link", fmt::format("by which {} chooses a password", user.name.str())));
    co_return token;
}

Task<Result<std::optional<SecretToken>>> Accounts::first_owner_link()
{
    CO_TRY(std::vector<User> const users, people_.users());
    if (!users.empty())
        co_return std::optional<SecretToken>();
    SecretToken token = SecretToken::random();
    std::string hash = token.hash(TokenKind::SetupLink);
    CO_TRY_DONE(co_await people_.add_setup_link(std::move(hash), std::nullopt, clock_.now() + first_owner_link_lives));
    co_return std::optional<SecretToken>(std::move(token));
}

Result<std::optional<SetupLink>> Accounts::link(SecretToken const& token) { return people_.setup_link(token.hash(TokenKind::SetupLink)); }

Task<Result<User>> Accounts::use_link(SecretToken token, std::string name, std::string password, Visitor visitor)
{
    std::string hash = token.hash(TokenKind::SetupLink);
    CO_TRY(std::optional<SetupLink> const found, people_.setup_link(hash));
    if (!found)
        co_return failure(ErrorCode::NotFound, "The link was used, or has expired.");
    std::optional<UserName> chosen;
    std::optional<UserName> owner;
    if (found->user) {
        CO_TRY(std::optional<User> const user, people_.user(*found->user));
        if (user)
            owner = user->name;
    } else {
        CO_TRY(UserName parsed, UserName::parse(name));
        chosen = owner = std::move(parsed);
    }
    if (!owner)
        co_return failure(ErrorCode::NotFound, "The link was used, or has expired.");
    CO_TRY(std::string password_hash, co_await hashed(std::move(password), *owner));
    CO_TRY(User user, co_await people_.use_setup_link(std::move(hash), std::move(chosen), std::move(password_hash)));
    CO_TRY_DONE(co_await note(actor_of(user, visitor), found->user ? "chose a password" : "became the first owner", "by a link"));
    co_return user;
}

Task<Result<void>> Accounts::change_password(SignedIn who, std::string present, std::string fresh, Visitor visitor)
{
    CO_TRY_DONE(co_await sign_in_.confirm(who, std::move(present)));
    CO_TRY(std::string hash, co_await hashed(std::move(fresh), who.user.name));
    CO_TRY_DONE(co_await people_.set_password(who.user.id, std::move(hash), who.session.id));
    co_return co_await note(actor_of(who.user, visitor), "changed the password", "");
}

Task<Result<std::vector<std::string>>> Accounts::turn_on_totp(
    SignedIn who, std::string secret_text, std::string code, std::string password, Visitor visitor)
{
    auto const secret = accounts::TotpSecret::parse(secret_text);
    auto const step = secret ? secret->matching_step(code, clock_.now(), 0) : std::nullopt;
    if (!step)
        co_return failure(ErrorCode::Malformed, "That is not the code that the app shows now. Is the clock of the phone right?");
    CO_TRY_DONE(co_await sign_in_.confirm(who, std::move(password)));
    std::vector<std::string> codes = accounts::random_recovery_codes();
    std::vector<std::string> hashes;
    for (std::string const& each : codes)
        hashes.push_back(accounts::recovery_code_hash(each).value());
    CO_TRY_DONE(co_await people_.set_totp(who.user.id, secret->base32(), *step, std::move(hashes)));
    // Whoever has signed in elsewhere did so without it.
    CO_TRY_DONE(co_await people_.end_sessions(who.user.id, who.session.id));
    CO_TRY_DONE(co_await note(actor_of(who.user, visitor), "turned on the second factor", ""));
    co_return codes;
}

Task<Result<void>> Accounts::turn_off_totp(SignedIn who, std::string password, Visitor visitor)
{
    CO_TRY_DONE(co_await sign_in_.confirm(who, std::move(password)));
    co_return co_await forget_second_factor(who.user, actor_of(who.user, visitor));
}

Task<Result<void>> Accounts::end_session(SignedIn who, SessionId session, Visitor visitor)
{
    CO_TRY_DONE(co_await people_.end_session(who.user.id, session));
    co_return co_await note(actor_of(who.user, visitor), "ended a session", "");
}

Task<Result<std::string>> Accounts::add_token(User user, std::string name, Scopes scopes, Actor by)
{
    std::string label = folded_space(without_controls(repaired_utf8(name)));
    if (label.empty() || code_point_count(label) > token_name_characters_max)
        co_return failure(ErrorCode::Malformed, "a token has a name, of at most 100 characters, that says which program has it");
    if (scopes.empty())
        co_return failure(ErrorCode::Malformed, "a token is for something: read, moderate or write");
    SecretToken const token = SecretToken::random();
    std::string hash = token.hash(TokenKind::Application);
    CO_TRY_DONE(co_await people_.add_app_token(user.id, label, scopes, std::move(hash)));
    CO_TRY_DONE(co_await note(std::move(by), "added a token", fmt::format("{} ({}) of {}", label, scopes.str(), user.name.str())));
    co_return application_token_text(token);
}

Task<Result<void>> Accounts::remove_token(std::optional<UserId> of, AppTokenId id, Actor by)
{
    CO_TRY_DONE(co_await people_.remove_app_token(of, id));
    co_return co_await note(std::move(by), "removed a token", fmt::format("number {}", id.value));
}

Task<Result<void>> Accounts::close_other_ways_in(User user, Actor by)
{
    CO_TRY_DONE(co_await people_.close_other_ways_in(user.id));
    co_return co_await note(std::move(by), "removed all tokens and the feed of the digest", fmt::format("of {}", user.name.str()));
}

std::string sentence_of(OtherWaysIn const& ways)
{
    std::string const tokens = counted(ways.tokens, "a token of a program", "tokens of programs");
    constexpr std::string_view feed = "the feed of the digest";
    if (ways.empty())
        return {};
    if (ways.tokens > 0 && ways.has_feed)
        return fmt::format("{} and {} still work", tokens, feed);
    return fmt::format("{} still work{}", ways.has_feed ? feed : tokens, ways.has_feed || ways.tokens == 1 ? "s" : "");
}

}  // namespace backtalk
