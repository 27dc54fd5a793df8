#include "net/dns_list_memory.h"

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace std::chrono_literals;

namespace {

DnsListMemory::Time const start{};

}  // namespace

TEST_CASE("an answer is remembered for its TTL, between a minute and an hour", "[dns-lists]")
{
    DnsListMemory memory;
    memory.remember("short", true, 0s, start);
    memory.remember("as said", false, 600s, start);
    memory.remember("long", true, 86400s, start);
    CHECK(memory.remembered("short", start + 59s) == true);
    CHECK_FALSE(memory.remembered("short", start + 60s));
    CHECK(memory.remembered("as said", start + 599s) == false);
    CHECK_FALSE(memory.remembered("as said", start + 600s));
    CHECK(memory.remembered("long", start + 3599s) == true);
    CHECK_FALSE(memory.remembered("long", start + 3600s));
    CHECK_FALSE(memory.remembered("never asked", start));
}

TEST_CASE("a later answer replaces an earlier one", "[dns-lists]")
{
    DnsListMemory memory;
    memory.remember("name", true, 60s, start);
    memory.remember("name", false, 60s, start + 30s);
    CHECK(memory.remembered("name", start + 80s) == false);
}

TEST_CASE("of too many answers the oldest are forgotten", "[dns-lists]")
{
    DnsListMemory memory(3);
    for (std::string const name : {"a", "b", "c", "b", "d"})
        memory.remember(name, true, 600s, start);
    CHECK_FALSE(memory.remembered("a", start));
    for (std::string const name : {"b", "c", "d"})
        CHECK(memory.remembered(name, start));
}

TEST_CASE("a list that fails three times in a row is left alone for a minute, and said once", "[dns-lists]")
{
    DnsListMemory memory;
    CHECK_FALSE(memory.failed("dbl.test", start));
    CHECK_FALSE(memory.failed("dbl.test", start));
    CHECK_FALSE(memory.is_left_alone("dbl.test", start));
    CHECK(memory.failed("dbl.test", start));
    CHECK_FALSE(memory.failed("dbl.test", start));
    CHECK(memory.is_left_alone("dbl.test", start + 59s));
    CHECK_FALSE(memory.is_left_alone("other.test", start));
    CHECK_FALSE(memory.is_left_alone("dbl.test", start + 60s));

    // Still silent: the next minute begins at once.
    CHECK(memory.failed("dbl.test", start + 61s));
    CHECK(memory.is_left_alone("dbl.test", start + 120s));
    memory.answered("dbl.test");
    CHECK_FALSE(memory.is_left_alone("dbl.test", start + 120s));
    CHECK_FALSE(memory.failed("dbl.test", start + 121s));
}
