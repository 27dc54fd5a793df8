#include "net/dns_lists.h"

#include <catch2/catch.hpp>

#include "async/task_group.h"
#include "net/dns_test_server.h"

using namespace backtalk;
using namespace std::chrono_literals;

namespace {

constexpr std::uint8_t servfail = 2;

using Zones = std::vector<std::string>;
using Says = DnsTestServer::Says;

class Lines final : public Log {
public:
    void write(LogLevel, std::string_view text) override
    {
        std::scoped_lock const lock(mutex_);
        text_ += std::string(text) + "\n";
    }
    std::string text() const
    {
        std::scoped_lock const lock(mutex_);
        return text_;
    }

private:
    mutable std::mutex mutex_;
    std::string text_;
};

struct ListWorld {
    explicit ListWorld(Zones domain_lists, Zones address_lists = {}) : lists(settings(domain_lists, address_lists), pool, log) { }

    Settings::Judge settings(Zones const& domain_lists, Zones const& address_lists = {}) const
    {
        Settings::Judge settings;
        settings.dns_lists = domain_lists;
        settings.dns_address_lists = address_lists;
        settings.dns_servers = {server.address()};
        return settings;
    }
    DnsFindings asked(std::string domain, std::string sender = "198.41.0.4", Deadline deadline = Deadline::in(60s))
    {
        return run_blocking(pool, lists.asked(std::move(domain), std::move(sender), deadline));
    }

    DnsTestServer server;
    ThreadPool pool{2};
    Lines log;
    AresDnsLists lists;
};

Says listed() { return Says{.addresses = {"127.0.0.2"}}; }

}  // namespace

TEST_CASE("each list says for itself whether it has the domain or the sender", "[dns-lists]")
{
    ListWorld world({"dbl.test", "uri.test", "other.test"}, {"bl.test", "xbl.test"});
    world.server.says("shop.example.dbl.test", listed());
    world.server.says("shop.example.other.test", Says{.addresses = {"127.0.1.2", "127.0.1.4"}});
    world.server.says("4.0.41.198.xbl.test", listed());
    DnsFindings const findings = world.asked("shop.example");
    CHECK(findings.of_domain == Zones{"dbl.test", "other.test"});
    CHECK(findings.of_sender == Zones{"xbl.test"});
    CHECK(world.server.names_asked() == 5);
    CHECK(world.log.text().empty());
}

TEST_CASE("nobody is asked while no list is named, nor about what is not of the open internet", "[dns-lists]")
{
    ListWorld off({});
    CHECK(off.asked("shop.example").of_domain.empty());
    CHECK(off.server.names_asked() == 0);

    ListWorld world({"dbl.test"}, {"bl.test"});
    for (auto const& [domain, sender] : {std::pair("192.0.2.1", "127.0.0.1"), {"localhost", "10.0.0.1"}, {"router.lan", ""}})
        CHECK(world.asked(domain, sender).of_domain.empty());
    CHECK(world.server.names_asked() == 0);
}

TEST_CASE("an answer is not asked for again while it holds", "[dns-lists]")
{
    ListWorld world({"dbl.test"});
    world.server.says("shop.example.dbl.test", listed());
    for (int i = 0; i < 3; ++i) {
        CHECK(world.asked("shop.example").of_domain.size() == 1);
        CHECK(world.asked("friend.example").of_domain.empty());
    }
    CHECK(world.server.times_asked("shop.example.dbl.test") == 1);
    CHECK(world.server.times_asked("friend.example.dbl.test") == 1);
}

TEST_CASE("a list that refuses to answer says nothing, and is left alone after three times", "[dns-lists]")
{
    ListWorld world({"refuses.test", "dbl.test"});
    for (std::string const name : {"a", "b", "c", "d"}) {
        world.server.says(name + ".example.refuses.test", Says{.addresses = {"127.255.255.254"}});
        world.server.says(name + ".example.dbl.test", listed());
        CHECK(world.asked(name + ".example").of_domain == Zones{"dbl.test"});
    }
    CHECK(world.server.times_asked("c.example.refuses.test") == 1);
    CHECK(world.server.times_asked("d.example.refuses.test") == 0);
    CHECK(world.log.text().find("the DNS list refuses.test refuses to answer us") != std::string::npos);
}

TEST_CASE("a server in trouble and a reply cut short are no answers", "[dns-lists]")
{
    ListWorld world({"trouble.test", "cut.test", "dbl.test"});
    world.server.says("shop.example.trouble.test", Says{.code = servfail});
    world.server.says("shop.example.cut.test", Says{.addresses = {"127.0.0.2"}, .bytes_max = 40});
    world.server.says("shop.example.dbl.test", listed());
    CHECK(world.asked("shop.example").of_domain == Zones{"dbl.test"});
}

TEST_CASE("a silent list holds up the others no longer than the deadline", "[dns-lists]")
{
    ListWorld world({"silent.test", "forged.test", "dbl.test"});
    world.server.says("shop.example.silent.test", Says{.is_silent = true});
    world.server.says("shop.example.forged.test", Says{.addresses = {"127.0.0.2"}, .has_wrong_id = true});
    world.server.says("shop.example.dbl.test", listed());
    CHECK(world.asked("shop.example", "", Deadline::in(200ms)).of_domain == Zones{"dbl.test"});
    CHECK(world.server.times_asked("shop.example.silent.test") == 1);
}

TEST_CASE("a name server that is not there says nothing", "[dns-lists]")
{
    ListWorld world({});
    Settings::Judge settings = world.settings({"dbl.test"});
    settings.dns_servers = {*AddressPort::parse("127.0.0.1:1")};
    world.lists.set(settings);
    CHECK(world.asked("shop.example").of_domain.empty());
}

TEST_CASE("other lists and servers hold from the next question on", "[dns-lists]")
{
    ListWorld world({"dbl.test"});
    world.server.says("shop.example.dbl.test", listed());
    world.server.says("shop.example.uri.test", listed());
    CHECK(world.asked("shop.example").of_domain == Zones{"dbl.test"});
    world.lists.set(world.settings({"uri.test"}));
    CHECK(world.asked("shop.example").of_domain == Zones{"uri.test"});
    world.lists.set(world.settings({}));
    CHECK(world.asked("shop.example").of_domain.empty());
}

TEST_CASE("many ask at once, while the settings change", "[dns-lists]")
{
    ListWorld world({"dbl.test"});
    std::atomic<int> found = 0;
    constexpr int askers = 40;
    TaskGroup group(world.pool);
    auto const ask = [](ListWorld* the_world, std::string domain, std::atomic<int>* count) -> Task<void> {
        Deadline const deadline = Deadline::in(60s);
        DnsFindings const findings = co_await the_world->lists.asked(std::move(domain), "", deadline);
        *count += static_cast<int>(findings.of_domain.size());
    };
    for (int i = 0; i < askers; ++i)
        world.server.says(std::to_string(i) + ".example.dbl.test", listed());
    for (int i = 0; i < askers; ++i) {
        group.start(ask(&world, std::to_string(i) + ".example", &found));
        if (i % 10 == 0)
            world.lists.set(world.settings({"dbl.test"}));
    }
    group.join();
    CHECK(found == askers);
}

TEST_CASE("who still waits when it stops goes on without an answer", "[dns-lists]")
{
    ListWorld world({"silent.test"});
    world.server.says("shop.example.silent.test", Says{.is_silent = true});
    std::atomic<bool> went_on = false;
    TaskGroup group(world.pool);
    auto const ask = [](ListWorld* the_world, std::atomic<bool>* done) -> Task<void> {
        Deadline const deadline = Deadline::never();
        DnsFindings const findings = co_await the_world->lists.asked("shop.example", "", deadline);
        *done = findings.of_domain.empty();
    };
    group.start(ask(&world, &went_on));
    while (world.server.times_asked("shop.example.silent.test") == 0)
        std::this_thread::yield();
    world.lists.stop();
    group.join();
    CHECK(went_on);
    CHECK(world.asked("shop.example").of_domain.empty());
}
