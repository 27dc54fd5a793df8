#pragma once

#include "accounts/secret_token.h"
#include "app/accounts.h"
#include "app/sign_in.h"
#include "store/sqlite_people.h"
#include "store/store_test_world.h"
#include "url/address.h"

namespace backtalk {

/// A store with its people, and the door.
struct PeopleWorld : StoreWorld {
    PeopleWorld() { store().add_listener(sign_in); }
    ~PeopleWorld() { store().remove_listener(sign_in); }

    User user(std::string_view name, Role role = Role::Owner) { return done(people.add_user(UserName::parse(name).value(), role, "")); }
    /// With a password that was really hashed.
    User user_with_password(std::string name, Role role = Role::Owner)
    {
        return done(accounts.add(std::move(name), role, std::optional<std::string>(password), Actor::command_line()));
    }
    User fresh(User const& user) { return people.user(user.id).value().value(); }
    std::shared_ptr<SignedIn const> found(SecretToken const& cookie) { return done(sign_in.find(cookie)); }
    static Visitor visitor(std::string address = "192.0.2.1")
    {
        std::string network = Address::parse(address)->network();
        return Visitor(std::move(address), std::move(network), "Firefox/140.0 Linux");
    }
    SignInAnswer try_to_sign_in(std::string name, std::string text) { return try_to_sign_in(std::move(name), std::move(text), visitor()); }
    SignInAnswer try_to_sign_in(std::string name, std::string text, Visitor from)
    {
        return run(sign_in.with_password(std::move(name), std::move(text), std::move(from), std::nullopt));
    }
    SecretToken signed_in(std::string name = "ada") { return try_to_sign_in(std::move(name), password).token.value(); }

    static constexpr char const* password = "a harbour at night";

    store::SqlitePeople people{store().database()};
    WaitingLog log;
    PasswordWork passwords{pool};
    SignIn sign_in{people, passwords, clock, log};
    Accounts accounts{people, passwords, sign_in, clock};
};

}  // namespace backtalk
