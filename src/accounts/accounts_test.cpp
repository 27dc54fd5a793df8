#include <set>

#include <catch2/catch.hpp>

#include "accounts/password.h"
#include "accounts/role.h"
#include "accounts/secret_token.h"
#include "accounts/user_name.h"

using namespace backtalk;
using namespace backtalk::accounts;

namespace {

UserName name_of(std::string_view text) { return UserName::parse(text).value(); }

}  // namespace

TEST_CASE("a name is one however its letters are written", "[accounts]")
{
    CHECK(name_of("Ada") == name_of("ada"));
    CHECK(name_of("  Ines   Quist ").str() == "Ines Quist");
    CHECK(name_of("Ines Quist") == name_of("ines quist"));
    CHECK_FALSE(name_of("ada") == name_of("adam"));
    CHECK(name_of("Łucja").str() == "Łucja");
}

TEST_CASE("what nobody could be called is no name", "[accounts]")
{
    CHECK_FALSE(UserName::parse(""));
    CHECK_FALSE(UserName::parse("   "));
    CHECK_FALSE(UserName::parse("a\x01z"));
    CHECK_FALSE(UserName::parse("a\xff"));
    CHECK_FALSE(UserName::parse("ada\u202egro"));  // reads from right to left
    CHECK_FALSE(UserName::parse(std::string(65, 'a')));
    CHECK(UserName::parse(std::string(64, 'a')));
}

TEST_CASE("a password is long, and no more is asked of it", "[accounts]")
{
    UserName const ada = name_of("Ada of the Harbour");
    CHECK(Password::choose("correct horse battery", ada));
    CHECK(Password::choose("zwölf Zeichen", ada));
    CHECK_FALSE(Password::choose("eleven char", ada));
    CHECK_FALSE(Password::choose("aaaaaaaaaaaaaaaaaaaa", ada));
    CHECK_FALSE(Password::choose("ADA of the harbour", ada));
    CHECK_FALSE(Password::choose(std::string(300, 'x') + "abcd", ada));
    CHECK_FALSE(Password::choose("\xff\xfe not text at all", ada));
}

TEST_CASE("a password is stored as Argon2id and verified by it", "[accounts]")
{
    Password const password = Password::choose("correct horse battery", name_of("ada")).value();
    std::string const hash = hash_password(password).value();
    CHECK(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    CHECK(hash.find("horse") == std::string::npos);
    CHECK(verify_password(hash, "correct horse battery"));
    CHECK_FALSE(verify_password(hash, "correct horse batterz"));
    CHECK_FALSE(verify_password(hash, ""));
    CHECK(hash_password(password).value() != hash);
    CHECK_FALSE(needs_rehash(hash));
}

TEST_CASE("nobody has the password of an account without one", "[accounts]")
{
    CHECK_FALSE(verify_password("", ""));
    CHECK_FALSE(verify_password("", "anything at all"));
    CHECK_FALSE(verify_password("no hash", "anything at all"));
}

TEST_CASE("a hash that was made with less is made anew", "[accounts]")
{
    CHECK(needs_rehash("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$JGVcRgYSoDW7GtlrMrRTQmDvzhdRPzRGQTVPcnYPQqY"));
}

TEST_CASE("tokens are random, and their hashes tell nothing", "[accounts]")
{
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(SecretToken::random().str());
    CHECK(seen.size() == 1000);

    SecretToken const token = SecretToken::random();
    CHECK(token.str().size() == 43);
    CHECK(SecretToken::parse(token.str())->hash(TokenKind::Session) == token.hash(TokenKind::Session));
    CHECK(token.hash(TokenKind::Session).size() == 64);
    CHECK(token.hash(TokenKind::Session) != token.hash(TokenKind::Application));
    CHECK(token.hash(TokenKind::Session) != token.hash(TokenKind::SetupLink));
    CHECK(token.hash(TokenKind::Session).find(token.str()) == std::string::npos);
}

TEST_CASE("what is no token is none", "[accounts]")
{
    std::string const token = SecretToken::random().str();
    CHECK_FALSE(SecretToken::parse(""));
    CHECK_FALSE(SecretToken::parse(token.substr(1)));
    CHECK_FALSE(SecretToken::parse(token + "A"));
    CHECK_FALSE(SecretToken::parse(std::string(43, '+')));
    CHECK_FALSE(SecretToken::parse(std::string(43, ' ')));
    // A hash out of a stolen store has another length.
    CHECK_FALSE(SecretToken::parse(SecretToken::random().hash(TokenKind::Session)));
}

TEST_CASE("a CSRF token belongs to one cookie", "[accounts]")
{
    SecretToken const cookie = SecretToken::random();
    CHECK(is_csrf_token(cookie, csrf_token(cookie)));
    CHECK_FALSE(is_csrf_token(SecretToken::random(), csrf_token(cookie)));
    CHECK_FALSE(is_csrf_token(cookie, ""));
    CHECK_FALSE(is_csrf_token(cookie, cookie.str()));
    CHECK_FALSE(is_csrf_token(cookie, csrf_token(cookie) + "x"));
    CHECK(csrf_token(cookie).find(cookie.str()) == std::string::npos);
}

TEST_CASE("an owner may do everything, others what their work is", "[accounts]")
{
    for (std::size_t i = 0; i < action_count; ++i)
        CHECK(may(Role::Owner, static_cast<Action>(i)));
    CHECK(may(Role::Author, Action::WriteEntries));
    CHECK(may(Role::Author, Action::Moderate));
    CHECK(may(Role::Moderator, Action::Moderate));
    CHECK_FALSE(may(Role::Moderator, Action::WriteEntries));
    for (Role const role : {Role::Author, Role::Moderator}) {
        for (Action const action : {Action::ManagePeople, Action::ManageSites, Action::ChangeSettings, Action::ReadActivity})
            CHECK_FALSE(may(role, action));
        CHECK(may(role, Action::OwnAccount));
    }
}

TEST_CASE("roles and scopes are words", "[accounts]")
{
    for (Role const role : all_roles())
        CHECK(role_named(to_word(role)) == role);
    CHECK_FALSE(role_named("admin"));
    CHECK(Scopes::parse("moderate, read")->str() == "read moderate");
    CHECK(Scopes::parse("write write")->str() == "write");
    CHECK_FALSE(Scopes::parse(""));
    CHECK_FALSE(Scopes::parse("read everything"));
}

TEST_CASE("a token does what its scopes say, and never what makes an owner", "[accounts]")
{
    Scopes const read = Scopes().add(Scope::Read);
    CHECK(covers(read, Action::ReadInbox));
    CHECK_FALSE(covers(read, Action::Moderate));
    CHECK_FALSE(covers(read, Action::WriteEntries));
    Scopes const all = Scopes().add(Scope::Read).add(Scope::Moderate).add(Scope::Write);
    for (Action const action :
        {Action::ManagePeople, Action::ManageSites, Action::ChangeSettings, Action::ReadActivity, Action::OwnAccount})
        CHECK_FALSE(covers(all, action));
}

TEST_CASE("a device proves itself for the password that it was signed in with", "[accounts]")
{
    SecretToken const device = SecretToken::random();
    std::string const proof = device_proof(device, "$argon2id$ada");
    REQUIRE(proved_device(proof, "$argon2id$ada"));
    CHECK(proved_device(proof, "$argon2id$ada")->str() == device.str());
    CHECK_FALSE(proved_device(proof, "$argon2id$another"));
    CHECK_FALSE(proved_device(device_proof(SecretToken::random(), "$argon2id$ada").substr(0, 44) + proof.substr(44), "$argon2id$ada"));
    // Of who has no password anybody could make one.
    CHECK_FALSE(proved_device(device_proof(device, ""), ""));
    for (std::string const& text :
        {std::string(), std::string("."), device.str(), proof + "x", proof.substr(0, 80), std::string(10'000, 'A')})
        CHECK_FALSE(proved_device(text, "$argon2id$ada"));
}
