#include "web/mention_query.h"

#include <catch2/catch.hpp>

#include "web/mention_api.h"

using namespace backtalk;
using web::read_mention_query;

namespace {

web::MentionApiQuery read(std::string_view query) { return read_mention_query(query).value(); }
Instant instant_of(std::string_view text) { return parse_rfc3339(text).value().instant; }

}  // namespace

TEST_CASE("without parameters the twenty that were listed last are asked for", "[api]")
{
    web::MentionApiQuery const query = read("");
    CHECK(query.targets.empty());
    CHECK_FALSE(query.token);
    CHECK_FALSE(query.feed.types);
    CHECK_FALSE(query.feed.since);
    CHECK_FALSE(query.feed.since_id);
    CHECK(query.feed.limit == 20);
    CHECK(query.feed.offset == 0);
    CHECK(query.feed.sort == MentionFeedQuery::Sort::Listed);
    CHECK_FALSE(query.feed.ascending);
}

TEST_CASE("targets come in any spelling and number", "[api]")
{
    CHECK(read("target=http%3A%2F%2Fme.example%2F&target[]=b&target%5B%5D=c&target[7]=d&target=&targets=e").targets ==
        std::vector<std::string>{"http://me.example/", "b", "c", "d"});
    CHECK(read("target=//me.example/a").targets == std::vector<std::string>{"http://me.example/a"});
    std::string many;
    for (int i = 0; i < 900; ++i)
        many += "target[]=" + std::to_string(i) + "&";
    CHECK(read(many).targets.size() == 900);
}

TEST_CASE("properties choose types, and an unknown one chooses none", "[api]")
{
    CHECK(read("wm-property=like-of").feed.types == std::vector{MentionType::Like});
    CHECK(read("wm-property[]=in-reply-to&wm-property[]=rsvp").feed.types == std::vector{MentionType::Reply, MentionType::Rsvp});
    CHECK(read("wm-property=invitee").feed.types == std::vector<MentionType>());
}

TEST_CASE("pages are counted from 0, in both spellings, up to what one answer may hold", "[api]")
{
    CHECK(read("per-page=30").feed.limit == 30);
    CHECK(read("perPage=9999&page=2").feed.limit == 9999);
    CHECK(read("page=2&perPage=9999").feed.offset == 19998);
    CHECK(read("per-page=99999999").feed.limit == web::feed_mentions_max);
    for (char const* odd : {"per-page=0", "per-page=-3", "per-page=many", "per-page=", "per-page=99999999999999999999"})
        CHECK(read(odd).feed.limit == 20);
    CHECK(read("page=4294967295&per-page=10000").feed.offset == 42949672950000);
}

TEST_CASE("the order is chosen as webmention.io reads it", "[api]")
{
    CHECK(read("sort-by=published&sort-dir=up").feed.sort == MentionFeedQuery::Sort::Published);
    CHECK(read("sort-by=updated").feed.sort == MentionFeedQuery::Sort::Updated);
    CHECK(read("sort-by=rsvp").feed.sort == MentionFeedQuery::Sort::Rsvp);
    CHECK(read("sort-by=anything").feed.sort == MentionFeedQuery::Sort::Listed);
    CHECK(read("sort-dir=up").feed.ascending);
    CHECK(read("sort-dir=sideways").feed.ascending);
    CHECK_FALSE(read("sort-dir=down").feed.ascending);
}

TEST_CASE("a time is read in every form that programs send", "[api]")
{
    Instant const noon = instant_of("2024-05-02T12:00:00Z");
    for (char const* since :
        {"2024-05-02T12:00:00Z", "2024-05-02T12:00:00.789Z", "2024-05-02T12:00:00%2B00:00", "2024-05-02T14:00:00+02:00",
            "2024-05-02 12:00:00", "2024-05-02%2014:00:00+02:00", "1714651200", "Thu,%2002%20May%202024%2012:00:00%20GMT"}) {
        CAPTURE(since);
        CHECK(read(std::string("since=") + since).feed.since == noon);
    }
    CHECK(read("since=2024-05-02").feed.since == instant_of("2024-05-02T00:00:00Z"));
    CHECK_FALSE(read("since=").feed.since);
    CHECK(read_mention_query("since=yesterday").error().code == ErrorCode::Malformed);
    CHECK(read_mention_query("since=99999999999999").error().code == ErrorCode::Malformed);
    CHECK(read("since_id=4107").feed.since_id == MentionId(4107));
    CHECK_FALSE(read("since_id=x").feed.since_id);
}

TEST_CASE("only a name of a function is a callback", "[api]")
{
    for (char const* name : {"show", "jQuery1234_5", "widget.show", "callbacks[3]", "$", "_a"})
        CHECK(read(std::string("jsonp=") + name).callback == name);
    for (char const* name : {"alert(1)//", "a;b", "1a", "a%20b", "%3Cscript%3E", "a%0Ab", "a/**/b", "%C3%A4"})
        CHECK(read_mention_query(std::string("jsonp=") + name).error().code == ErrorCode::Malformed);
    CHECK(read_mention_query("jsonp=" + std::string(129, 'a')).error().code == ErrorCode::Malformed);
    CHECK(read("jsonp=").callback.empty());
}

TEST_CASE("the addresses of the API are few", "[api]")
{
    for (char const* path : {"api/mentions", "api/mentions.json", "api/mentions.jf2", "api/mentions.atom", "api/mentions.html", "api/links",
             "api/links.json", "api/links.jf2", "api/count", "api/count.json"})
        CHECK(web::MentionApi::is_address(path));
    for (char const* path :
        {"", "api", "api/", "api/mentions/", "api/mentions.php", "api/mentions.jf2/x", "api/count.jf2", "my-api/count", "mentions"})
        CHECK_FALSE(web::MentionApi::is_address(path));
    CHECK(web::MentionApi::ends_in_address("/blog/api/count"));
    CHECK_FALSE(web::MentionApi::ends_in_address("/blog/rapi/count"));
}
