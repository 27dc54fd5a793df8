#include <catch2/catch.hpp>

#include "store/moderation_test_world.h"

using namespace backtalk;

TEST_CASE("a mention keeps its verdict with every reason", "[moderation]")
{
    ModerationWorld world;
    MentionId const id = world.friendly("http://friend.example/post");
    CHECK(world.state(id) == MentionState::Published);
    judge::Verdict const verdict = world.verdict(id);
    CHECK(verdict.outcome == judge::Outcome::Published);
    CHECK_FALSE(verdict.reasons.empty());
    CHECK(verdict_json(verdict) == world.store().verdict(id).value());
}

TEST_CASE("decisions are made for many at once, or for none", "[moderation]")
{
    ModerationWorld world;
    MentionId const one = world.friendly("http://a.example/post");
    MentionId const two = world.friendly("http://b.example/post");
    CHECK_FALSE(world.run(world.moderator.decide({one, MentionId(99)}, Decision::Spam, "ann")));
    CHECK(world.state(one) == MentionState::Published);
    DecisionId const decision = world.decide({one, two, one}, Decision::Reject);
    CHECK(world.state(one) == MentionState::Deleted);
    CHECK(world.state(two) == MentionState::Deleted);
    auto const past = world.moderator.decisions(10).value();
    REQUIRE(past.size() == 1);
    CHECK(past[0].id == decision);
    CHECK(past[0].decision == Decision::Reject);
    CHECK(past[0].actor == "ann");
    CHECK(past[0].mentions.size() == 2);
}

TEST_CASE("what is undone is as it was, and nothing of it stays learnt", "[moderation]")
{
    ModerationWorld world;
    MentionId const one = world.friendly("http://a.example/post");
    MentionId const two = world.friendly("http://b.example/post");
    world.decide({two}, Decision::Approve);
    auto const learnt_before = world.store().learnt(world.site.id).value();
    DecisionId const spam = world.decide({one, two}, Decision::Spam);
    CHECK(world.store().learnt(world.site.id).value() != learnt_before);
    CHECK(world.store().remembered(world.site.id, "domain", "a.example").value().bad > 0);
    world.done(world.moderator.undo(spam, "ben"));
    CHECK(world.state(one) == MentionState::Published);
    CHECK(world.state(two) == MentionState::Published);
    CHECK(world.store().learnt(world.site.id).value() == learnt_before);
    CHECK(world.store().remembered(world.site.id, "domain", "a.example").value().bad == 0);
    CHECK(world.store().remembered(world.site.id, "domain", "b.example").value().good > 0);
    CHECK(world.store().approved_before(world.harbour.id, "b.example").value());
    CHECK(world.run(world.moderator.undo(spam, "ben")).error().code == ErrorCode::Conflict);
    CHECK(world.run(world.moderator.undo(DecisionId(99), "ben")).error().code == ErrorCode::NotFound);
}

TEST_CASE("undoing a decision leaves alone what was decided since", "[moderation]")
{
    ModerationWorld world;
    MentionId const id = world.friendly("http://a.example/post");
    DecisionId const first = world.decide({id}, Decision::Spam);
    world.decide({id}, Decision::Approve);
    world.done(world.moderator.undo(first, "ann"));
    CHECK(world.state(id) == MentionState::Published);
    CHECK(world.store().remembered(world.site.id, "domain", "a.example").value().bad == 0);
}

TEST_CASE("what the owner throws out is known by its words and its domain when it comes again", "[moderation]")
{
    ModerationWorld world;
    MentionId const first = world.friendly("http://loud.example/1");
    double const before = world.verdict(first).score;
    world.decide({first}, Decision::Spam);
    judge::Verdict const same_domain = world.verdict(world.friendly("http://www.loud.example/2"));
    CHECK(same_domain.score > before + 2);
    judge::Verdict const same_words = world.verdict(world.friendly("http://other.example/1"));
    CHECK(same_words.score > before + 0.5);
    CHECK(same_words.score < same_domain.score);
}

TEST_CASE("a shop that links back is not shown until the owner approves it", "[moderation]")
{
    ModerationWorld world;
    MentionId const id = world.shop("http://cheap-replica-watches.example/");
    CHECK(world.state(id) != MentionState::Published);
    world.decide({id}, Decision::Approve);
    CHECK(world.state(id) == MentionState::Published);
    CHECK(world.checked("http://cheap-replica-watches.example/") == id);
    CHECK(world.state(id) == MentionState::Published);
}

TEST_CASE("what is blocked goes to spam: a host with all below it, an author, a word", "[moderation]")
{
    ModerationWorld world;
    MentionId const shown = world.friendly("http://blog.loud.example/1");
    world.done(world.moderator.block_host_of(shown, "ann"));
    CHECK(world.state(world.friendly("http://www.loud.example/2")) == MentionState::Spam);
    CHECK(world.state(world.friendly("http://notloud.example/2")) == MentionState::Published);

    BlockId const word = world.done(world.moderator.block(world.site.id, BlockKind::Word, "  Lights   OUT ", "ann"));
    CHECK(world.state(world.friendly("http://a.example/1")) == MentionState::Spam);
    CHECK(world.done(world.moderator.block(world.site.id, BlockKind::Word, "lights out", "ben")) == word);
    world.done(world.moderator.unblock(word));
    CHECK(world.state(world.friendly("http://a.example/2")) == MentionState::Published);
    CHECK(world.run(world.moderator.unblock(word)).error().code == ErrorCode::NotFound);
    CHECK(world.run(world.moderator.block(world.site.id, BlockKind::Word, "  ", "ann")).error().code == ErrorCode::Malformed);
    CHECK(world.moderator.blocks(world.site.id).value().size() == 1);

    world.done(world.moderator.block(world.site.id, BlockKind::Author, "Loud Larry", "ann"));
    MentionId const larry = world.checked("http://c.example/1",
        "<html><head><title>T</title><meta name=author content=\"Loud Larry\"></head><body>" +
            page_saying("", "Following up on what we read", world.target) + "</body></html>");
    CHECK(world.state(larry) == MentionState::Spam);
}

TEST_CASE("hundreds of pages that say the same are one thing to decide, those before they were known for it as well", "[moderation]")
{
    ModerationWorld world;
    std::vector<MentionId> all;
    for (int i = 0; i < 30; ++i) {
        Entry const entry = world.entry("Entry " + std::to_string(i));
        world.target = "http://quarters.example/" + entry.path;
        all.push_back(world.checked("http://h" + std::to_string(i) + ".example/", entry.id,
            page_saying("Interesting", "I was looking for such a site for a long time and your weblog explains it all very well, see",
                world.target)));
    }
    InboxCounts const counts = world.store().inbox_counts({}).value();
    CHECK(counts.held + counts.spam == 1);
    for (MentionId const id : all)
        CHECK(world.state(id) != MentionState::Published);
}

TEST_CASE("spam goes for good after its time, not before, and nothing else goes", "[moderation]")
{
    ModerationWorld world;
    MentionId const kept = world.friendly("http://a.example/1");
    MentionId const spam = world.friendly("http://b.example/1");
    DecisionId const decision = world.decide({spam}, Decision::Spam);
    world.clock.advance(std::chrono::days(29));
    CHECK(world.done(world.store().purge_spam(world.clock.now() - std::chrono::days(30))) == 0);
    CHECK(world.store().mention(spam).value());
    world.clock.advance(std::chrono::days(2));
    CHECK(world.done(world.store().purge_spam(world.clock.now() - std::chrono::days(30))) == 1);
    CHECK_FALSE(world.store().mention(spam).value());
    CHECK(world.store().mention(kept).value());
    CHECK(world.store().remembered(world.site.id, "domain", "b.example").value().bad > 0);
    CHECK(world.run(world.moderator.undo(decision, "ann")).error().code == ErrorCode::Conflict);
}

TEST_CASE("spam is kept for its time from when it became spam, whatever made it so", "[moderation]")
{
    ModerationWorld world;
    PingId const ping = world.ping(world.harbour.id, "http://a.example/1");
    PingVerified held = StoreWorld::verified({"http://a.example/1"});
    held.state = MentionState::Held;
    world.done(world.store().finish_ping(ping, std::move(held)));
    MentionId const named = world.friendly("http://b.example/1");
    world.clock.advance(std::chrono::days(40));
    PingVerified spam = StoreWorld::verified({"http://c.example/1"});
    spam.state = MentionState::Spam;
    spam.campaign = 7;
    spam.earlier = {ping};
    spam.reassess = [](PingId, std::string const&) { return Reassessed{MentionState::Spam, "of a campaign", ""}; };
    world.done(world.store().finish_ping(world.ping(world.harbour.id, "http://c.example/1"), std::move(spam)));
    world.done(world.store().set_mention_state({named}, MentionState::Spam));
    REQUIRE(world.store().inbox_counts({}).value().spam == 2);
    world.clock.advance(std::chrono::days(29));
    CHECK(world.done(world.store().purge_spam(world.clock.now() - std::chrono::days(30))) == 0);
    world.clock.advance(std::chrono::days(2));
    CHECK(world.done(world.store().purge_spam(world.clock.now() - std::chrono::days(30))) == 3);
}

TEST_CASE("a host that is named by forged pings is asked twenty times an hour, and the rest wait", "[moderation]")
{
    ModerationWorld world;
    for (int i = 0; i < 60; ++i)
        world.ping(
            world.harbour.id, "http://www" + std::to_string(i % 3) + ".victim.example" + (i % 2 == 0 ? "." : "") + "/" + std::to_string(i));
    world.wake_checker();
    world.log.wait_for("ping", 60);
    auto const count = [&] {
        PingQuery query;
        query.state = PingState::Refused;
        return world.store().pings(query).value().size();
    };
    CHECK(count() == 20);
    PingQuery waiting;
    waiting.state = PingState::Queued;
    auto const found = world.store().pings(waiting).value();
    for (Ping const& ping : found) {
        CHECK(ping.next_try > world.clock.now() + std::chrono::minutes(59));
        CHECK(ping.attempts == 0);
    }
    world.clock.advance(std::chrono::minutes(61));
    world.wake_checker();
    world.log.wait_for("ping", 100);
    CHECK(count() == 40);
}

TEST_CASE("redirects to a host count for it, and honest pages do not", "[moderation]")
{
    ModerationWorld world;
    for (int i = 0; i < 40; ++i)
        CHECK(world.state(world.friendly("http://friend.example/" + std::to_string(i))) == MentionState::Published);
    for (int i = 0; i < 40; ++i) {
        std::string const address = "http://attacker" + std::to_string(i) + ".example/";
        world.web.redirect(address, "http://victim.example/" + std::to_string(i));
        world.ping(world.harbour.id, address);
    }
    world.wake_checker();
    world.log.wait_for("ping", 80);
    PingQuery refused;
    refused.state = PingState::Refused;
    CHECK(world.store().pings(refused).value().size() == 20);
}
