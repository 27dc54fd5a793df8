#include <catch2/catch.hpp>

#include "store/people_test_world.h"
#include "store/sqlite_digest.h"

using namespace backtalk;

TEST_CASE("a name belongs to one person", "[people]")
{
    PeopleWorld world;
    User const ada = world.user("Ada");
    CHECK(world.people.user(UserName::parse("ada").value()).value()->id == ada.id);
    CHECK(world.run(world.people.add_user(UserName::parse("ADA").value(), Role::Author, "")).error().code == ErrorCode::Conflict);
    CHECK(world.people.users().value().size() == 1);
    CHECK_FALSE(world.people.user(UserName::parse("ben").value()).value());
}

TEST_CASE("people keep what they are across a restart", "[people]")
{
    PeopleWorld world;
    world.user("Ada");
    world.user("Łucja Szyper", Role::Moderator);
    world.close();
    world.reopen();
    store::SqlitePeople people(world.store().database());
    std::vector<User> const users = people.users().value();
    REQUIRE(users.size() == 2);
    CHECK(users[0].name.str() == "Ada");
    CHECK(users[0].role == Role::Owner);
    CHECK(users[0].added == world.clock.now());
    CHECK_FALSE(users[0].signed_in);
    CHECK(users[1].name.str() == "Łucja Szyper");
    CHECK(users[1].role == Role::Moderator);
    world.store().add_listener(world.sign_in);
}

TEST_CASE("the last owner can neither go nor become something else", "[people]")
{
    PeopleWorld world;
    User const ada = world.user("ada");
    User const ben = world.user("ben", Role::Author);
    CHECK(world.run(world.people.remove_user(ada.id)).error().code == ErrorCode::Conflict);
    CHECK(world.run(world.people.set_role(ada.id, Role::Author)).error().code == ErrorCode::Conflict);
    CHECK(world.fresh(ada).role == Role::Owner);
    world.done(world.people.set_role(ben.id, Role::Owner));
    world.done(world.people.set_role(ada.id, Role::Moderator));
    world.done(world.people.remove_user(ada.id));
    CHECK(world.run(world.people.remove_user(ben.id)).error().code == ErrorCode::Conflict);
}

TEST_CASE("who is removed takes sessions and tokens along", "[people]")
{
    PeopleWorld world;
    world.user("ada");
    User const ben = world.user("ben", Role::Author);
    world.done(world.people.start_session(ben.id, "hash of a session", PeopleWorld::visitor()));
    world.done(world.people.add_app_token(ben.id, "a phone", Scopes().add(accounts::Scope::Read), "hash of a token"));
    world.done(world.people.add_setup_link("hash of a link", ben.id, world.clock.now() + std::chrono::hours(1)));
    world.done(world.people.remove_user(ben.id));
    CHECK_FALSE(world.people.session("hash of a session").value());
    CHECK_FALSE(world.people.app_token("hash of a token").value());
    CHECK_FALSE(world.people.setup_link("hash of a link").value());
    CHECK(world.run(world.people.start_session(ben.id, "another", PeopleWorld::visitor())).error().code == ErrorCode::NotFound);
}

TEST_CASE("a new password ends all sessions but the one it was set in", "[people]")
{
    PeopleWorld world;
    User const ada = world.user("ada");
    Session const kept = world.done(world.people.start_session(ada.id, "one", PeopleWorld::visitor()));
    world.done(world.people.start_session(ada.id, "two", PeopleWorld::visitor()));
    world.done(world.people.add_setup_link("link", ada.id, world.clock.now() + std::chrono::hours(1)));
    world.done(world.people.set_password(ada.id, "$hash", kept.id));
    CHECK(world.people.session("one").value());
    CHECK_FALSE(world.people.session("two").value());
    CHECK_FALSE(world.people.setup_link("link").value());
    CHECK(world.fresh(ada).password == "$hash");
}

TEST_CASE("a code and a recovery code are taken once", "[people]")
{
    PeopleWorld world;
    User const ada = world.user("ada");
    User const ben = world.user("ben", Role::Author);
    world.done(world.people.set_totp(ada.id, "SECRET", 17, {"hash one", "hash two"}));
    CHECK(world.done(world.people.take_totp_step(ada.id, 100)));
    CHECK_FALSE(world.done(world.people.take_totp_step(ada.id, 100)));
    CHECK_FALSE(world.done(world.people.take_totp_step(ada.id, 99)));
    CHECK(world.done(world.people.take_totp_step(ada.id, 101)));
    CHECK_FALSE(world.done(world.people.take_recovery_code(ben.id, "hash one")));
    CHECK(world.done(world.people.take_recovery_code(ada.id, "hash one")));
    CHECK_FALSE(world.done(world.people.take_recovery_code(ada.id, "hash one")));
    CHECK(world.people.recovery_codes_left(ada.id).value() == 1);
    world.done(world.people.set_totp(ada.id, "", 0, {}));
    CHECK(world.people.recovery_codes_left(ada.id).value() == 0);
}

TEST_CASE("a link works once and in time", "[people]")
{
    PeopleWorld world;
    Instant const in_an_hour = world.clock.now() + std::chrono::hours(1);
    world.done(world.people.add_setup_link("first", std::nullopt, in_an_hour));
    world.done(world.people.add_setup_link("second", std::nullopt, in_an_hour));
    CHECK_FALSE(world.people.setup_link("first").value());  // the new one took its place
    User const ada = world.done(world.people.use_setup_link("second", UserName::parse("ada").value(), "$hash"));
    CHECK(ada.role == Role::Owner);
    CHECK(world.run(world.people.use_setup_link("second", UserName::parse("eve").value(), "$hash")).error().code == ErrorCode::NotFound);

    world.done(world.people.add_setup_link("for ada", ada.id, in_an_hour));
    world.clock.advance(std::chrono::minutes(61));
    CHECK_FALSE(world.people.setup_link("for ada").value());
    CHECK(world.run(world.people.use_setup_link("for ada", std::nullopt, "$other")).error().code == ErrorCode::NotFound);
    CHECK(world.fresh(ada).password == "$hash");
}

TEST_CASE("nobody becomes the first owner where there is one", "[people]")
{
    PeopleWorld world;
    world.done(world.people.add_setup_link("link", std::nullopt, world.clock.now() + std::chrono::hours(1)));
    world.user("ada");
    CHECK(world.run(world.people.use_setup_link("link", UserName::parse("eve").value(), "$hash")).error().code == ErrorCode::Conflict);
    CHECK(world.people.users().value().size() == 1);
}

TEST_CASE("somebody else's sessions and tokens are out of reach", "[people]")
{
    PeopleWorld world;
    User const ada = world.user("ada");
    User const ben = world.user("ben", Role::Author);
    Session const session = world.done(world.people.start_session(ada.id, "one", PeopleWorld::visitor()));
    AppToken const token = world.done(world.people.add_app_token(ada.id, "phone", Scopes().add(accounts::Scope::Read), "token"));
    world.done(world.people.end_session(ben.id, session.id));
    CHECK(world.people.session("one").value());
    CHECK(world.run(world.people.remove_app_token(ben.id, token.id)).error().code == ErrorCode::NotFound);
    world.done(world.people.remove_app_token(ada.id, token.id));
    CHECK_FALSE(world.people.app_token("token").value());
}

TEST_CASE("what was done is told newest first", "[people]")
{
    PeopleWorld world;
    User const ada = world.user("ada");
    for (int i = 0; i < 5; ++i) {
        Actor who(ada.id, "ada", "192.0.2.1");
        world.done(world.people.note(Activity(std::move(who), "approved", "mention " + std::to_string(i))));
        world.clock.advance(std::chrono::seconds(1));
    }
    world.done(world.people.note(Activity(Actor::command_line(), "removed", "ben")));
    std::vector<Activity> const newest = world.people.activity(2, 0).value();
    REQUIRE(newest.size() == 2);
    CHECK(newest[0].who.name == "command line");
    CHECK_FALSE(newest[0].who.user);
    CHECK(newest[1].subject == "mention 4");
    CHECK(newest[1].who.user == ada.id);
    CHECK(newest[1].who.address == "192.0.2.1");
    CHECK(world.people.activity(10, 5).value().size() == 1);
}

TEST_CASE("strangers who fail push no deed out of the activity, and fill nothing", "[people]")
{
    PeopleWorld world;
    Activity removed(Actor(std::nullopt, "eve", "203.0.113.1"), "removed", "ben");
    world.done(world.people.note(std::move(removed)));
    world.clock.advance(std::chrono::seconds(1));
    // As many as a night may bring, at once.
    world.done(world.store().database().write<void>([](store::Transaction& transaction) {
        return transaction.db
            .query("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050) INSERT INTO failed_sign_in "
                   "(hour, network, subject, address, at, times) SELECT i, '', 'as ada', '', i - 20000, 1 FROM n")
            .run();
    }));
    world.done(world.people.note_failed_sign_in("as ada", PeopleWorld::visitor("198.51.100.1")));
    world.done(world.people.note_failed_sign_in("as ada", PeopleWorld::visitor("198.51.100.2")));
    std::vector<Activity> const all = world.people.activity(200'000, 0).value();
    CHECK(all.size() == 10'001);
    CHECK(all[0].times == 2);
    CHECK(all[0].who.address == "198.51.100.2");
    CHECK(all[1].what == "removed");
    // A page further back goes on where the one before ended.
    CHECK(world.people.activity(1, 1).value().front().what == "removed");
    CHECK(world.people.activity(10, 10'000).value().size() == 1);
    CHECK(world.people.activity(10, 10'001).value().empty());
}

TEST_CASE("a new password voids the links of mails, and tells what else opens something", "[people]")
{
    PeopleWorld world;
    User const ada = world.user("ada");
    User const ben = world.user("ben", Role::Author);
    store::SqliteDigest digests{world.store().database()};
    EntryId const harbour = world.entry("The harbour").id;
    std::string const source = "http://a.example/1";
    PingVerified outcome = world.verified({source}, source);
    outcome.state = MentionState::Held;
    MentionId const mention =
        world.done(world.store().finish_ping(world.ping(harbour, source, Origin::Webmention), std::move(outcome))).value();
    for (User const& each : {ada, ben}) {
        std::string const name = each.name.str();
        world.done(world.people.add_app_token(each.id, "phone", Scopes().add(accounts::Scope::Read), "token of " + name));
        world.run(digests.set_digest_feed(each.id, "feed of " + name)).value();
        std::vector<NewDeedLink> links{NewDeedLink{"deed of " + name, mention, Decision::Approve}};
        world.run(digests.add_deed_links(each.id, "mail of " + name, std::move(links), world.clock.now() + std::chrono::hours(1))).value();
    }
    REQUIRE(digests.deed_link("deed of ada").value());
    world.done(world.people.set_password(ada.id, "$hash", std::nullopt));
    CHECK_FALSE(digests.deed_link("deed of ada").value());
    CHECK(digests.deed_link("deed of ben").value());
    world.done(world.people.end_sessions(ben.id, std::nullopt));
    CHECK_FALSE(digests.deed_link("deed of ben").value());
    CHECK(sentence_of(world.people.other_ways_in(ada.id).value()) == "a token of a program and the feed of the digest still work");
    world.done(world.accounts.close_other_ways_in(ada, Actor::command_line()));
    CHECK(sentence_of(world.people.other_ways_in(ada.id).value()) == "");
    CHECK_FALSE(world.people.app_token("token of ada").value());
    CHECK(world.people.app_token("token of ben").value());
    CHECK_FALSE(digests.digest_feed_owner("feed of ada").value());
    CHECK(digests.digest_feed_owner("feed of ben").value());
}
