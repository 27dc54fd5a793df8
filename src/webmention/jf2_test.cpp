#include "webmention/jf2.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace backtalk;

namespace {

namespace json = boost::json;

constexpr std::string_view target = "https://me.example/posts/alpha";

Url url_of(std::string_view text) { return Url::parse(text).value(); }
Instant instant_of(std::string_view text) { return parse_rfc3339(text).value().instant; }

StoredMention mention(MentionType type, Listing listing, std::string_view url = "https://rosa.example/notes/88")
{
    StoredMention stored(MentionId(4107), EntryId(3), Mention::stored(url_of(url), {}, type, std::move(listing)));
    stored.origins = {Origin::Webmention};
    stored.source = "https://rosa.example/notes/88";
    stored.received = instant_of("2024-05-02T07:30:00Z");
    stored.verified = instant_of("2024-05-02T07:30:05Z");
    stored.listed = instant_of("2024-05-02T07:31:12Z");
    return stored;
}

Listing full_listing()
{
    Listing listing;
    listing.title = "On Alpha";
    listing.excerpt = "I agree.";
    listing.site_name = "Rosa writes";
    listing.author_name = "Rosa Vex";
    listing.author_url = "https://rosa.example/";
    listing.author_photo = "https://rosa.example/me.jpg";
    listing.published = instant_of("2024-05-02T09:30:00+02:00");
    listing.published_offset = std::chrono::minutes(120);
    listing.content_html = "I <b>agree</b>.";
    listing.content_text = "I agree.";
    listing.summary = "Short.";
    listing.syndication = {"https://silo.example/@rosa/1"};
    listing.photos = {"https://rosa.example/p.jpg"};
    listing.videos = {"https://rosa.example/v.mp4"};
    listing.audios = {"https://rosa.example/a.mp3"};
    return listing;
}

}  // namespace

TEST_CASE("a reply has every member that readers of JF2 know", "[jf2]")
{
    json::value const expected = json::parse(R"({
        "type": "entry",
        "author": {"type": "card", "name": "Rosa Vex", "photo": "https://rosa.example/me.jpg", "url": "https://rosa.example/"},
        "url": "https://rosa.example/notes/88", "published": "2024-05-02T09:30:00+02:00",
        "wm-received": "2024-05-02T07:31:12Z", "wm-id": 4107, "wm-source": "https://rosa.example/notes/88",
        "wm-target": "https://me.example/posts/alpha", "wm-protocol": "webmention",
        "name": "On Alpha", "summary": {"content-type": "text/plain", "value": "Short."},
        "content": {"html": "I <b>agree</b>.", "text": "I agree."},
        "syndication": ["https://silo.example/@rosa/1"], "photo": ["https://rosa.example/p.jpg"],
        "video": ["https://rosa.example/v.mp4"], "audio": ["https://rosa.example/a.mp3"],
        "in-reply-to": "https://me.example/posts/alpha", "wm-property": "in-reply-to", "wm-private": false})");
    CHECK(json::value(webmention::jf2_object(mention(MentionType::Reply, full_listing()), target)) == expected);
}

TEST_CASE("a mention of which little is known has the members that are always there", "[jf2]")
{
    StoredMention bare = mention(MentionType::Mention, Listing());
    bare.origins = {Origin::Trackback};
    bare.listed.reset();
    json::value const expected = json::parse(R"({
        "type": "entry", "author": {"type": "card", "name": "", "photo": "", "url": ""},
        "url": "https://rosa.example/notes/88", "published": null,
        "wm-received": "2024-05-02T07:30:00Z", "wm-id": 4107, "wm-source": "https://rosa.example/notes/88",
        "wm-target": "https://me.example/posts/alpha", "wm-protocol": "trackback",
        "mention-of": "https://me.example/posts/alpha", "wm-property": "mention-of", "wm-private": false})");
    CHECK(json::value(webmention::jf2_object(bare, target)) == expected);
}

TEST_CASE("each type names its target by its own property", "[jf2]")
{
    std::vector<std::pair<MentionType, std::string>> const properties = {{MentionType::Mention, "mention-of"},
        {MentionType::Reply, "in-reply-to"}, {MentionType::Like, "like-of"}, {MentionType::Repost, "repost-of"},
        {MentionType::Bookmark, "bookmark-of"}};
    for (auto const& [type, property] : properties) {
        json::object const object = webmention::jf2_object(mention(type, Listing()), target);
        CHECK(object.at("wm-property") == json::value(property));
        CHECK(object.at(property) == json::value(target));
        CHECK(webmention::mention_type_of_property(property) == type);
    }
    CHECK(webmention::mention_type_of_property("invitee") == std::nullopt);
}

TEST_CASE("an answer to an invitation says what it answers", "[jf2]")
{
    Listing listing;
    listing.rsvp = "maybe";
    json::object const jf2 = webmention::jf2_object(mention(MentionType::Rsvp, listing), target);
    CHECK(jf2.at("rsvp") == json::value("maybe"));
    CHECK(jf2.at("in-reply-to") == json::value(target));
    CHECK(jf2.at("wm-property") == json::value("rsvp"));
    json::object const classic = webmention::classic_object(mention(MentionType::Rsvp, listing), target);
    CHECK(classic.at("data").at("rsvp") == json::value("maybe"));
    listing.rsvp = "interested";
    CHECK_FALSE(webmention::classic_object(mention(MentionType::Rsvp, listing), target).at("data").as_object().contains("rsvp"));
}

TEST_CASE("the protocol that says most is named", "[jf2]")
{
    auto const protocol = [](std::vector<Origin> origins) {
        StoredMention stored = mention(MentionType::Mention, Listing());
        stored.origins = std::move(origins);
        return std::string(webmention::jf2_object(stored, target).at("wm-protocol").as_string());
    };
    CHECK(protocol({Origin::Trackback, Origin::Pingback, Origin::Webmention}) == "webmention");
    CHECK(protocol({Origin::Imported, Origin::Pingback}) == "pingback");
    CHECK(protocol({Origin::Imported}) == "imported");
    CHECK(protocol({}) == "imported");
}

TEST_CASE("words around the link stand for a content that the source does not mark, and are no HTML", "[jf2]")
{
    Listing listing;
    listing.excerpt = "Is 1 < 2? <script>alert(1)</script>";
    json::object const jf2 = webmention::jf2_object(mention(MentionType::Mention, listing), target);
    CHECK(jf2.at("content").at("html") == json::value("Is 1 &lt; 2? &lt;script&gt;alert(1)&lt;/script&gt;"));
    CHECK(jf2.at("content").at("text") == json::value(listing.excerpt));
    json::object const classic = webmention::classic_object(mention(MentionType::Mention, listing), target);
    CHECK(classic.at("data").at("content") == jf2.at("content").at("html"));
}

TEST_CASE("a source that lives at another address says so", "[jf2]")
{
    StoredMention const moved = mention(MentionType::Mention, Listing(), "https://rosa.example/2024/on-alpha");
    for (json::object const& object : {webmention::jf2_object(moved, target), webmention::classic_object(moved, target)})
        CHECK(object.at("rels").at("canonical") == json::value("https://rosa.example/2024/on-alpha"));
    CHECK(webmention::jf2_object(moved, target).at("wm-source") == json::value("https://rosa.example/notes/88"));
    CHECK(webmention::jf2_object(moved, target).at("url") == json::value("https://rosa.example/2024/on-alpha"));
}

TEST_CASE("the older form has the members that its readers know", "[jf2]")
{
    json::object object = webmention::classic_object(mention(MentionType::Reply, full_listing()), target);
    json::object const activity = object.at("activity").as_object();
    object.erase("activity");
    json::value const expected = json::parse(R"({
        "source": "https://rosa.example/notes/88", "verified": true, "verified_date": "2024-05-02T07:31:12+00:00", "id": 4107,
        "private": false,
        "data": {"author": {"name": "Rosa Vex", "url": "https://rosa.example/", "photo": "https://rosa.example/me.jpg"},
                 "url": "https://rosa.example/notes/88", "name": "On Alpha", "content": "I <b>agree</b>.",
                 "published": "2024-05-02T09:30:00+02:00", "published_ts": 1714635000},
        "target": "https://me.example/posts/alpha"})");
    CHECK(json::value(object) == expected);
    CHECK(activity.at("type") == json::value("reply"));
    CHECK(activity.at("sentence") == json::value("Rosa Vex replied to https://me.example/posts/alpha: I agree."));
    CHECK(activity.at("sentence_html") ==
        json::value(R"(<a href="https://rosa.example/">Rosa Vex</a> <a href="https://rosa.example/notes/88">replied to</a> )"
                    R"(<a href="https://me.example/posts/alpha">https://me.example/posts/alpha</a>: I agree.)"));

    json::object const bare = webmention::classic_object(mention(MentionType::Mention, Listing()), target);
    CHECK(bare.at("activity").at("type") == json::value("link"));
    for (char const* name : {"name", "url", "photo"})
        CHECK(bare.at("data").at("author").at(name).is_null());
    for (char const* name : {"name", "content", "published", "published_ts"})
        CHECK(bare.at("data").at(name).is_null());
}

TEST_CASE("an imported mention does not pass for a verified one", "[jf2]")
{
    StoredMention imported = mention(MentionType::Mention, Listing());
    imported.verified.reset();
    CHECK(webmention::classic_object(imported, target).at("verified") == json::value(false));
}

TEST_CASE("sentences hold nothing that runs", "[jf2]")
{
    Listing listing;
    listing.author_name = "<img src=x onerror=alert(1)>";
    listing.author_url = "https://rosa.example/\"onclick=\"alert(2)";
    listing.content_text = "<script>alert(3)</script>";
    json::object const classic = webmention::classic_object(mention(MentionType::Like, listing), target);
    std::string const html(classic.at("activity").at("sentence_html").as_string());
    CHECK(html.find("<img") == std::string::npos);
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("\"onclick") == std::string::npos);
}

TEST_CASE("JSON is data even inside a script", "[jf2]")
{
    std::string const text = webmention::script_safe_json(json::object{{"a", "</script><!-- & \u2028\u2029\u2026 \xff"}});
    CHECK(text == "{\"a\":\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029\u2026 \ufffd\"}");
    CHECK(json::parse(text).at("a") == json::value("</script><!-- & \u2028\u2029\u2026 \ufffd"));
}
