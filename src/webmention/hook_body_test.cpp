#include "webmention/hook_body.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "webmention/jf2.h"

using namespace backtalk;

namespace {

namespace json = boost::json;

constexpr std::string_view target = "https://me.example/posts/alpha";

StoredMention mention(std::string title)
{
    Listing listing;
    listing.title = std::move(title);
    Url url = Url::parse("https://rosa.example/notes/88/").value();
    StoredMention stored(MentionId(4107), EntryId(3), Mention::stored(std::move(url), {}, MentionType::Like, std::move(listing)));
    stored.origins = {Origin::Webmention};
    stored.source = "https://rosa.example/notes/88";
    return stored;
}

}  // namespace

TEST_CASE("a web hook has the members of webmention.io's, and the post as the read API gives it", "[hooks]")
{
    StoredMention const stored = mention("On Alpha");
    json::value const body = json::parse(webmention::hook_body("s3cret", stored, target));
    CHECK(body.as_object().size() == 5);
    CHECK(body.at("secret") == "s3cret");
    CHECK(body.at("source") == "https://rosa.example/notes/88");
    CHECK(body.at("target") == json::value(target));
    CHECK(body.at("private") == false);
    CHECK(body.at("post") == webmention::jf2_object(stored, target));
    CHECK(body.at("post").at("wm-source") == body.at("source"));
}

TEST_CASE("a web hook of a deletion names what is gone, and no post", "[hooks]")
{
    json::value const body = json::parse(webmention::hook_body_of_deletion("s3cret", "https://rosa.example/notes/88", target));
    json::value const expected = json::parse(R"({"secret": "s3cret", "source": "https://rosa.example/notes/88",
        "target": "https://me.example/posts/alpha", "private": false, "deleted": true})");
    CHECK(body == expected);
}

TEST_CASE("a web hook is JSON whatever strangers and owners wrote", "[hooks]")
{
    std::string const title = "</script>\" \xff\xe2\x80\xa8";
    std::string const body = webmention::hook_body("a\"b\\c\n", mention(title), target);
    CHECK(body.find('<') == std::string::npos);
    json::value const read = json::parse(body);
    CHECK(read.at("secret") == "a\"b\\c\n");
    CHECK(read.at("post").at("name") == "</script>\" \xef\xbf\xbd\xe2\x80\xa8");
}
