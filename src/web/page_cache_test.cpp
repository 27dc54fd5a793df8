#include <catch2/catch.hpp>

#include <cstdlib>
#include <thread>

#include "web/page_cache.h"

using namespace backtalk;
using namespace backtalk::web;

namespace {

std::shared_ptr<CachedPage const> page(std::string body)
{
    http::ReadyPageParts parts;
    parts.body = std::move(body);
    return std::make_shared<CachedPage const>(std::move(parts), 200, http::Headers());
}

void change(PageCache& cache, std::vector<std::string> const& keys) { cache.changed(keys); }

}  // namespace

TEST_CASE("a page is kept until something that it shows changes", "[page_cache]")
{
    PageCache cache(1u << 20);
    cache.keep("a.example/1", page("one"), {"entry:1", "site:1"}, cache.version());
    cache.keep("a.example/2", page("two"), {"entry:2", "site:1"}, cache.version());
    REQUIRE(cache.find("a.example", "/1"));
    CHECK(cache.find("a.example", "/1")->ready.identity().body == "one");
    CHECK(cache.find("b.example", "/1") == nullptr);
    change(cache, {"entry:1"});
    CHECK(cache.find("a.example", "/1") == nullptr);
    CHECK(cache.find("a.example", "/2"));
    change(cache, {"site:1", "entry:77"});
    CHECK(cache.find("a.example", "/2") == nullptr);
    CHECK(cache.pages() == 0);
    CHECK(cache.bytes() == 0);
}

TEST_CASE("a page that was made of what changed meanwhile is not kept", "[page_cache]")
{
    PageCache cache(1u << 20);
    auto const before = cache.version();
    change(cache, {"entry:1"});
    cache.keep("a.example/1", page("stale"), {"entry:1"}, before);
    cache.keep("a.example/2", page("fresh"), {"entry:2"}, before);
    CHECK(cache.find("a.example", "/1") == nullptr);
    CHECK(cache.find("a.example", "/2"));
    cache.keep("a.example/1", page("made anew"), {"entry:1"}, cache.version());
    CHECK(cache.find("a.example", "/1"));
}

TEST_CASE("a page that is kept again takes the place of the old one, with what the new one shows", "[page_cache]")
{
    PageCache cache(1u << 20);
    cache.keep("a.example/1", page("old"), {"entry:1"}, cache.version());
    cache.keep("a.example/1", page("new"), {"entry:2", "entry:2"}, cache.version());
    CHECK(cache.pages() == 1);
    CHECK(cache.bytes() == cache.find("a.example", "/1")->ready.bytes());
    change(cache, {"entry:1"});
    CHECK(cache.find("a.example", "/1"));
    change(cache, {"entry:2"});
    CHECK(cache.find("a.example", "/1") == nullptr);
    CHECK(cache.bytes() == 0);
}

TEST_CASE("a page in use outlives its place in the cache", "[page_cache]")
{
    PageCache cache(1u << 20);
    cache.keep("a.example/1", page("one"), {"entry:1"}, cache.version());
    auto const held = cache.find("a.example", "/1");
    change(cache, {"entry:1"});
    CHECK(cache.find("a.example", "/1") == nullptr);
    CHECK(held->ready.identity().body == "one");
    CHECK(cache.bytes() == 0);
}

TEST_CASE("the cache never holds more than its limit, and rather what is asked for", "[page_cache]")
{
    PageCache cache(400'000);
    cache.keep("a.example/wanted", page(std::string(2000, 'w')), {"site:1"}, cache.version());
    for (int i = 0; i < 2000; ++i) {
        cache.keep("a.example/" + std::to_string(i), page(std::string(2000, 'x')), {"entry:" + std::to_string(i)}, cache.version());
        REQUIRE(cache.bytes() <= 400'000);
        REQUIRE(cache.find("a.example", "/wanted"));
    }
    CHECK(cache.pages() > 50);
}

TEST_CASE("a page larger than a quarter of the cache is not kept", "[page_cache]")
{
    PageCache cache(100'000);
    cache.keep("a.example/large", page(std::string(30'000, 'x')), {"site:1"}, cache.version());
    CHECK(cache.pages() == 0);
    CHECK(cache.bytes() == 0);
}

TEST_CASE("pages are found, kept and dropped by many threads at once", "[page_cache]")
{
    PageCache cache(200'000);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&cache, thread] {
            for (int i = 0; i < 1000; ++i) {
                std::string const number = std::to_string((i * 7 + thread) % 50);
                if (auto const found = cache.find("a.example", "/" + number); found && found->ready.identity().body.empty())
                    std::abort();
                cache.keep("a.example/" + number, page(std::string(500, 'x')), {"entry:" + number}, cache.version());
                if (i % 3 == 0)
                    change(cache, {"entry:" + number});
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    for (int i = 0; i < 50; ++i)
        change(cache, {"entry:" + std::to_string(i)});
    CHECK(cache.pages() == 0);
    CHECK(cache.bytes() == 0);
}
