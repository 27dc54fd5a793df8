#include <catch2/catch.hpp>

#include <atomic>

#include "app/receive_ping.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

Settings::Limits limits(std::uint32_t per_sender, std::uint32_t per_entry)
{
    Settings::Limits limits;
    limits.pings_per_minute_per_sender = per_sender;
    limits.pings_per_minute_per_entry = per_entry;
    return limits;
}

struct ReceiveWorld : StoreWorld {
    explicit ReceiveWorld(Settings::Limits the_limits = {})
        : targets(store()), receiver(store(), sites, targets, pool, clock, log, the_limits, [this] { ++woken; })
    {
        harbour = entry("The harbour");
    }

    TrackbackReceipt send(std::string id, FormFields form, std::string sender = "192.0.2.7")
    {
        TrackbackRequest request(std::make_shared<Site const>(site), PingDoor{PingDoor::By::TrackbackId, id});
        request.target = "http://quarters.example/trackback/" + id;
        request.form = std::move(form);
        request.content_type = "application/x-www-form-urlencoded";
        request.sender = sender;
        request.sender_key = sender;
        return run(receiver.trackback(std::move(request)));
    }
    std::size_t stored() { return store().pings(PingQuery()).value().size(); }

    SilentLog log;
    std::atomic<int> woken = 0;
    SiteDirectory sites{store()};
    PingTargets targets;
    PingReceiver receiver;
    Entry harbour;
};

bool says(TrackbackReceipt const& receipt, std::string_view message)
{
    return !receipt.accepted && receipt.answer.body.find("<error>1</error>\n<message>" + std::string(message)) != std::string::npos;
}

FormFields form_with_url(std::string url) { return {{"url", std::move(url)}}; }

}  // namespace

TEST_CASE("an accepted ping is on disk as it was received, and the checker is woken", "[receive]")
{
    ReceiveWorld world;
    auto const receipt =
        world.send("1", {{"url", " http//a.example/1 "}, {"title", "Lights &#8217;out"}, {"excerpt", "Dark."}, {"blog_name", "Square"}});
    REQUIRE(receipt.accepted);
    CHECK(receipt.answer.status == 200);
    CHECK(receipt.answer.body == "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>\n<error>0</error>\n</response>\n");
    CHECK(receipt.message.empty());
    CHECK(receipt.source == "http://a.example/1");
    CHECK(world.woken == 1);
    world.reopen();
    auto const pings = world.store().pings(PingQuery()).value();
    REQUIRE(pings.size() == 1);
    CHECK(pings[0].state == PingState::Queued);
    CHECK(pings[0].entry == world.harbour.id);
    CHECK(pings[0].source.str() == "http://a.example/1");
    CHECK(pings[0].title == "Lights \xE2\x80\x99out");
    CHECK(pings[0].excerpt == "Dark.");
    CHECK(pings[0].blog_name == "Square");
    CHECK(pings[0].sender == "192.0.2.7");
    CHECK(pings[0].target_as_received == "http://quarters.example/trackback/1");
    CHECK(pings[0].received == world.clock.now());
}

TEST_CASE("a repeated ping is accepted and is a row of its own", "[receive]")
{
    ReceiveWorld world;
    CHECK(world.send("1", form_with_url("http://a.example/1")).accepted);
    CHECK(world.send("1", form_with_url("http://a.example/1")).accepted);
    CHECK(world.stored() == 2);
}

TEST_CASE("each refusal has Movable Type's words, and leaves nothing in the store", "[receive]")
{
    ReceiveWorld world;
    EntryDraft draft = world.draft("Hidden");
    draft.status = EntryStatus::Draft;
    Entry const hidden = world.add(draft);
    draft = world.draft("Closed");
    draft.takes_pings = false;
    Entry const closed = world.add(draft);
    Entry const deleted = world.entry("Deleted");
    world.done(world.store().set_entry_status(deleted.id, EntryStatus::Deleted));
    FormFields const good = form_with_url("http://a.example/1");

    CHECK(says(world.send("", good), "Need a TrackBack ID (tb_id)."));
    for (std::string const& id : {std::string("77"), std::string("x"), std::string("-1"), std::string("99999999999999999999"),
             std::to_string(hidden.id.value), std::to_string(deleted.id.value)})
        CHECK(says(world.send(id, good), "Invalid TrackBack ID '" + id + "'"));
    CHECK(says(world.send("1", {}), "Need a Source URL (url)."));
    CHECK(says(world.send("1", form_with_url("  ")), "Need a Source URL (url)."));
    for (std::string const url : {"javascript:alert(1)", "ftp://a.example/", "http://", "a b"})
        CHECK(says(world.send("1", form_with_url(url)), "Invalid URL '" + url + "'"));
    CHECK(says(world.send(std::to_string(closed.id.value), good), "This TrackBack item is disabled."));
    CHECK(says(world.send("1", form_with_url("http://quarters.example/2007/03/the-harbour/")), "Invalid URL '"));
    CHECK(says(world.send("1", form_with_url("https://quarters.example/?p=1")), "Invalid URL '"));
    CHECK(world.stored() == 0);
    CHECK(world.woken == 0);
}

TEST_CASE("of several reasons to refuse the first in Movable Type's order is told", "[receive]")
{
    ReceiveWorld world(limits(2, 100));
    EntryDraft draft = world.draft("Closed");
    draft.takes_pings = false;
    std::string const closed = std::to_string(world.add(draft).id.value);
    CHECK(says(world.send("77", {}), "Invalid TrackBack ID"));
    CHECK(says(world.send(closed, {}), "Need a Source URL"));
    CHECK(says(world.send(closed, form_with_url("a b")), "Invalid URL"));
    auto const throttled = world.send(closed, {});
    CHECK(says(throttled, "You are pinging trackbacks too quickly."));
    CHECK(throttled.answer.status == 403);
    CHECK(says(world.send("77", {}), "Invalid TrackBack ID"));
}

TEST_CASE("what a refusal quotes cannot break out of the answer", "[receive]")
{
    ReceiveWorld world;
    auto const receipt = world.send("</message><x>&\"", form_with_url("http://a.example/"));
    CHECK(receipt.answer.body.find("'&lt;/message&gt;&lt;x&gt;&amp;&quot;'") != std::string::npos);
}

TEST_CASE("one sender's flood is stopped and neither uses up another's pings nor the entry's", "[receive]")
{
    ReceiveWorld world(limits(3, 10));
    int accepted = 0;
    for (int i = 0; i < 50; ++i)
        accepted += world.send("1", form_with_url("http://a.example/" + std::to_string(i)), "192.0.2.66").accepted;
    CHECK(accepted == 3);
    CHECK(world.send("1", form_with_url("http://b.example/"), "192.0.2.7").accepted);
}

TEST_CASE("an entry takes no more pings a minute than its limit from all senders together", "[receive]")
{
    ReceiveWorld world(limits(100, 5));
    Entry const other = world.entry("Other");
    int accepted = 0;
    for (int i = 0; i < 20; ++i)
        accepted += world.send("1", form_with_url("http://a.example/"), "192.0.2." + std::to_string(i)).accepted;
    CHECK(accepted == 5);
    CHECK(world.send(std::to_string(other.id.value), form_with_url("http://a.example/")).accepted);
}

TEST_CASE("limits may be changed while pings come in", "[receive]")
{
    ReceiveWorld world(limits(1, 100));
    CHECK(world.send("1", form_with_url("http://a.example/"), "192.0.2.1").accepted);
    CHECK_FALSE(world.send("1", form_with_url("http://a.example/"), "192.0.2.1").accepted);
    world.receiver.set_limits(limits(5, 100));
    int accepted = 0;
    for (int i = 0; i < 10; ++i)
        accepted += world.send("1", form_with_url("http://a.example/"), "192.0.2.2").accepted;
    CHECK(accepted == 5);
}
