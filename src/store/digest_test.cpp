#include <catch2/catch.hpp>

#include <algorithm>

#include "app/send_digests.h"
#include "store/people_test_world.h"
#include "store/sqlite_digest.h"

using namespace backtalk;

namespace {

/// Takes mail, or refuses it.
class FakeMailer final : public Mailer {
public:
    std::optional<MailAddress> sender() const override { return MailAddress::parse("backtalk@quarters.example").value(); }
    Task<Result<void>> send(Mail, Deadline) override { co_return failure(ErrorCode::Refused, "550 nobody here"); }
};

struct DigestWorld : PeopleWorld {
    DigestWorld() { harbour = entry("The harbour").id; }

    MentionId held(std::string const& source, std::int64_t campaign = 0)
    {
        clock.advance(std::chrono::seconds(1));
        PingVerified outcome = verified({source}, source);
        outcome.state = MentionState::Held;
        outcome.campaign = campaign;
        return done(store().finish_ping(ping(harbour, source, Origin::Webmention), std::move(outcome))).value();
    }
    void chooses(User const& user, DigestRhythm rhythm)
    {
        DigestChoice choice(user.id);
        choice.rhythm = rhythm;
        choice.address = "ada@harbour.example";
        choice.admin_url = "https://quarters.example/admin/";
        run(digests.choose_digest(std::move(choice))).value();
    }
    std::vector<UserId> due() { return digests.due_digests(clock.now(), 10).value(); }

    store::SqliteDigest digests{store().database()};
    EntryId harbour;
};

}  // namespace

TEST_CASE("who chose mail is due when something is held that they were not told of, and not before their time", "[digest]")
{
    DigestWorld world;
    User const ada = world.user("ada");
    User const bea = world.user("bea");
    world.chooses(ada, DigestRhythm::Daily);
    world.chooses(bea, DigestRhythm::Off);
    CHECK(world.due().empty());
    CHECK_FALSE(world.digests.next_digest_due().value());
    MentionId const first = world.held("http://a.example/1");
    CHECK(world.due() == std::vector{ada.id});
    CHECK(world.done(world.digests.begin_digest(ada.id, "one")).mentions == std::vector{first});
    world.run(world.digests.finish_digest(ada.id)).value();
    CHECK(world.due().empty());
    MentionId const second = world.held("http://a.example/2");
    CHECK(world.due().empty());
    world.clock.advance(std::chrono::hours(23));
    CHECK(world.due().empty());
    CHECK(world.digests.next_digest_due().value());
    world.clock.advance(std::chrono::hours(1));
    CHECK(world.due() == std::vector{ada.id});
    CHECK(world.done(world.digests.begin_digest(ada.id, "two")).mentions == std::vector{second});
}

TEST_CASE("a mail that was under way at a crash is about the same, under its own name, without what was decided since", "[digest]")
{
    DigestWorld world;
    User const ada = world.user("ada");
    world.chooses(ada, DigestRhythm::Hourly);
    MentionId const first = world.held("http://a.example/1");
    MentionId const second = world.held("http://a.example/2");
    CHECK(world.done(world.digests.begin_digest(ada.id, "one")).mentions == std::vector{second, first});
    world.held("http://a.example/3");
    world.run(world.store().set_mention_state({second}, MentionState::Published)).value();
    CHECK(world.due() == std::vector{ada.id});
    DigestMail const again = world.done(world.digests.begin_digest(ada.id, "two"));
    CHECK(again.id == "one");
    CHECK(again.mentions == std::vector{first});
}

TEST_CASE("what a mail server refused is news again, and its links are void", "[digest]")
{
    DigestWorld world;
    User const ada = world.user("ada");
    world.chooses(ada, DigestRhythm::Hourly);
    MentionId const first = world.held("http://a.example/1");
    world.done(world.digests.begin_digest(ada.id, "one"));
    world.run(world.digests.add_deed_links(ada.id, "one", {{"hash", first, Decision::Reject}}, world.clock.now() + std::chrono::hours(1)))
        .value();
    CHECK(world.digests.deed_link("hash").value()->decision == Decision::Reject);
    world.run(world.digests.put_off_digest(ada.id, "not now", world.clock.now() + std::chrono::minutes(5))).value();
    CHECK_FALSE(world.digests.deed_link("hash").value());
    CHECK(world.digests.digest(ada.id).value().problem == "not now");
    CHECK(world.due().empty());
    world.clock.advance(std::chrono::minutes(5));
    MentionId const second = world.held("http://a.example/2");
    CHECK(world.done(world.digests.begin_digest(ada.id, "two")).mentions == std::vector{second, first});
}

TEST_CASE("a campaign is told once, by its newest mention, whatever else comes of it", "[digest]")
{
    DigestWorld world;
    User const ada = world.user("ada");
    world.chooses(ada, DigestRhythm::Hourly);
    world.held("http://a.example/1", 7);
    MentionId const newest = world.held("http://b.example/1", 7);
    CHECK(world.done(world.digests.begin_digest(ada.id, "one")).mentions == std::vector{newest});
    world.run(world.digests.finish_digest(ada.id)).value();
    world.clock.advance(std::chrono::hours(2));
    world.held("http://c.example/1", 7);
    CHECK(world.due().empty());
}

TEST_CASE("a link of a mail is used once, and works for its time", "[digest]")
{
    DigestWorld world;
    User const ada = world.user("ada");
    MentionId const mention = world.held("http://a.example/1");
    world
        .run(world.digests.add_deed_links(
            ada.id, "one", {{"hash", mention, Decision::Approve}}, world.clock.now() + DigestSender::links_work))
        .value();
    CHECK_FALSE(world.digests.deed_link("other").value());
    CHECK(world.done(world.digests.use_deed_link("hash")));
    CHECK_FALSE(world.done(world.digests.use_deed_link("hash")));
    CHECK(world.digests.deed_link("hash").value()->used);
    world.clock.advance(DigestSender::links_work);
    CHECK_FALSE(world.digests.deed_link("hash").value());
}

TEST_CASE("what one person was told is news to another, and goes with them", "[digest]")
{
    DigestWorld world;
    User const ada = world.user("ada");
    User const bea = world.user("bea");
    world.chooses(ada, DigestRhythm::Hourly);
    world.chooses(bea, DigestRhythm::Hourly);
    world.held("http://a.example/1");
    world.done(world.digests.begin_digest(ada.id, "one"));
    world.run(world.digests.finish_digest(ada.id)).value();
    CHECK(world.due() == std::vector{bea.id});
    world.run(world.digests.set_digest_feed(bea.id, "feed")).value();
    CHECK(world.digests.digest_feed_owner("feed").value()->id == bea.id);
    CHECK_FALSE(world.digests.digest_feed_owner("").value());
    world.run(world.people.remove_user(bea.id)).value();
    CHECK(world.due().empty());
    CHECK_FALSE(world.digests.digest_feed_owner("feed").value());
}

TEST_CASE("a refusal of the mail server is logged and kept for its person", "[digest]")
{
    DigestWorld world;
    User const ada = world.user("ada");
    world.held("http://a.example/1");
    SiteDirectory sites(world.store());
    REQUIRE(sites.reload());
    FakeMailer mailer;
    DigestSender sender(world.digests, world.store(), world.store(), sites, mailer, world.pool, world.clock, world.log);
    world.chooses(ada, DigestRhythm::Hourly);
    sender.start();
    CHECK(world.log.wait_for("digest for ada@harbour.example").find("550 nobody here") != std::string::npos);
    sender.stop();
    CHECK(world.digests.digest(ada.id).value().failures == 1);
}
