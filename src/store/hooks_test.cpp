#include <catch2/catch.hpp>

#include "app/change_keys.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

constexpr char const* source = "http://a.example/1";

/// A store with a site that has a hook.
struct HookedWorld : StoreWorld {
    HookedWorld()
    {
        site.hook_url = "http://receiver.example/hook";
        site.hook_secret = "s3cret";
        done(store().change_site(site));
    }

    /// What is to be told, in the order in which it will be: "published a.example/1 2007/03/alpha/".
    std::vector<std::string> waiting()
    {
        HookQuery query;
        query.state = HookState::Waiting;
        std::vector<std::string> words;
        auto const found = store().hooks(query).value();
        for (Hook const& hook : found) {
            std::string const where = hook.source.substr(hook.source.find("//") + 2);
            words.insert(words.begin(), std::string(to_word(hook.event)) + " " + where + " " + hook.path);
        }
        return words;
    }
    void deliver_all()
    {
        while (auto const next = first())
            finish(next->id, HookState::Delivered);
    }
    void finish(HookId id, HookState state, std::optional<Instant> pause = std::nullopt)
    {
        HookOutcome outcome;
        outcome.state = state;
        outcome.note = "HTTP something";
        outcome.pause = pause;
        done(store().finish_hook(id, std::move(outcome)));
    }
    std::optional<Hook> first()
    {
        auto const due = store().due_hooks(clock.now(), 1).value();
        return due.empty() ? std::nullopt : std::optional(due.front());
    }
    void sleep_until(Instant when) { clock.advance(when - clock.now()); }
    Hook hook(HookId id) { return store().hook(id).value().value(); }
    void set(MentionId id, MentionState state) { done(store().set_mention_state({id}, state)); }
    MentionId held(EntryId entry, std::string const& address)
    {
        PingVerified outcome = verified({address});
        outcome.state = MentionState::Held;
        return done(store().finish_ping(ping(entry, address), std::move(outcome))).value();
    }
    void withdraw(EntryId entry, std::string const& address)
    {
        done(store().finish_ping(ping(entry, address), PingRefused{"the source is gone", true, 0}));
    }

    Entry alpha = entry("Alpha");
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a mention that is listed is to be told, and so is one that is edited or goes", "[hooks]")
{
    HookedWorld world;
    MentionId const id = world.listed(world.alpha.id, {source}, "First");
    CHECK(world.waiting() == Words{"published a.example/1 2007/03/alpha/"});
    CHECK(world.first()->mention == id);
    world.deliver_all();
    world.listed(world.alpha.id, {source}, "Second");
    CHECK(world.waiting() == Words{"updated a.example/1 2007/03/alpha/"});
    world.deliver_all();
    world.withdraw(world.alpha.id, source);
    CHECK(world.waiting() == Words{"deleted a.example/1 2007/03/alpha/"});
    world.deliver_all();
    world.listed(world.alpha.id, {source}, "Back");
    CHECK(world.waiting() == Words{"published a.example/1 2007/03/alpha/"});
}

TEST_CASE("whatever takes a mention off the page is told as its deletion", "[hooks]")
{
    for (MentionState const state : {MentionState::Held, MentionState::Spam, MentionState::Deleted, MentionState::Gone}) {
        CAPTURE(to_word(state));
        HookedWorld world;
        MentionId const id = world.listed(world.alpha.id, {source});
        world.deliver_all();
        world.set(id, state);
        CHECK(world.waiting() == Words{"deleted a.example/1 2007/03/alpha/"});
    }
}

TEST_CASE("of what was never shown nothing is told", "[hooks]")
{
    HookedWorld world;
    MentionId const id = world.held(world.alpha.id, source);
    world.set(id, MentionState::Spam);
    world.set(id, MentionState::Deleted);
    world.set(id, MentionState::Held);
    world.withdraw(world.alpha.id, source);
    world.done(world.store().finish_ping(world.ping(world.alpha.id, "http://b.example/1"), PingRefused{"no link", true, 0}));
    CHECK(world.waiting().empty());
    world.set(id, MentionState::Published);
    CHECK(world.waiting() == Words{"published a.example/1 2007/03/alpha/"});
}

TEST_CASE("a source that is checked again and says the same is no news", "[hooks]")
{
    HookedWorld world;
    MentionId const id = world.listed(world.alpha.id, {source}, "Same");
    world.deliver_all();
    world.clock.advance(std::chrono::hours(1));
    world.listed(world.alpha.id, {source}, "Same");
    world.set(id, MentionState::Published);
    world.done(world.store().finish_ping(world.ping(world.alpha.id, source), PingUnchanged{"unchanged"}));
    CHECK(world.waiting().empty());
}

TEST_CASE("several changes of a mention before it is delivered are told once, in the place of the last", "[hooks]")
{
    HookedWorld world;
    MentionId const a = world.listed(world.alpha.id, {source}, "First");
    HookId const first = world.first()->id;
    world.listed(world.alpha.id, {"http://b.example/1"});
    world.listed(world.alpha.id, {source}, "Second");
    CHECK(world.waiting() == Words{"published b.example/1 2007/03/alpha/", "published a.example/1 2007/03/alpha/"});
    CHECK(world.hook(first).state == HookState::Replaced);
    world.set(a, MentionState::Deleted);
    CHECK(world.waiting() == Words{"published b.example/1 2007/03/alpha/", "deleted a.example/1 2007/03/alpha/"});
}

TEST_CASE("a change while the one before it is under way is told as well, and both have names of their own", "[hooks]")
{
    HookedWorld world;
    world.listed(world.alpha.id, {source}, "First");
    Hook const under_way = *world.first();
    world.listed(world.alpha.id, {source}, "Second");
    Hook const next = *world.first();
    CHECK(next.id != under_way.id);
    CHECK(next.delivery != under_way.delivery);
    world.finish(under_way.id, HookState::Delivered);
    CHECK(world.hook(under_way.id).state == HookState::Delivered);
    CHECK(world.first()->id == next.id);
}

TEST_CASE("what was replaced while it was under way is neither tried again nor given up", "[hooks]")
{
    HookedWorld world;
    world.listed(world.alpha.id, {source}, "First");
    Hook const under_way = *world.first();
    world.listed(world.alpha.id, {source}, "Second");
    for (HookState const state : {HookState::Waiting, HookState::Failed}) {
        world.finish(under_way.id, state);
        CHECK(world.hook(under_way.id).state == HookState::Replaced);
    }
}

TEST_CASE("a change that is undone is not told", "[hooks]")
{
    HookedWorld world;
    MentionId const id = world.listed(world.alpha.id, {source});
    world.deliver_all();
    // The second of the ids does not exist, so that neither is changed.
    auto const outcome = world.run(world.store().set_mention_state({id, MentionId(999)}, MentionState::Spam));
    CHECK(outcome.error().code == ErrorCode::NotFound);
    CHECK(world.waiting().empty());
}

TEST_CASE("a change and what is to be told of it reach the disk together", "[hooks]")
{
    HookedWorld world;
    world.changes.taken();
    world.listed(world.alpha.id, {source});
    CHECK(world.changes.taken().contains(key_of_hooks()));
    world.reopen();
    CHECK(world.waiting() == Words{"published a.example/1 2007/03/alpha/"});
}

TEST_CASE("a site without a hook keeps no list", "[hooks]")
{
    HookedWorld world;
    world.site.hook_url.clear();
    world.done(world.store().change_site(world.site));
    world.changes.taken();
    world.listed(world.alpha.id, {source});
    CHECK(world.waiting().empty());
    CHECK_FALSE(world.changes.taken().contains(key_of_hooks()));
}

TEST_CASE("what was listed before there was a hook is told when it changes", "[hooks]")
{
    HookedWorld world;
    Site without = world.site;
    without.hook_url.clear();
    world.done(world.store().change_site(without));
    MentionId const id = world.listed(world.alpha.id, {source}, "First");
    world.done(world.store().change_site(world.site));
    world.listed(world.alpha.id, {source}, "Second");
    CHECK(world.waiting() == Words{"updated a.example/1 2007/03/alpha/"});
    world.deliver_all();
    world.set(id, MentionState::Deleted);
    CHECK(world.waiting() == Words{"deleted a.example/1 2007/03/alpha/"});
}

TEST_CASE("two mentions that turn out to be one leave one at the receiver", "[hooks]")
{
    HookedWorld world;
    world.listed(world.alpha.id, {"http://a.example/1"});
    world.clock.advance(std::chrono::seconds(5));
    world.listed(world.alpha.id, {"http://a.example/?p=1"});
    world.deliver_all();
    // The second page redirects to the first now.
    world.listed(world.alpha.id, {"http://a.example/?p=1", "http://a.example/1"});
    CHECK(world.waiting() == Words{"deleted a.example/?p=1 2007/03/alpha/"});
}

TEST_CASE("a mention that is known by another source from now on is taken back under the old one first", "[hooks]")
{
    HookedWorld world;
    PingClaim early = world.claim(world.alpha.id, "http://a.example/early");
    PingId const first = world.done(world.store().add_ping(early));
    world.clock.advance(std::chrono::seconds(5));
    world.listed(world.alpha.id, {"http://a.example/late", "http://a.example/1"});
    world.deliver_all();
    // Announced first, checked last.
    world.done(world.store().finish_ping(first, HookedWorld::verified({"http://a.example/early", "http://a.example/1"})));
    CHECK(world.waiting() == Words{"deleted a.example/late 2007/03/alpha/", "published a.example/early 2007/03/alpha/"});
}

TEST_CASE("a mention of an entry that has moved is taken back at the old address first", "[hooks]")
{
    HookedWorld world;
    MentionId const id = world.listed(world.alpha.id, {source}, "First");
    world.deliver_all();
    world.done(world.store().change_entry(world.alpha.id, world.draft("Alpha"), "moved/"));
    CHECK(world.waiting().empty());
    world.listed(world.alpha.id, {source}, "Second");
    CHECK(world.waiting() == Words{"deleted a.example/1 2007/03/alpha/", "published a.example/1 moved/"});
    world.deliver_all();
    world.set(id, MentionState::Spam);
    CHECK(world.waiting() == Words{"deleted a.example/1 moved/"});
}

TEST_CASE("of each site only the oldest is due, and only once its time has come", "[hooks]")
{
    HookedWorld world;
    Site other(SiteId(0), SiteBase(url_of("http://other.example/")));
    other.hook_url = "http://elsewhere.example/";
    other = world.done(world.store().add_site(std::move(other)));
    Entry const theirs = world.done(world.store().add_entry(other.id, world.draft("Beta"), {}));
    world.listed(world.alpha.id, {"http://a.example/1"});
    world.listed(world.alpha.id, {"http://a.example/2"});
    world.listed(theirs.id, {"http://a.example/3"});
    auto const sources = [&] {
        Words words;
        auto const found = world.store().due_hooks(world.clock.now(), 10).value();
        for (Hook const& hook : found)
            words.push_back(hook.source);
        return words;
    };
    CHECK(sources() == Words{"http://a.example/1", "http://a.example/3"});
    Instant const later = world.clock.now() + std::chrono::minutes(1);
    world.finish(world.first()->id, HookState::Waiting, later);
    CHECK(sources() == Words{"http://a.example/3"});
    CHECK(world.store().next_hook_due().value() == world.clock.now());
    world.deliver_all();
    CHECK(world.store().next_hook_due().value() == later);
    world.clock.advance(std::chrono::minutes(1));
    CHECK(sources() == Words{"http://a.example/1"});
    world.finish(world.first()->id, HookState::Failed);
    CHECK(sources() == Words{"http://a.example/2"});
}

TEST_CASE("what changes while the receiver is left alone waits as long as the others", "[hooks]")
{
    HookedWorld world;
    world.listed(world.alpha.id, {source}, "First");
    Instant const pause = world.clock.now() + std::chrono::hours(2);
    world.finish(world.first()->id, HookState::Waiting, pause);
    world.listed(world.alpha.id, {"http://b.example/1"});
    world.listed(world.alpha.id, {source}, "Second");
    CHECK(world.store().next_hook_due().value() == pause);
    world.sleep_until(pause);
    CHECK(world.first()->source == "http://b.example/1");
    auto const found = world.store().hooks({}).value();
    for (Hook const& hook : found)
        CHECK((hook.state == HookState::Replaced || hook.next_try == pause));
}

TEST_CASE("another receiver or secret ends the pause, and other settings do not", "[hooks]")
{
    HookedWorld world;
    world.listed(world.alpha.id, {source});
    auto const pause = [&] { world.finish(world.first()->id, HookState::Waiting, world.clock.now() + std::chrono::hours(2)); };
    pause();
    world.site.title = "Another title";
    world.done(world.store().change_site(world.site));
    CHECK_FALSE(world.first());
    world.site.hook_url = "http://receiver.example/moved";
    world.done(world.store().change_site(world.site));
    CHECK(world.first());
    pause();
    world.site.hook_secret = "another";
    world.done(world.store().change_site(world.site));
    CHECK(world.first());
}

TEST_CASE("what is told again by hand has a new name, and its site's pause ends", "[hooks]")
{
    HookedWorld world;
    world.listed(world.alpha.id, {source});
    Hook const before = *world.first();
    world.finish(before.id, HookState::Failed);
    world.listed(world.alpha.id, {"http://b.example/1"});
    world.finish(world.first()->id, HookState::Waiting, world.clock.now() + std::chrono::hours(2));
    world.clock.advance(std::chrono::minutes(5));
    CHECK_FALSE(world.first());
    world.done(world.store().retry_hooks({before.id}));
    Hook const again = *world.first();
    CHECK(again.id == before.id);
    CHECK(again.delivery != before.delivery);
    CHECK(again.attempts == 0);
    CHECK(again.queued == world.clock.now());
    world.finish(again.id, HookState::Delivered);
    CHECK(world.first()->source == "http://b.example/1");
    auto const unknown = world.run(world.store().retry_hooks({again.id, HookId(999)}));
    CHECK(unknown.error().code == ErrorCode::NotFound);
    CHECK(world.hook(again.id).state == HookState::Delivered);
}

TEST_CASE("what ended a month ago is forgotten, what waits is not", "[hooks]")
{
    HookedWorld world;
    world.listed(world.alpha.id, {"http://a.example/1"});
    world.listed(world.alpha.id, {"http://a.example/2"});
    world.listed(world.alpha.id, {"http://a.example/3"});
    HookId const ended = world.first()->id;
    world.finish(ended, HookState::Failed);
    HookId const taken = world.first()->id;
    world.clock.advance(std::chrono::days(29));
    world.finish(taken, HookState::Delivered);
    CHECK(world.store().hook(ended).value());
    world.clock.advance(std::chrono::days(2));
    world.finish(world.first()->id, HookState::Waiting);
    CHECK_FALSE(world.store().hook(ended).value());
    CHECK(world.store().hook(taken).value());
    CHECK(world.store().count_waiting_hooks() == 1);
}

TEST_CASE("a site that is removed takes along what it had to tell", "[hooks]")
{
    HookedWorld world;
    world.listed(world.alpha.id, {source});
    world.done(world.store().remove_site(world.site.id));
    CHECK(world.waiting().empty());
    CHECK_FALSE(world.store().next_hook_due().value());
}
