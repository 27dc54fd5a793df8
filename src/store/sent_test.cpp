#include <catch2/catch.hpp>

#include "store/store_test_world.h"

using namespace backtalk;

namespace {

SentOutcome outcome(SentState state, std::string message = {})
{
    SentOutcome outcome;
    outcome.state = state;
    outcome.message = std::move(message);
    return outcome;
}

Sent only(StoreWorld& world, EntryId entry)
{
    auto all = world.store().sent_of(entry).value();
    REQUIRE(all.size() == 1);
    return all[0];
}

}  // namespace

TEST_CASE("a target is told once, and again only when the entry has changed", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    Url const target = url_of("http://b.example/1");
    world.done(world.store().queue_sent(entry.id, {target}, SentVersion("v1", "")));
    Sent sent = only(world, entry.id);
    CHECK(sent.last.state == SentState::Queued);
    CHECK(sent.version.text == "v1");
    SentOutcome accepted = outcome(SentState::Accepted);
    accepted.endpoint = "http://b.example/tb/1";
    accepted.protocol = "trackback";
    world.done(world.store().finish_sent(sent.id, accepted));

    world.done(world.store().queue_sent(entry.id, {target}, SentVersion("v1", "")));
    sent = only(world, entry.id);
    CHECK(sent.last.state == SentState::Accepted);
    CHECK(sent.last.endpoint == "http://b.example/tb/1");
    CHECK(sent.last.protocol == "trackback");
    CHECK(world.store().due_sent(world.clock.now(), 10).value().empty());

    world.done(world.store().queue_sent(entry.id, {target}, SentVersion("v2", "")));
    sent = only(world, entry.id);
    CHECK(sent.last.state == SentState::Queued);
    CHECK(sent.attempts == 0);
    CHECK(sent.version.text == "v2");
    CHECK(world.store().due_sent(world.clock.now(), 10).value().size() == 1);
}

TEST_CASE("an entry that was edited while its ping was under way is told again", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    world.done(world.store().queue_sent(entry.id, {url_of("http://b.example/1")}, SentVersion("v1", "")));
    Sent const under_way = only(world, entry.id);
    world.done(world.store().queue_sent(entry.id, {url_of("http://b.example/1")}, SentVersion("v2", "")));
    SentOutcome accepted = outcome(SentState::Accepted);
    accepted.version = under_way.version;
    world.done(world.store().finish_sent(under_way.id, accepted));
    CHECK(only(world, entry.id).last.state == SentState::Queued);
    CHECK(only(world, entry.id).attempts == 0);
}

TEST_CASE("a target that was told and cannot be asked now still hears of a removed link", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    Url const target = url_of("http://b.example/1");
    world.done(world.store().queue_sent(entry.id, {target}, SentVersion("v1", "")));
    SentOutcome accepted = outcome(SentState::Accepted);
    accepted.endpoint = "http://b.example/webmention";
    accepted.protocol = "webmention";
    world.done(world.store().finish_sent(only(world, entry.id).id, accepted));

    world.done(world.store().queue_sent(entry.id, {target}, SentVersion("v2", "")));
    world.done(world.store().finish_sent(only(world, entry.id).id, outcome(SentState::Queued, "the target answers HTTP 503 for now")));
    CHECK(only(world, entry.id).last.endpoint == "http://b.example/webmention");
    world.done(world.store().queue_sent(entry.id, {}, SentVersion("v3", "")));
    CHECK_FALSE(only(world, entry.id).linked);
    CHECK(only(world, entry.id).last.state == SentState::Queued);

    // A page that names no endpoint any more is not told of anything.
    world.done(world.store().finish_sent(only(world, entry.id).id, outcome(SentState::NoEndpoint)));
    CHECK(only(world, entry.id).last.endpoint.empty());
    CHECK(only(world, entry.id).last.protocol.empty());
}

TEST_CASE("a try that was put off counts as an attempt only if the other side was the reason", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    world.done(world.store().queue_sent(entry.id, {url_of("http://b.example/1")}, SentVersion("v1", "")));
    SentId const id = only(world, entry.id).id;
    SentOutcome later = outcome(SentState::Queued, "HTTP 503");
    later.next_try = world.clock.now() + std::chrono::minutes(1);
    world.done(world.store().finish_sent(id, later));
    CHECK(only(world, entry.id).attempts == 1);
    CHECK(world.store().due_sent(world.clock.now(), 10).value().empty());
    CHECK(world.store().next_sent_due().value() == later.next_try);
    later.counts = false;
    world.done(world.store().finish_sent(id, later));
    CHECK(only(world, entry.id).attempts == 1);
}

TEST_CASE("what was given up may be tried again by hand", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    world.done(world.store().queue_sent(entry.id, {url_of("http://b.example/1")}, SentVersion("v1", "")));
    SentId const id = only(world, entry.id).id;
    world.done(world.store().finish_sent(id, outcome(SentState::Failed, "given up")));
    CHECK(world.store().next_sent_due().value() == std::nullopt);
    world.done(world.store().retry_sent({id}));
    CHECK(world.store().due_sent(world.clock.now(), 10).value().size() == 1);
    CHECK(only(world, entry.id).attempts == 0);
    auto const unknown = world.run(world.store().retry_sent({SentId(77)}));
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == ErrorCode::NotFound);
}

TEST_CASE("putting off a ping that was sent meanwhile changes nothing", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    world.done(world.store().queue_sent(entry.id, {url_of("http://b.example/1")}, SentVersion("v1", "")));
    SentId const id = only(world, entry.id).id;
    world.done(world.store().finish_sent(id, outcome(SentState::Accepted)));
    world.done(world.store().put_off_sent({id.value}, world.clock.now()));
    CHECK(only(world, entry.id).last.state == SentState::Accepted);
    CHECK(world.store().next_sent_due().value() == std::nullopt);
}
