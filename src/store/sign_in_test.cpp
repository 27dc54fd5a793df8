#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "accounts/totp.h"
#include "store/people_test_world.h"

using namespace backtalk;
using Outcome = SignInAnswer::Outcome;

namespace {

std::string bytes_of(std::filesystem::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

/// Turns on the second factor of who is signed in by `cookie`; the secret and the recovery codes.
struct SecondFactor {
    accounts::TotpSecret secret;
    std::vector<std::string> codes;
};
SecondFactor second_factor(PeopleWorld& world, SecretToken const& cookie)
{
    accounts::TotpSecret secret = accounts::TotpSecret::random();
    std::string code = secret.code_at(world.clock.now().time_since_epoch().count() / 30);
    auto codes = world.done(
        world.accounts.turn_on_totp(*world.found(cookie), secret.base32(), std::move(code), PeopleWorld::password, PeopleWorld::visitor()));
    return SecondFactor{std::move(secret), std::move(codes)};
}

}  // namespace

TEST_CASE("a right password opens a session", "[sign-in]")
{
    PeopleWorld world;
    User const ada = world.user_with_password("Ada");
    SignInAnswer const answer = world.try_to_sign_in("ada", PeopleWorld::password);
    REQUIRE(answer.outcome == Outcome::SignedIn);
    auto const who = world.found(*answer.token);
    REQUIRE(who);
    CHECK(who->user.id == ada.id);
    CHECK(who->session.address == "192.0.2.1");
    CHECK(world.fresh(ada).signed_in == world.clock.now());
}

TEST_CASE("wrong names and wrong passwords hear the same", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    world.user("invited", Role::Author);
    CHECK(world.try_to_sign_in("ada", "a harbour by day").outcome == Outcome::Wrong);
    CHECK(world.try_to_sign_in("nobody", PeopleWorld::password).outcome == Outcome::Wrong);
    CHECK(world.try_to_sign_in("invited", "").outcome == Outcome::Wrong);
    CHECK(world.try_to_sign_in("", "").outcome == Outcome::Wrong);
    CHECK(world.try_to_sign_in("a\x01\xff", "x").outcome == Outcome::Wrong);
}

TEST_CASE("who guesses waits, and whoever comes from elsewhere does not", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    for (int i = 0; i < 5; ++i)
        CHECK(world.try_to_sign_in("ada", "guess").outcome == Outcome::Wrong);
    SignInAnswer const waits = world.try_to_sign_in("ada", PeopleWorld::password);
    CHECK(waits.outcome == Outcome::Throttled);
    CHECK(waits.wait.count() > 0);
    CHECK(world.try_to_sign_in("ada", PeopleWorld::password, PeopleWorld::visitor("198.51.100.7")).outcome == Outcome::SignedIn);
}

TEST_CASE("guessing from many networks is slow, and keeps nobody out of where they have been", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    SecretToken const at_home = world.signed_in();
    Visitor laptop = PeopleWorld::visitor("198.51.100.7");
    SignInAnswer const elsewhere = world.try_to_sign_in("ada", PeopleWorld::password, laptop);
    REQUIRE(elsewhere.outcome == Outcome::SignedIn);
    world.done(world.sign_in.sign_out(*world.found(*elsewhere.token), laptop));
    int looked_at = 0;
    for (int i = 0; i < 60; ++i)
        for (std::string_view const name : {"ada", "nobody"}) {
            Visitor const guesser = PeopleWorld::visitor("2001:db8:" + std::to_string(i) + "::1");
            looked_at += world.try_to_sign_in(std::string(name), "guess", guesser).outcome == Outcome::Wrong ? 1 : 0;
        }
    CHECK(looked_at < 110);
    Visitor const stranger = PeopleWorld::visitor("203.0.113.9");
    CHECK(world.try_to_sign_in("ada", PeopleWorld::password, stranger).outcome == Outcome::Throttled);
    CHECK(world.try_to_sign_in("nobody", PeopleWorld::password, stranger).outcome == Outcome::Throttled);
    // From the network of a session; on a device that was signed in; on the machine itself, by a tunnel.
    CHECK(world.try_to_sign_in("ada", PeopleWorld::password, PeopleWorld::visitor("192.0.2.200")).outcome == Outcome::SignedIn);
    CHECK(world.try_to_sign_in("ada", PeopleWorld::password, PeopleWorld::visitor("127.0.0.1")).outcome == Outcome::SignedIn);
    laptop = stranger;
    laptop.device = elsewhere.device;
    SignInAnswer const on_it = world.try_to_sign_in("ada", PeopleWorld::password, laptop);
    CHECK(on_it.outcome == Outcome::SignedIn);
    CHECK(on_it.device == elsewhere.device);
}

TEST_CASE("a device is known for its own account, and until the password changes", "[sign-in]")
{
    PeopleWorld world;
    User const ada = world.user_with_password("ada");
    world.user_with_password("eve", Role::Author);
    world.user("invited", Role::Author);
    Visitor eves = PeopleWorld::visitor("198.51.100.7");
    eves.device = world.try_to_sign_in("eve", PeopleWorld::password, eves).device;
    Visitor adas = PeopleWorld::visitor("203.0.113.9");
    adas.device = world.try_to_sign_in("ada", PeopleWorld::password, adas).device;
    world.done(world.accounts.set_password(ada, "another long one", Actor::command_line()));
    for (int i = 0; i < 60; ++i)
        (void)world.try_to_sign_in("ada", "guess", PeopleWorld::visitor("2001:db8:" + std::to_string(i) + "::1"));
    CHECK(world.try_to_sign_in("ada", "another long one", eves).outcome == Outcome::Throttled);
    CHECK(world.try_to_sign_in("ada", "another long one", adas).outcome == Outcome::Throttled);
}

TEST_CASE("codes cannot be guessed, from however many networks", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    SecretToken const here = world.signed_in();
    SecondFactor const factor = second_factor(world, here);
    world.clock.advance(std::chrono::minutes(2));
    std::string const right = factor.secret.code_at(world.clock.now().time_since_epoch().count() / 30);
    int number = 0;
    auto const from_elsewhere = [&] { return PeopleWorld::visitor("2001:db8:" + std::to_string(number++) + "::1"); };
    auto const half_way = [&](Visitor visitor) { return world.try_to_sign_in("ada", PeopleWorld::password, std::move(visitor)).token; };

    // One token takes five codes.
    SecretToken const token = half_way(from_elsewhere()).value();
    for (int i = 0; i < 5; ++i)
        CHECK(world.run(world.sign_in.with_code(token, "000000", from_elsewhere())).outcome == Outcome::Wrong);
    CHECK_FALSE(world.sign_in.is_half_way(token));
    CHECK(world.run(world.sign_in.with_code(token, right, from_elsewhere())).outcome == Outcome::Wrong);
    int looked_at = 5;
    for (int i = 0; i < 100; ++i) {
        SecretToken const another = half_way(from_elsewhere()).value();
        looked_at += world.run(world.sign_in.with_code(another, "000000", from_elsewhere())).outcome == Outcome::Wrong ? 1 : 0;
    }
    CHECK(looked_at == accounts::Throttle::codes_of_strangers);
    SecretToken const last = half_way(from_elsewhere()).value();
    CHECK(world.run(world.sign_in.with_code(last, right, from_elsewhere())).outcome == Outcome::Throttled);
    // Their owner is not kept out: not where a session is, nor with a recovery code.
    SecretToken const at_home = half_way(PeopleWorld::visitor()).value();
    CHECK(world.run(world.sign_in.with_code(last, factor.codes[0], from_elsewhere())).outcome == Outcome::SignedIn);
    CHECK(world.run(world.sign_in.with_code(at_home, right, PeopleWorld::visitor())).outcome == Outcome::SignedIn);
}

TEST_CASE("signing in gives another cookie, and the session before it ends", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    SecretToken const first = world.signed_in();
    SignInAnswer const answer = world.run(world.sign_in.with_password("ada", PeopleWorld::password, PeopleWorld::visitor(), first));
    REQUIRE(answer.outcome == Outcome::SignedIn);
    CHECK(answer.token->str() != first.str());
    CHECK_FALSE(world.found(first));
    CHECK(world.found(*answer.token));
}

TEST_CASE("a cookie that somebody made up opens nothing, and never will", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    SecretToken const planted = SecretToken::random();
    CHECK_FALSE(world.found(planted));
    (void)world.run(world.sign_in.with_password("ada", PeopleWorld::password, PeopleWorld::visitor(), planted));
    CHECK_FALSE(world.found(planted));
}

TEST_CASE("no value of the stored file is a cookie, a token or a link", "[sign-in]")
{
    PeopleWorld world;
    User const ada = world.user_with_password("ada");
    SecretToken const cookie = world.signed_in();
    std::string const token =
        world.done(world.accounts.add_token(ada, "phone", Scopes().add(accounts::Scope::Read), Actor::command_line()));
    SecretToken const link = world.done(world.accounts.invite(ada, Actor::command_line()));
    std::string stored;
    for (std::string const& name : world.folder.files())
        stored += bytes_of(world.folder.path() / name);
    CHECK(stored.find(cookie.hash(accounts::TokenKind::Session)) != std::string::npos);  // so the right bytes were searched
    CHECK(stored.find(cookie.str()) == std::string::npos);
    CHECK(stored.find(token.substr(3)) == std::string::npos);
    CHECK(stored.find(link.str()) == std::string::npos);
    CHECK(stored.find(PeopleWorld::password) == std::string::npos);
}

TEST_CASE("a session ends when it is left alone, and after ninety days", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    SecretToken const idle = world.signed_in();
    world.clock.advance(SignIn::idle_max - std::chrono::hours(1));
    CHECK(world.found(idle));
    world.clock.advance(SignIn::idle_max + std::chrono::hours(1));
    CHECK_FALSE(world.found(idle));

    SecretToken const busy = world.signed_in();
    for (int day = 0; day < 90; ++day) {
        world.clock.advance(std::chrono::hours(24));
        CHECK(world.found(busy));
    }
    world.clock.advance(std::chrono::hours(1));
    CHECK_FALSE(world.found(busy));
}

TEST_CASE("what changes about people holds at once, whatever was in memory", "[sign-in]")
{
    PeopleWorld world;
    User const ada = world.user_with_password("ada");
    User const ben = world.user_with_password("ben", Role::Owner);
    SecretToken const of_ben = world.signed_in("ben");
    CHECK(world.found(of_ben)->user.role == Role::Owner);
    world.done(world.accounts.set_role(ben, Role::Moderator, Actor::command_line()));
    CHECK(world.found(of_ben)->user.role == Role::Moderator);
    world.done(world.accounts.remove(ben, Actor::command_line()));
    CHECK_FALSE(world.found(of_ben));

    SecretToken const of_ada = world.signed_in();
    CHECK(world.found(of_ada));
    world.done(world.accounts.end_sessions(ada, std::nullopt, Actor::command_line()));
    CHECK_FALSE(world.found(of_ada));
}

TEST_CASE("changing one's password takes the present one and ends the other sessions", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    SecretToken const here = world.signed_in();
    SecretToken const elsewhere = world.signed_in();
    SignedIn const who = *world.found(here);
    auto const change = [&](std::string present, std::string fresh) {
        return world.run(world.accounts.change_password(who, std::move(present), std::move(fresh), PeopleWorld::visitor()));
    };
    CHECK(change("wrong", "another long one").error().code == ErrorCode::Refused);
    CHECK(change(PeopleWorld::password, "short").error().code == ErrorCode::Malformed);
    CHECK(world.found(elsewhere));
    REQUIRE(change(PeopleWorld::password, "another long one"));
    CHECK(world.found(here));
    CHECK_FALSE(world.found(elsewhere));
    CHECK(world.try_to_sign_in("ada", PeopleWorld::password).outcome == Outcome::Wrong);
    CHECK(world.try_to_sign_in("ada", "another long one").outcome == Outcome::SignedIn);
}

TEST_CASE("guessing the present password is throttled as well", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    SignedIn const who = *world.found(world.signed_in());
    for (int i = 0; i < 5; ++i)
        CHECK(world.run(world.sign_in.confirm(who, "guess")).error().code == ErrorCode::Refused);
    CHECK(world.run(world.sign_in.confirm(who, PeopleWorld::password)).error().code == ErrorCode::Busy);
}

TEST_CASE("with a second factor the password is half the way", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    SecretToken const here = world.signed_in();
    SecretToken const elsewhere = world.signed_in();
    SecondFactor const factor = second_factor(world, here);
    CHECK(world.found(here));
    CHECK_FALSE(world.found(elsewhere));

    world.clock.advance(std::chrono::minutes(2));
    auto const code = [&](std::int64_t from_now) {
        return factor.secret.code_at(world.clock.now().time_since_epoch().count() / 30 + from_now);
    };
    SignInAnswer const half = world.try_to_sign_in("ada", PeopleWorld::password);
    REQUIRE(half.outcome == Outcome::CodeWanted);
    CHECK_FALSE(world.found(*half.token));
    CHECK(world.run(world.sign_in.with_code(*half.token, code(5), PeopleWorld::visitor())).outcome == Outcome::Wrong);
    CHECK(world.run(world.sign_in.with_code(SecretToken::random(), code(0), PeopleWorld::visitor())).outcome == Outcome::Wrong);
    SignInAnswer const whole = world.run(world.sign_in.with_code(*half.token, code(0), PeopleWorld::visitor()));
    REQUIRE(whole.outcome == Outcome::SignedIn);
    CHECK(whole.token->str() != half.token->str());
    CHECK(world.found(*whole.token));

    // The same code again, by another who has seen it, is worth nothing; nor is the way half gone.
    CHECK(world.run(world.sign_in.with_code(*half.token, code(0), PeopleWorld::visitor())).outcome == Outcome::Wrong);
    SignInAnswer const again = world.try_to_sign_in("ada", PeopleWorld::password);
    CHECK(world.run(world.sign_in.with_code(*again.token, code(0), PeopleWorld::visitor())).outcome == Outcome::Wrong);
    CHECK(world.run(world.sign_in.with_code(*again.token, factor.codes[3], PeopleWorld::visitor())).outcome == Outcome::SignedIn);
    SignInAnswer const third = world.try_to_sign_in("ada", PeopleWorld::password);
    CHECK(world.run(world.sign_in.with_code(*third.token, factor.codes[3], PeopleWorld::visitor())).outcome == Outcome::Wrong);
}

TEST_CASE("the code that turned the second factor on is used up by that", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    SecondFactor const factor = second_factor(world, world.signed_in());
    SignInAnswer const half = world.try_to_sign_in("ada", PeopleWorld::password);
    std::string const seen = factor.secret.code_at(world.clock.now().time_since_epoch().count() / 30);
    CHECK(world.run(world.sign_in.with_code(*half.token, seen, PeopleWorld::visitor())).outcome == Outcome::Wrong);
    world.clock.advance(std::chrono::seconds(30));
    std::string const next = factor.secret.code_at(world.clock.now().time_since_epoch().count() / 30);
    CHECK(world.run(world.sign_in.with_code(*half.token, next, PeopleWorld::visitor())).outcome == Outcome::SignedIn);
}

TEST_CASE("a right password does not wipe out wrong codes", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    second_factor(world, world.signed_in());
    int throttled = 0;
    for (int i = 0; i < 20; ++i) {
        SignInAnswer const half = world.try_to_sign_in("ada", PeopleWorld::password);
        if (half.outcome == Outcome::Throttled)
            ++throttled;
        else
            CHECK(world.run(world.sign_in.with_code(*half.token, "000000", PeopleWorld::visitor())).outcome == Outcome::Wrong);
    }
    CHECK(throttled == 15);
}

TEST_CASE("half the way is open for five minutes, and not after a new password", "[sign-in]")
{
    PeopleWorld world;
    User const ada = world.user_with_password("ada");
    SecondFactor const factor = second_factor(world, world.signed_in());
    SignInAnswer const slow = world.try_to_sign_in("ada", PeopleWorld::password);
    world.clock.advance(std::chrono::minutes(6));
    CHECK(world.run(world.sign_in.with_code(*slow.token, factor.codes[0], PeopleWorld::visitor())).outcome == Outcome::Wrong);
    SignInAnswer const overtaken = world.try_to_sign_in("ada", PeopleWorld::password);
    world.done(world.accounts.set_password(ada, "another long one", Actor::command_line()));
    CHECK(world.run(world.sign_in.with_code(*overtaken.token, factor.codes[0], PeopleWorld::visitor())).outcome == Outcome::Wrong);
}

TEST_CASE("a token of a program is known until it is removed", "[sign-in]")
{
    PeopleWorld world;
    User const ada = world.user_with_password("ada");
    std::string const text =
        world.done(world.accounts.add_token(ada, " a  phone ", Scopes().add(accounts::Scope::Moderate), Actor::command_line()));
    CHECK(text.starts_with("bt_"));
    auto const program = world.done(world.sign_in.find_program(text));
    REQUIRE(program);
    CHECK(program->user.id == ada.id);
    CHECK(program->token.name == "a phone");
    CHECK(program->token.scopes.str() == "moderate");
    CHECK(world.people.app_tokens(ada.id).value()[0].used == world.clock.now());
    CHECK_FALSE(world.done(world.sign_in.find_program(text.substr(3))));
    CHECK_FALSE(world.done(world.sign_in.find_program("bt_")));
    CHECK_FALSE(world.found(SecretToken::parse(text.substr(3)).value()));  // it is no cookie
    world.done(world.accounts.remove_token(ada.id, program->token.id, Actor::command_line()));
    CHECK_FALSE(world.done(world.sign_in.find_program(text)));
}

TEST_CASE("who signed in, who failed and who changed what is written down", "[sign-in]")
{
    PeopleWorld world;
    world.user_with_password("ada");
    world.clock.advance(std::chrono::seconds(1));
    for (int i = 0; i < 3; ++i)
        (void)world.try_to_sign_in("ada", "guess", PeopleWorld::visitor("198.51.100." + std::to_string(i)));
    world.clock.advance(std::chrono::seconds(1));
    (void)world.try_to_sign_in("a password in the wrong field", "ada", PeopleWorld::visitor("198.51.100.7"));
    world.clock.advance(std::chrono::seconds(1));
    world.done(world.sign_in.sign_out(*world.found(world.signed_in()), PeopleWorld::visitor()));
    std::vector<std::string> told;
    auto const found = world.people.activity(10, 0).value();
    for (Activity const& each : found)
        told.push_back(fmt::format("{} {} {} {} ({})", each.who.name, each.what, each.subject, each.who.address, each.times));
    CHECK(told ==
        std::vector<std::string>{"ada signed out  192.0.2.1 (1)", "ada signed in  192.0.2.1 (1)",
            "somebody failed to sign in with a name that nobody has 198.51.100.7 (1)", "somebody failed to sign in as ada 198.51.100.2 (3)",
            "command line added ada as owner  (1)"});
}
