#include <catch2/catch.hpp>

#include "app/addresses.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

/// One entry with id 12, TrackBack id 9352 and a past.
struct AddressWorld : StoreWorld {
    explicit AddressWorld(std::string_view base = "http://quarters.example/") : StoreWorld(base)
    {
        WantedIds wanted;
        wanted.id = EntryId(12);
        wanted.trackback_id = 9352;
        wanted.old_paths = {"mt/archives/009301.php", "?story=5", "2006/old"};
        harbour = add(draft("The harbour"), wanted);
        other = entry("The port");
    }
    std::int64_t page(std::string_view url)
    {
        auto const owner = entry_at(store(), site, url_of(url)).value();
        return owner ? owner->entry.value : 0;
    }
    std::int64_t behind(std::string_view path, std::string_view query)
    {
        auto const door = ping_door(path, query);
        if (!door)
            return -1;
        auto const found = entry_behind(store(), site, *door).value();
        return found ? found->id.value : 0;
    }

    Entry harbour;
    Entry other;
};

}  // namespace

TEST_CASE("an entry is found at every spelling of its permalink and at all it ever had", "[addresses]")
{
    AddressWorld world;
    for (std::string const url : {"http://quarters.example/2007/03/the-harbour/", "http://quarters.example/2007/03/the-harbour",
             "https://quarters.example/2007/03/the-harbour/", "http://QUARTERS.example:80/2007/03/the-harbour/#comments",
             "http://quarters.example/2007/03/the-harbour/index.html", "http://quarters.example/2007/03/the%2Dharbour/",
             "http://quarters.example/2007/03/the-harbour/?utm_source=x", "http://quarters.example/2007/03/the-harbour/?replyto=3",
             "http://quarters.example/mt/archives/009301.php", "http://quarters.example/2006/old/", "http://quarters.example/?story=5",
             "http://quarters.example/?p=12", "http://quarters.example/index.php?p=12", "http://quarters.example/archives/000012.html",
             "http://quarters.example/weblog/archives/000012.php"}) {
        CAPTURE(url);
        CHECK(world.page(url) == 12);
    }
}

TEST_CASE("other pages, other sites and unknown ids are no entry's", "[addresses]")
{
    AddressWorld world;
    for (std::string const url :
        {"http://quarters.example/", "http://quarters.example/2007/03/", "http://quarters.example/2007/03/the-harbour-2",
            "http://quarters.example/feed.atom", "http://other.example/2007/03/the-harbour/",
            "http://quarters.example:8080/2007/03/the-harbour/", "http://quarters.example/?p=77", "http://quarters.example/?p=x",
            "http://quarters.example/?p=-12", "http://quarters.example/archives/000077.html", "http://quarters.example/archives/12.html",
            "http://quarters.example/000012.html", "http://quarters.example/?story=6", "http://quarters.example/2007/03/the-port/extra"}) {
        CAPTURE(url);
        CHECK(world.page(url) == 0);
    }
}

TEST_CASE("a site in a folder knows its own addresses only", "[addresses]")
{
    AddressWorld world("http://quarters.example/blog/");
    CHECK(world.page("http://quarters.example/blog/2007/03/the-harbour/") == 12);
    CHECK(world.page("http://quarters.example/blog/?p=12") == 12);
    CHECK(world.page("http://quarters.example/blog/archives/000012.html") == 12);
    CHECK(world.page("http://quarters.example/2007/03/the-harbour/") == 0);
    CHECK(world.page("http://quarters.example/blogs/2007/03/the-harbour/") == 0);
}

TEST_CASE("an entry of another site of the home is not found by its number", "[addresses]")
{
    AddressWorld world;
    Site const second = world.done(world.store().add_site(Site(SiteId(0), SiteBase(url_of("http://second.example/")))));
    CHECK(entry_at(world.store(), second, url_of("http://second.example/?p=12")).value() == std::nullopt);
    CHECK(entry_behind(world.store(), second, PingDoor{PingDoor::By::TrackbackId, "9352"}).value() == std::nullopt);
    CHECK(entry_behind(world.store(), second, PingDoor{PingDoor::By::EntryNumber, "12"}).value() == std::nullopt);
}

TEST_CASE("every form of ping URL that there ever was leads to its entry", "[addresses]")
{
    AddressWorld world;
    for (auto const& [path, query] : std::vector<std::pair<std::string, std::string>>{
             {"trackback/9352", ""},
             {"trackback/9352/", ""},
             {"trackback/09352", ""},
             {"trackback/9352/secret", ""},
             {"trackback", "tb_id=9352"},
             {"trackback/", "tb_id=9352"},
             {"mt/cq082307.cgi/9352", ""},
             {"mt-tb.cgi/9352", ""},
             {"cgi-bin/mt/mt-tb.cgi/9352/secret", ""},
             {"mt-tb.cgi", "tb_id=9352"},
             {"mt-tb.cgi/", "__mode=rss&tb_id=9352"},
             {"", "tb_id=9352"},
             {"anything/at/all.php", "tb_id=9352"},
             {"", "p=12&tb=1"},
             {"index.php", "tb=1&p=12"},
             {"wp-trackback.php", "p=12"},
             {"wp-trackback.php/12", ""},
             {"blog/wp-trackback.php/12", ""},
             {"2007/03/the-harbour/trackback/", ""},
             {"2007/03/the-harbour/trackback", ""},
             {"2006/old/trackback/", ""},
             {"archives/000012.html/trackback/", ""},
         }) {
        CAPTURE(path, query);
        CHECK(world.behind(path, query) == 12);
    }
}

TEST_CASE("a ping URL with an unknown id or page is a ping URL that leads nowhere", "[addresses]")
{
    AddressWorld world;
    for (auto const& [path, query] : std::vector<std::pair<std::string, std::string>>{{"trackback/77", ""}, {"trackback/12", ""},
             {"trackback/x", ""}, {"trackback", ""}, {"trackback/", ""}, {"mt-tb.cgi", ""}, {"mt-tb.cgi/12", ""}, {"", "p=9352&tb=1"},
             {"", "tb_id="}, {"wp-trackback.php", ""}, {"nowhere/trackback", ""}, {"trackback/9352x", ""}, {"trackback/-9352", ""},
             {"trackback/0", ""}, {"wp-trackback.php/9352", ""}}) {
        CAPTURE(path, query);
        CHECK(world.behind(path, query) == 0);
    }
}

TEST_CASE("a page is no ping URL", "[addresses]")
{
    AddressWorld world;
    for (auto const& [path, query] : std::vector<std::pair<std::string, std::string>>{{"", ""}, {"", "p=12"}, {"2007/03/the-harbour/", ""},
             {"trackbacks/9352", ""}, {"feed.atom", ""}, {"cgi/9352", ""}, {"2007/03/the-trackback", ""}}) {
        CAPTURE(path, query);
        CHECK(world.behind(path, query) == -1);
    }
}

TEST_CASE("drafts, scheduled and deleted entries take no pings at any door, unlisted ones do", "[addresses]")
{
    AddressWorld world;
    for (EntryStatus const status :
        {EntryStatus::Draft, EntryStatus::Scheduled, EntryStatus::Deleted, EntryStatus::Unlisted, EntryStatus::Published}) {
        EntryDraft draft = world.harbour;
        draft.status = status;
        world.done(world.store().change_entry(world.harbour.id, draft, ""));
        std::int64_t const expected = has_page(status) ? 12 : 0;
        CHECK(world.behind("trackback/9352", "") == expected);
        CHECK(world.behind("", "p=12&tb=1") == expected);
        CHECK(world.behind("2007/03/the-harbour/trackback", "") == expected);
        CHECK(entry_at(world.store(), world.site, url_of("http://quarters.example/?p=12")).value()->status == status);
    }
}
