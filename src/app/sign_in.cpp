#include "app/sign_in.h"

#include <algorithm>

#include <fmt/format.h>

#include "accounts/totp.h"
#include "app/change_keys.h"
#include "base/text.h"
#include "url/address.h"

namespace backtalk {

namespace {

using accounts::TokenKind;
using Outcome = SignInAnswer::Outcome;

constexpr std::chrono::minutes seen_to{10};
constexpr std::chrono::hours used_to{1};
constexpr std::chrono::minutes half_way_for{5};
constexpr std::size_t half_ways_max = 1000;
constexpr int codes_on_half_way = 5;
constexpr std::size_t sessions_kept = 10'000;

std::chrono::steady_clock::time_point now_steady() { return std::chrono::steady_clock::now(); }

SignInAnswer throttled(std::chrono::seconds wait)
{
    SignInAnswer answer(Outcome::Throttled);
    answer.wait = wait;
    return answer;
}

SignInAnswer trouble(Error const& error) { return SignInAnswer(error.may_pass() ? Outcome::Busy : Outcome::Failed); }

/// What the throttle counts by: also names that nobody could have.
std::string account_key(std::string_view name) { return ascii_lower(folded_space(name).substr(0, 256)); }

/// Whether that address is one that the account came from and is signed in from now, or this machine itself, where its owner has a way in
/// by a tunnel.
bool is_familiar(std::vector<Session> const& sessions, Visitor const& visitor)
{
    auto const own = Address::parse(visitor.address);
    if (own && own->is_loopback())
        return true;
    return std::ranges::any_of(sessions, [&](Session const& session) {
        auto const address = Address::parse(session.address);
        return address && address->network() == visitor.network;
    });
}

}  // namespace

SignIn::SignIn(People& people, PasswordWork& passwords, Clock const& clock, Log& log)
    : people_(people), passwords_(passwords), clock_(clock), log_(log)
{
}

Task<SignInAnswer> SignIn::with_password(std::string name, std::string password, Visitor visitor, std::optional<SecretToken> present)
{
    Result<UserName> const user_name = UserName::parse(name);
    std::optional<User> user;
    if (user_name) {
        Result<std::optional<User>> known = people_.user(*user_name);
        if (!known)
            co_return trouble(known.error());
        user = *std::move(known);
    }
    Result<accounts::Attempt> const attempt = attempt_at(name, user, visitor);
    if (!attempt)
        co_return trouble(attempt.error());
    if (auto const wait = throttle_.begin(*attempt, now_steady())) {
        log_.info(fmt::format("a sign-in from {} must wait {} s", visitor.address, wait->count()));
        co_return throttled(*wait);
    }
    // A name that nobody has takes as long.
    std::string const hash = user ? user->password : std::string();
    Result<bool> const is_right = co_await passwords_.verify(hash, password);
    if (!is_right) {
        throttle_.withdrawn(*attempt);
        co_return trouble(is_right.error());
    }
    if (!*is_right) {
        // Not what was typed: who slips into the wrong field types a password there.
        log_.warning(
            fmt::format("sign-in from {} failed: {}", visitor.address, user ? "a wrong password for " + user->name.str() : "no such name"));
        // NB: of names that nobody has as well, and not by that name. An answer that waits for the disk or does not would tell who exists.
        std::string tried = user ? "as " + user->name.str() : "with a name that nobody has";
        (void)co_await people_.note_failed_sign_in(std::move(tried), std::move(visitor));
        co_return SignInAnswer(Outcome::Wrong);
    }
    if (accounts::needs_rehash(hash)) {
        if (auto const same = accounts::Password::choose(password, user->name)) {
            Result<std::string> const renewed = co_await passwords_.hash(*same);
            if (renewed) {
                Result<void> const kept = co_await people_.renew_password_hash(user->id, *renewed);
                if (kept)
                    user->password = *renewed;
            }
        }
    }
    if (Result<void> const ended = co_await end_present(std::move(present)); !ended)
        co_return trouble(ended.error());
    if (!user->totp_secret.empty()) {
        // Neither right nor wrong yet: else a right password would wipe out the wrong codes.
        throttle_.withdrawn(*attempt);
        SignInAnswer answer(Outcome::CodeWanted);
        answer.token = remember_half(*user);
        co_return answer;
    }
    throttle_.succeeded(*attempt);
    co_return co_await start_session(*std::move(user), std::move(visitor));
}

Task<SignInAnswer> SignIn::with_code(SecretToken token, std::string code, Visitor visitor)
{
    std::optional<HalfWay> const half_way = half(token);
    if (!half_way)
        co_return SignInAnswer(Outcome::Wrong);
    Result<std::optional<User>> const known = people_.user(half_way->user);
    if (!known)
        co_return trouble(known.error());
    if (!known->has_value() || (*known)->password != half_way->password) {
        forget_half(token);
        co_return SignInAnswer(Outcome::Wrong);
    }
    User user = **known;
    Result<accounts::Attempt> attempt = attempt_at(user.name.str(), user, visitor);
    if (!attempt)
        co_return trouble(attempt.error());
    // A recovery code has 60 bits, which nobody guesses: it is a way in whatever somebody does who has the password.
    if (!accounts::recovery_code_hash(code))
        attempt->step = accounts::Attempt::Step::Code;
    if (auto const wait = throttle_.begin(*attempt, now_steady()))
        co_return throttled(*wait);
    if (!count_code(token)) {
        throttle_.withdrawn(*attempt);
        co_return SignInAnswer(Outcome::Wrong);
    }
    Result<bool> const is_right = co_await takes_code(user, std::move(code));
    if (!is_right) {
        throttle_.withdrawn(*attempt);
        co_return trouble(is_right.error());
    }
    if (!*is_right) {
        log_.warning(fmt::format("sign-in as '{}' from {} failed at the second factor", user.name.str(), visitor.address));
        std::string tried = fmt::format("as {}, at the second factor", user.name.str());
        (void)co_await people_.note_failed_sign_in(std::move(tried), std::move(visitor));
        co_return SignInAnswer(Outcome::Wrong);
    }
    throttle_.succeeded(*attempt);
    forget_half(token);
    co_return co_await start_session(std::move(user), std::move(visitor));
}

Result<accounts::Attempt> SignIn::attempt_at(std::string_view name, std::optional<User> const& user, Visitor const& visitor)
{
    using Comer = accounts::Attempt::Comer;
    auto const device = accounts::proved_device(visitor.device, user ? user->password : "");
    // NB: asked for names that nobody has as well, so that they take as long.
    TRY(std::vector<Session> const sessions, people_.sessions(user ? user->id : UserId(0)));
    if (device)
        return accounts::Attempt(account_key(name), device->str(), Comer::Familiar);
    return accounts::Attempt(account_key(name), visitor.network, is_familiar(sessions, visitor) ? Comer::Familiar : Comer::Stranger);
}

Task<Result<bool>> SignIn::takes_code(User user, std::string code)
{
    auto const secret = accounts::TotpSecret::parse(user.totp_secret);
    auto const step = secret ? secret->matching_step(code, clock_.now(), user.totp_step) : std::nullopt;
    if (step)
        co_return co_await people_.take_totp_step(user.id, *step);
    std::optional<std::string> recovery = accounts::recovery_code_hash(code);
    if (!recovery)
        co_return false;
    co_return co_await people_.take_recovery_code(user.id, *std::move(recovery));
}

Task<SignInAnswer> SignIn::start_session(User user, Visitor visitor)
{
    Instant const now = clock_.now();
    Result<void> const purged = co_await people_.purge_sessions(now - age_max, now - idle_max);
    if (!purged)
        co_return trouble(purged.error());
    SecretToken token = SecretToken::random();
    std::string hash = token.hash(TokenKind::Session);
    Result<Session> const session = co_await people_.start_session(user.id, std::move(hash), visitor);
    if (!session)
        co_return trouble(session.error());
    Activity activity(Actor(user.id, user.name.str(), visitor.address), "signed in", "");
    (void)co_await people_.note(std::move(activity));
    SignInAnswer answer(Outcome::SignedIn);
    answer.token = std::move(token);
    auto const device = accounts::proved_device(visitor.device, user.password);
    answer.device = accounts::device_proof(device ? *device : SecretToken::random(), user.password);
    co_return answer;
}

Task<Result<void>> SignIn::end_present(std::optional<SecretToken> present)
{
    if (!present)
        co_return Result<void>();
    CO_TRY(std::shared_ptr<SignedIn const> const old, co_await find(*std::move(present)));
    if (!old)
        co_return Result<void>();
    co_return co_await people_.end_session(old->user.id, old->session.id);
}

Task<Result<std::shared_ptr<SignedIn const>>> SignIn::find(SecretToken cookie)
{
    std::string hash = cookie.hash(TokenKind::Session);
    std::shared_ptr<SignedIn const> known;
    std::uint64_t version = 0;
    {
        std::scoped_lock const lock(mutex_);
        version = version_;
        if (auto const found = sessions_.find(hash); found != sessions_.end())
            known = found->second;
    }
    if (!known) {
        CO_TRY(auto stored, people_.session(hash));
        if (!stored)
            co_return nullptr;
        known = std::make_shared<SignedIn const>(std::move(stored->first), std::move(stored->second));
        std::scoped_lock const lock(mutex_);
        if (sessions_.size() >= sessions_kept)
            sessions_.clear();
        if (version == version_)  // else something changed while it was read
            sessions_.emplace(std::move(hash), known);
    }
    Instant const now = clock_.now();
    if (now - known->session.started > age_max || now - known->session.seen > idle_max) {
        CO_TRY_DONE(co_await people_.end_session(known->user.id, known->session.id));
        co_return nullptr;
    }
    if (now - known->session.seen >= seen_to)
        CO_TRY_DONE(co_await people_.note_seen(known->session.id));
    co_return known;
}

Task<Result<std::shared_ptr<Program const>>> SignIn::find_program(std::string text)
{
    std::string_view rest = text;
    if (!rest.starts_with(accounts::application_token_prefix))
        co_return nullptr;
    rest.remove_prefix(accounts::application_token_prefix.size());
    auto const token = SecretToken::parse(rest);
    if (!token)
        co_return nullptr;
    CO_TRY(auto stored, people_.app_token(token->hash(TokenKind::Application)));
    if (!stored)
        co_return nullptr;
    auto program = std::make_shared<Program const>(std::move(stored->first), std::move(stored->second));
    if (!program->token.used || clock_.now() - *program->token.used >= used_to)
        CO_TRY_DONE(co_await people_.note_used(program->token.id));
    co_return program;
}

Task<Result<void>> SignIn::sign_out(SignedIn who, Visitor visitor)
{
    CO_TRY_DONE(co_await people_.end_session(who.user.id, who.session.id));
    Activity activity(Actor(who.user.id, who.user.name.str(), visitor.address), "signed out", "");
    co_return co_await people_.note(std::move(activity));
}

Task<Result<void>> SignIn::confirm(SignedIn who, std::string password)
{
    // By session, whatever network it comes from: who has stolen a cookie shall not guess from many.
    accounts::Attempt const attempt(
        account_key(who.user.name.str()), fmt::format("session {}", who.session.id.value), accounts::Attempt::Comer::Familiar);
    if (auto const wait = throttle_.begin(attempt, now_steady()))
        co_return failure(ErrorCode::Busy, fmt::format("That was wrong too often. Try again in {} seconds.", wait->count()));
    Result<bool> const is_right = co_await passwords_.verify(who.user.password, std::move(password));
    if (!is_right) {
        throttle_.withdrawn(attempt);
        co_return std::unexpected(is_right.error());
    }
    if (!*is_right)
        co_return failure(ErrorCode::Refused, "That is not your password.");
    throttle_.succeeded(attempt);
    co_return Result<void>();
}

void SignIn::changed(std::span<std::string const> keys)
{
    if (std::ranges::find(keys, key_of_people()) == keys.end())
        return;
    std::scoped_lock const lock(mutex_);
    ++version_;
    sessions_.clear();
}

SecretToken SignIn::remember_half(User const& user)
{
    SecretToken token = SecretToken::random();
    Instant const now = clock_.now();
    std::scoped_lock const lock(mutex_);
    std::erase_if(half_ways_, [&](auto const& each) { return each.second.expires < now; });
    if (half_ways_.size() >= half_ways_max)
        half_ways_.clear();
    half_ways_.emplace(token.hash(TokenKind::Session), HalfWay{user.id, user.password, now + half_way_for});
    return token;
}

std::optional<SignIn::HalfWay> SignIn::half(SecretToken const& token)
{
    std::scoped_lock const lock(mutex_);
    auto const found = half_ways_.find(token.hash(TokenKind::Session));
    if (found == half_ways_.end() || found->second.expires < clock_.now())
        return std::nullopt;
    return found->second;
}

bool SignIn::count_code(SecretToken const& token)
{
    std::scoped_lock const lock(mutex_);
    auto const found = half_ways_.find(token.hash(TokenKind::Session));
    if (found == half_ways_.end())
        return false;
    if (++found->second.codes == codes_on_half_way)
        half_ways_.erase(found);
    return true;
}

bool SignIn::is_half_way(SecretToken const& token) { return half(token).has_value(); }

void SignIn::forget_half(SecretToken const& token)
{
    std::scoped_lock const lock(mutex_);
    half_ways_.erase(token.hash(TokenKind::Session));
}

std::string application_token_text(SecretToken const& token) { return std::string(accounts::application_token_prefix) + token.str(); }

}  // namespace backtalk
