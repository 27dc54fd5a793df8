#include "weblog/front_matter.h"

#include <catch2/catch.hpp>

using namespace backtalk;

namespace {

FrontMatter front_matter_of(std::string_view file)
{
    auto const parsed = read_entry_file(file);
    INFO((parsed ? std::string() : parsed.error().text));
    REQUIRE(parsed);
    return parsed->front_matter;
}

std::string error_of(std::string_view file)
{
    auto const parsed = read_entry_file(file);
    REQUIRE_FALSE(parsed);
    return parsed.error().text;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("YAML front matter says what an entry is", "[front_matter]")
{
    auto const file = read_entry_file("---\n"
                                      "title: \"The harbour: at night\"\n"
                                      "date: 2007-03-08T06:41:11-05:00\n"
                                      "slug: the-harbour_at.night\n"
                                      "categories: [Boats, Harbours]\n"
                                      "tags:\n  - night\n  - 2007\n"
                                      "status: unlisted\n"
                                      "excerpt: |\n  Two\n  lines\n"
                                      "author: Ann\n"
                                      "id: 9352\n"
                                      "trackback_id: 9353\n"
                                      "permalink: /archives/009352.html\n"
                                      "trackbacks: [http://square.example/mt-tb.cgi/17]\n"
                                      "in-reply-to: https://square.example/lights\n"
                                      "---\n\n# Text\n");
    REQUIRE(file);
    FrontMatter const& is = file->front_matter;
    CHECK(is.title == "The harbour: at night");
    REQUIRE(is.date);
    CHECK(rfc3339(is.date->instant, is.date->offset) == "2007-03-08T06:41:11-05:00");
    CHECK(is.date->has_zone);
    CHECK(is.slug == "the-harbour_at.night");
    CHECK(is.categories == Names{"Boats", "Harbours"});
    CHECK(is.tags == Names{"night", "2007"});
    CHECK(is.status == EntryStatus::Unlisted);
    CHECK(is.excerpt == "Two\nlines");
    CHECK(is.author == "Ann");
    CHECK(is.id == 9352);
    CHECK(is.trackback_id == 9353);
    CHECK(is.permalink == "/archives/009352.html");
    CHECK(is.trackbacks == Names{"http://square.example/mt-tb.cgi/17"});
    CHECK(is.in_reply_to == "https://square.example/lights");
    CHECK(is.unknown_keys.empty());
    CHECK(file->body == "# Text\n");
    CHECK(file->body_line == 21);
}

TEST_CASE("TOML front matter says the same with dates of its own", "[front_matter]")
{
    FrontMatter const is =
        front_matter_of("+++\ntitle = 'Night'\ndate = 2007-03-08T06:41:11-05:00\ntags = ['a', 'b']\nid = 12\ndraft = true\n+++\nx");
    CHECK(is.title == "Night");
    CHECK(rfc3339(is.date->instant, is.date->offset) == "2007-03-08T06:41:11-05:00");
    CHECK(is.tags == Names{"a", "b"});
    CHECK(is.id == 12);
    CHECK(is.status == EntryStatus::Draft);
    CHECK_FALSE(front_matter_of("+++\ndate = 2007-03-08T06:41:11\n+++\n").date->has_zone);
    CHECK(front_matter_of("+++\ndate = 2007-03-08\n+++\n").date->instant == *to_instant({2007, 3, 8, 0, 0, 0}));
}

TEST_CASE("a date without a zone is marked as such", "[front_matter]")
{
    for (std::string_view date : {"2007-03-08", "2007-03-08 06:41", "2007-03-08T06:41:11"}) {
        CAPTURE(date);
        CHECK_FALSE(front_matter_of("---\ndate: " + std::string(date) + "\n---\n").date->has_zone);
    }
    CHECK(front_matter_of("---\ndate: 2007-03-08 06:41:11 -0500\n---\n").date->offset == std::chrono::minutes(-300));
    CHECK(front_matter_of("---\ndate: 2007-03-08T06:41:11Z\n---\n").date->has_zone);
}

TEST_CASE("a file without front matter is text from its first line on", "[front_matter]")
{
    for (std::string_view file : {"Text\n", "", "---\nA rule above, no keys.\n", "----\ntitle: x\n----\n", "# T\n\n---\nx: y\n---\n"}) {
        CAPTURE(file);
        auto const parsed = read_entry_file(file);
        REQUIRE(parsed);
        CHECK(parsed->body == file);
        CHECK(parsed->body_line == 1);
        CHECK_FALSE(parsed->front_matter.title);
    }
}

TEST_CASE("a byte order mark and any line ends are read", "[front_matter]")
{
    auto const file = read_entry_file("\xEF\xBB\xBF---\r\ntitle: Night\r\n---  \r\n\r\none\r\ntwo\rthree\n");
    REQUIRE(file);
    CHECK(file->front_matter.title == "Night");
    CHECK(file->body == "one\ntwo\nthree\n");
    CHECK(file->body_line == 5);
}

TEST_CASE("what other programs write is understood", "[front_matter]")
{
    FrontMatter const is = front_matter_of("---\nTitle: x\ncategory: Boats\nTAGS: night, harbour , night,\nDraft: yes\ndescription: short\n"
                                           "summary: shorter\nlastmod: whenever\nlayout: post\nparams: {a: [1, {b: 2}]}\n---\n");
    CHECK(is.categories == Names{"Boats"});
    CHECK(is.tags == Names{"night", "harbour"});
    CHECK(is.status == EntryStatus::Draft);
    CHECK(is.excerpt == "short");
    CHECK(is.unknown_keys == Names{"layout", "params"});
    CHECK(front_matter_of("---\nstatus: published\ndraft: true\n---\n").status == EntryStatus::Published);
    CHECK(front_matter_of("---\npublished: false\n---\n").status == EntryStatus::Draft);
    CHECK_FALSE(front_matter_of("---\ndraft: false\n---\n").status);
    CHECK(front_matter_of("---\ndescription: a\nexcerpt: b\n---\n").excerpt == "b");
    CHECK(front_matter_of("---\ntag: a\ntags: [b, a]\n---\n").tags == Names{"a", "b"});
    CHECK(front_matter_of("---\nauthor: [Ann, Bob]\n---\n").author == "Ann, Bob");
    CHECK(front_matter_of("---\ntrackbacks: http://a.example/1 http://b.example/2\n---\n").trackbacks.size() == 2);
    CHECK(front_matter_of("+++\ntitle = 'x'\n[params]\na = 1\n+++\n").unknown_keys == Names{"params"});
}

TEST_CASE("what is given empty is absent", "[front_matter]")
{
    FrontMatter const is = front_matter_of("---\ntitle:\ndate: ~\nslug: \"\"\ntags: []\nid: null\nstatus: ''\ntrackbacks:\n---\n");
    CHECK_FALSE((is.title || is.date || is.slug || is.id || is.status));
    CHECK((is.tags.empty() && is.trackbacks.empty()));
    CHECK(read_entry_file("---\n---\ntext")->body == "text");
    CHECK(read_entry_file("---\n# a comment\n---\ntext")->body == "text");
    CHECK(read_entry_file("+++\n+++\n")->body == "");
}

TEST_CASE("a title is one line without control characters", "[front_matter]")
{
    CHECK(front_matter_of("---\ntitle: \"a\\tb\\nc\\u202Ed\\0\"\n---\n").title == "a b cd");
}

TEST_CASE("a bad value is named with its key, its line and what to write", "[front_matter]")
{
    CHECK(error_of("---\ntitle: x\ndate: yesterday\n---\n") ==
        "line 3: date \"yesterday\" is no date: write it as 2007-03-08 or 2007-03-08T06:41:11-05:00");
    CHECK(error_of("---\ndate: 2007-02-30\n---\n").starts_with("line 2: date \"2007-02-30\" is no date"));
    CHECK(error_of("---\nid: -3\n---\n") == "line 2: id \"-3\" is no id: write a whole number from 1 up");
    CHECK(error_of("+++\ntitle = 'x'\n\nid = 0\n+++\n") == "line 4: id \"0\" is no id: write a whole number from 1 up");
    CHECK(error_of("---\ntrackback_id: 99999999999999999999\n---\n").starts_with("line 2: trackback_id"));
    CHECK(error_of("---\nStatus: publish\n---\n") ==
        "line 2: Status \"publish\" is no status: write draft, scheduled, published, unlisted or deleted");
    CHECK(error_of("---\nslug: The Night!\n---\n") == "line 2: slug \"The Night!\" cannot be part of an address: write the-night");
    for (std::string_view slug : {"a/b", "..", "-", ".hidden", "a%2Fb", "a?b"})
        CHECK(error_of("---\nslug: \"" + std::string(slug) + "\"\n---\n").starts_with("line 2: slug"));
    CHECK(error_of("---\npermalink: archives/1\n---\n").starts_with("line 2: permalink \"archives/1\" is no permalink"));
    CHECK(error_of("---\npermalink: //evil.example/\n---\n").starts_with("line 2: permalink"));
    CHECK(error_of("---\nin-reply-to: javascript:x\n---\n").starts_with("line 2: in-reply-to"));
    CHECK(error_of("---\ntrackbacks:\n  - http://a.example/\n  - nowhere\n---\n").starts_with("line 4: trackbacks \"nowhere\""));
    CHECK(error_of("---\ndraft: maybe\n---\n").starts_with("line 2: draft \"maybe\""));
    CHECK(error_of("---\ntitle: {a: b}\n---\n").starts_with("line 2: title holds a table"));
    CHECK(error_of("---\nid: [1, 2]\n---\n").starts_with("line 2: id has 2 values"));
    CHECK(error_of("---\ntags: [a, [b]]\n---\n").starts_with("line 2: tags holds more than texts"));
    CHECK(error_of("---\ntitle: a\nTitle: b\n---\n") == "line 3: Title stands here and in line 2: keep one");
}

TEST_CASE("what is neither YAML nor TOML is named with its line", "[front_matter]")
{
    CHECK(error_of("---\ntitle: é\nexcerpt: \"open \\\"\nid: 3\n---\n") ==
        "line 3: this is not YAML (a quote is opened here but not closed): close it, or put the value in the other kind of quotes");
    CHECK(error_of("---\ntitle: 'it''s\n---\n").starts_with("line 2: this is not YAML (a quote"));
    CHECK(front_matter_of("---\ntitle: 'it''s \"é\"'\n---\n").title == "it's \"é\"");
    CHECK(error_of("---\ntitle: a: b\n---\n").starts_with("line 2: this is not YAML"));
    CHECK(error_of("---\njust text\n---\n") == "line 2: front matter is lines of \"key: value\"");
    CHECK(error_of("---\n- a\n---\n").starts_with("line 2: front matter is lines"));
    CHECK(error_of("+++\ntitle = 'x'\nid = = 3\n+++\n").starts_with("line 3: this is not TOML"));
    CHECK(error_of("+++\na = 1\na = 2\n+++\n").starts_with("line 3: this is not TOML"));
    CHECK(error_of("---\ntitle: x\n\ntext\n") == "line 1: front matter is opened but not closed: add a line of --- after it");
    CHECK(error_of("+++\ntitle = 'x'\n").starts_with("line 1: front matter is opened but not closed"));
    CHECK(error_of("---\ntitle: a\n--- b\n---\n").find("ends the YAML too early") != std::string::npos);
}

TEST_CASE("what is not UTF-8 is named with its line", "[front_matter]")
{
    CHECK(error_of("---\ntitle: x\n---\ncaf\xE9\n") == "line 4: this is not UTF-8: save the file in that encoding");
    CHECK(error_of("\xFF\xFEt\0e\0").starts_with("line 1: this is not UTF-8"));
    CHECK(error_of(std::string_view("---\ntitle: \0x\n---\n", 18)).starts_with("line 2: a zero byte"));
}

TEST_CASE("anchors, aliases and depth cannot make front matter grow", "[front_matter]")
{
    CHECK(error_of("---\na: &a [x]\nb: [*a, *a]\n---\n").starts_with("line 2: an anchor (&) is not understood here"));
    CHECK_FALSE(read_entry_file("---\na: *b\n---\n"));
    std::string deep = "---\na: ";
    deep += std::string(20000, '[') + "\n---\n";
    CHECK_FALSE(read_entry_file(deep));
    CHECK_FALSE(read_entry_file("+++\na = " + std::string(20000, '[') + "\n+++\n"));
    auto const too_long = read_entry_file("---\ntitle: " + std::string(70'000, 'x') + "\n---\n");
    REQUIRE_FALSE(too_long);
    CHECK(too_long.error().code == ErrorCode::TooLarge);
}

TEST_CASE("front matter that is written is read back as the same", "[front_matter]")
{
    FrontMatter is;
    is.title = "A \"quoted\" \\ title: # & * [x] é \u2028 \U0001F680";
    is.date = parse_rfc3339("2007-03-08T06:41:11+05:30");
    is.slug = "night_1";
    is.categories = {"yes", "1", "- a", "a, b"};
    is.tags = {"~"};
    is.status = EntryStatus::Scheduled;
    is.excerpt = "two\nlines: \t'x'";
    is.author = "null";
    is.id = 9'223'372'036'854'775'807;
    is.trackback_id = 2;
    is.permalink = "/a?b=c#d";
    is.trackbacks = {"http://a.example/?a=1,2"};
    is.in_reply_to = "https://b.example/";
    FrontMatter const again = front_matter_of(front_matter_yaml(is) + "body");
    CHECK(again.title == is.title);
    CHECK(again.date->instant == is.date->instant);
    CHECK(again.date->offset == is.date->offset);
    CHECK(again.slug == is.slug);
    CHECK(again.categories == is.categories);
    CHECK(again.tags == is.tags);
    CHECK(again.status == is.status);
    CHECK(again.excerpt == is.excerpt);
    CHECK(again.author == is.author);
    CHECK(again.id == is.id);
    CHECK(again.trackback_id == is.trackback_id);
    CHECK(again.permalink == is.permalink);
    CHECK(again.trackbacks == is.trackbacks);
    CHECK(again.in_reply_to == is.in_reply_to);
    CHECK(front_matter_yaml(again) == front_matter_yaml(is));
}

TEST_CASE("a date without a zone is written without one", "[front_matter]")
{
    FrontMatter is;
    is.date = parse_rfc3339("2007-03-08 06:41");
    CHECK(front_matter_yaml(is) == "---\ndate: 2007-03-08T06:41:00\n---\n");
    CHECK(front_matter_yaml({}) == "---\n---\n");
}

TEST_CASE("escapes of YAML become UTF-8, but for controls", "[front_matter]")
{
    CHECK(front_matter_of("---\ntags: [\"b\\_\", \"\u00E9\\_\\N\\u00e9\\x41\"]\n---\n").tags == Names{"b\u00A0", "\u00E9\u00A0\u00E9A"});
}
