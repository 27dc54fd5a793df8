#include <catch2/catch.hpp>

#include "async/task_group.h"
#include "store/moderation_test_world.h"

using namespace backtalk;

namespace {

struct DecisionWorld : ModerationWorld {
    /// A mention that is held, without a check.
    MentionId held(std::string const& source, std::string const& title = "Page title")
    {
        PingVerified outcome = verified({source}, title);
        outcome.state = MentionState::Held;
        return done(store().finish_ping(ping(harbour.id, source), std::move(outcome))).value();
    }
    std::vector<MentionId> many_held(int count)
    {
        std::vector<MentionId> ids;
        for (int i = 0; i < count; ++i)
            ids.push_back(held("http://h" + std::to_string(i) + ".example/", "A title with number " + std::to_string(i)));
        return ids;
    }
    void undo(DecisionId decision) { done(moderator.undo(decision, "ann")); }
    /// The source says at a second look that it does not link here, or that it does.
    void withdraw(std::string const& source)
    {
        done(store().finish_ping(ping(harbour.id, source), PingRefused{"its source does not link to the entry", true, ++fetches}));
    }
    void link_again(std::string const& source)
    {
        PingVerified outcome = verified({source});
        outcome.state = MentionState::Held;
        outcome.fetched = ++fetches;
        done(store().finish_ping(ping(harbour.id, source), std::move(outcome)));
    }
    ModerationStore::Memory memory(std::string_view domain) { return store().remembered(site.id, "domain", domain).value(); }
    auto learnt() { return store().learnt(site.id).value(); }
    bool is_approved(std::string_view host) { return store().approved_before(harbour.id, host).value(); }
    std::int64_t queued() { return static_cast<std::int64_t>(store().due_pings(clock.now(), 100).value().size()); }

    std::int64_t fetches = 0;
};

}  // namespace

TEST_CASE("what was taken back never comes back with what was decided after it", "[decisions]")
{
    DecisionWorld world;
    MentionId const id = world.held("http://a.example/1");
    DecisionId const approved = world.decide({id}, Decision::Approve);
    DecisionId const spam = world.decide({id}, Decision::Spam);
    world.undo(approved);
    CHECK(world.state(id) == MentionState::Spam);
    world.undo(spam);
    CHECK(world.state(id) == MentionState::Held);
    CHECK_FALSE(world.is_approved("a.example"));
}

TEST_CASE("decisions are taken back in any order, and leave what was before them", "[decisions]")
{
    std::vector<int> order{0, 1, 2};
    do {
        DecisionWorld world;
        MentionId const id = world.held("http://a.example/1");
        std::vector<DecisionId> made;
        for (Decision const decision : {Decision::Approve, Decision::Reject, Decision::Spam})
            made.push_back(world.decide({id}, decision));
        for (int const which : order)
            world.undo(made[static_cast<std::size_t>(which)]);
        CHECK(world.state(id) == MentionState::Held);
        CHECK_FALSE(world.is_approved("a.example"));
        CHECK(world.learnt().empty());
        CHECK(world.memory("a.example").good == 0);
        CHECK(world.memory("a.example").bad == 0);
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("nothing is shown again whose source took the link back meanwhile", "[decisions]")
{
    DecisionWorld world;
    std::string const source = "http://a.example/1";
    MentionId const id = world.listed(world.harbour.id, {source});
    DecisionId const rejected = world.decide({id}, Decision::Reject);
    world.withdraw(source);
    CHECK(world.state(id) == MentionState::Deleted);
    CHECK(world.done(world.moderator.undo(rejected, "ann")).withdrawn == 1);
    CHECK(world.state(id) == MentionState::Gone);
    world.link_again(source);
    CHECK(world.state(id) == MentionState::Held);
}

TEST_CASE("what is approved without linking here is read again, and shown once it links", "[decisions]")
{
    DecisionWorld world;
    std::string const source = "http://a.example/1";
    MentionId const id = world.held(source);
    for (Decision const before : {Decision::Spam, Decision::Reject}) {
        world.decide({id}, before);
        world.withdraw(source);
        REQUIRE(world.queued() == 0);
        Decided const decided = world.done(world.moderator.decide({id}, Decision::Approve, "ann"));
        CHECK(decided.withdrawn == 1);
        CHECK(world.state(id) == MentionState::Gone);
        std::vector<Ping> const again = world.store().due_pings(world.clock.now(), 100).value();
        REQUIRE(again.size() == 1);
        world.link_again(source);
        CHECK(world.state(id) == MentionState::Published);
        world.wake_checker();
        world.log.wait_for("ping " + std::to_string(again.front().id.value) + " for");
    }
}

TEST_CASE("what was gone when it was decided waits for a decision once its source links again and that is taken back", "[decisions]")
{
    DecisionWorld world;
    std::string const source = "http://a.example/1";
    MentionId const id = world.listed(world.harbour.id, {source});
    world.withdraw(source);
    REQUIRE(world.state(id) == MentionState::Gone);
    DecisionId const spam = world.decide({id}, Decision::Spam);
    world.link_again(source);
    CHECK(world.state(id) == MentionState::Spam);
    world.undo(spam);
    CHECK(world.state(id) == MentionState::Held);
}

TEST_CASE("the same decision on a mention teaches once, however often it is made", "[decisions]")
{
    DecisionWorld world;
    MentionId const id = world.held("http://a.example/1", "Cheap lamps");
    DecisionId const first = world.decide({id}, Decision::Spam);
    auto const learnt = world.learnt();
    double const bad = world.memory("a.example").bad;
    REQUIRE_FALSE(learnt.empty());
    DecisionId const second = world.decide({id}, Decision::Spam);
    DecisionId const removed = world.decide({id}, Decision::Delete);
    DecisionId const third = world.decide({id}, Decision::Spam);
    CHECK(world.learnt() == learnt);
    CHECK(world.memory("a.example").bad == bad);
    // As long as one of them stands, so does the lesson.
    for (DecisionId const each : {first, third, removed}) {
        world.undo(each);
        CHECK(world.learnt() == learnt);
        CHECK(world.memory("a.example").bad == bad);
    }
    world.undo(second);
    CHECK(world.learnt().empty());
    CHECK(world.memory("a.example").bad == 0);
}

TEST_CASE("a contrary decision takes the lesson back, and gives it back when it is taken back itself", "[decisions]")
{
    DecisionWorld world;
    MentionId const id = world.held("http://a.example/1", "Cheap lamps");
    world.decide({id}, Decision::Spam);
    auto const learnt = world.learnt();
    double const bad = world.memory("a.example").bad;
    world.clock.advance(std::chrono::days(10));
    DecisionId const approved = world.decide({id}, Decision::Approve);
    CHECK(world.memory("a.example").bad == 0);
    CHECK(world.memory("a.example").good > 0);
    world.clock.advance(std::chrono::days(10));
    world.done(world.store().purge_spam(world.clock.now() - std::chrono::days(15)));
    DecisionId const rejected = world.decide({id}, Decision::Reject);
    CHECK(world.learnt().empty());
    CHECK(world.memory("a.example").good == 0);
    world.undo(rejected);
    world.undo(approved);
    CHECK(world.learnt() == learnt);
    CHECK(world.memory("a.example").bad == bad);
}

TEST_CASE("who changes their mind teaches what they would have taught at once", "[decisions]")
{
    DecisionWorld changed;
    MentionId const id = changed.held("http://a.example/1", "Cheap lamps");
    changed.decide({id}, Decision::Spam);
    changed.decide({id}, Decision::Approve);
    DecisionWorld sure;
    sure.decide({sure.held("http://a.example/1", "Cheap lamps")}, Decision::Approve);
    auto const weights = [](DecisionWorld& world) {
        auto learnt = world.learnt();
        std::ranges::sort(learnt);
        return learnt;
    };
    CHECK(weights(changed) == weights(sure));
    CHECK(changed.memory("a.example").good == sure.memory("a.example").good);
}

TEST_CASE("what somebody else decided meanwhile is left alone and told, unless it does not matter", "[decisions]")
{
    DecisionWorld world;
    MentionId const theirs = world.held("http://a.example/1");
    MentionId const mine = world.held("http://b.example/1");
    MentionId const checked = world.held("http://c.example/1");
    world.done(world.moderator.decide({theirs}, Decision::Approve, "ben", MentionState::Held));
    world.withdraw("http://c.example/1");
    world.clock.advance(std::chrono::seconds(70));
    auto const learnt = world.learnt();

    Decided const some = world.done(world.moderator.decide({theirs, mine, checked}, Decision::Reject, "ann", MentionState::Held));
    CHECK(some.mentions == 1);
    REQUIRE(some.overtaken.size() == 2);
    CHECK(some.overtaken[0].mention == theirs);
    CHECK(some.overtaken[0].state == MentionState::Published);
    REQUIRE(some.overtaken[0].by);
    CHECK(some.overtaken[0].by->actor == "ben");
    CHECK(some.overtaken[0].by->decision == Decision::Approve);
    CHECK(some.overtaken[0].by->ago == std::chrono::seconds(70));
    CHECK(some.overtaken[1].mention == checked);
    CHECK_FALSE(some.overtaken[1].by);
    CHECK(world.state(theirs) == MentionState::Published);
    CHECK(world.state(mine) == MentionState::Deleted);
    CHECK(world.state(checked) == MentionState::Gone);

    auto const before = world.moderator.decisions(10).value().size();
    Decided const none = world.done(world.moderator.decide({theirs}, Decision::Spam, "ann", MentionState::Held));
    CHECK_FALSE(none.id);
    CHECK(none.mentions == 0);
    CHECK(world.moderator.decisions(10).value().size() == before);
    CHECK(world.learnt() == learnt);

    CHECK(world.done(world.moderator.decide({theirs}, Decision::Spam, "ann")).mentions == 1);
    CHECK(world.state(theirs) == MentionState::Spam);
}

TEST_CASE("thousands are decided a part at a time, under one decision that is taken back as a whole", "[decisions]")
{
    DecisionWorld world;
    std::vector<MentionId> const ids = world.many_held(250);
    std::uint64_t const before = world.store().commits();
    DecisionId const spam = world.decide(ids, Decision::Spam);
    CHECK(world.store().commits() - before == 3);
    CHECK(world.store().inbox_counts({}).value().spam == 250);
    CHECK(world.moderator.decisions(10).value().at(0).mentions.size() == 250);
    world.undo(spam);
    CHECK(world.store().commits() - before == 6);
    CHECK(world.store().inbox_counts({}).value().held == 250);
    CHECK(world.learnt().empty());
    CHECK(world.run(world.moderator.undo(spam, "ann")).error().code == ErrorCode::Conflict);
}

TEST_CASE("of a decision that is taken back while it is under way nothing stays", "[decisions]")
{
    /// Takes the decision back right behind its first part.
    struct Hasty final : ChangeListener {
        explicit Hasty(DecisionWorld& the_world) : world(the_world) { }
        void changed(std::span<std::string const>) override
        {
            if (!std::exchange(is_done, true))
                undoing.start_here(undo());
        }
        Task<void> undo() { (void)co_await world.store().undo_decision(DecisionId(1), "ben"); }
        DecisionWorld& world;
        TaskGroup undoing{world.pool};
        bool is_done = false;
    };
    DecisionWorld world;
    std::vector<MentionId> ids = world.many_held(250);
    std::ranges::reverse(ids);
    Hasty hasty(world);
    world.store().add_listener(hasty);
    world.decide(ids, Decision::Spam);
    hasty.undoing.join();
    world.store().remove_listener(hasty);
    CHECK(world.store().inbox_counts({}).value().held == 250);
    CHECK(world.learnt().empty());
    CHECK(world.moderator.decisions(1).value().at(0).undone);
}
