#include "trackback/message.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "trackback/listing.h"
#include "trackback/rdf_block.h"
#include "url/form.h"

using namespace backtalk;
using namespace backtalk::trackback;

namespace {

PingFields read(std::string_view body, std::string_view content_type = "application/x-www-form-urlencoded")
{
    return read_ping_fields(parse_form(body), content_type);
}

std::string source(std::string_view field)
{
    auto const url = repaired_source(field);
    return url ? url->str() : url.error().code == ErrorCode::Refused ? "refused" : "malformed";
}

}  // namespace

TEST_CASE("a ping is read from its form", "[message]")
{
    auto const fields = read("title=The+harbour&url=+http%3A%2F%2Fa.example%2F1%0D%0A&excerpt=At%20night%0Ait%20is%20dark&blog_name="
                             "Quarters&extra=x&title=second");
    CHECK(fields.url == "http://a.example/1");
    CHECK(fields.title == "The harbour");
    CHECK(fields.excerpt == "At night it is dark");
    CHECK(fields.blog_name == "Quarters");
    CHECK(read("").url == "");
    CHECK(read("url").url == "");
}

TEST_CASE("references are decoded once and markup stays text", "[message]")
{
    auto const fields = read("title=It%26%238217%3Bs+%26amp%3Bamp%3B&excerpt=%3Cb%3EI+%3C3+you%3C%2Fb%3E&url=x");
    CHECK(fields.title == "It’s &amp;");
    CHECK(fields.excerpt == "<b>I <3 you</b>");
}

TEST_CASE("controls are dropped and fields are cut on word borders", "[message]")
{
    std::string long_text;
    for (int i = 0; i < 2000; ++i)
        long_text += "%C3%A9t%C3%A9+";
    auto const fields = read("title=a%00b%07c%26%230;&excerpt=" + long_text + "&blog_name=" + std::string(1000, 'x') + "&url=x");
    CHECK(fields.title == "abc\xEF\xBF\xBD");
    CHECK(code_point_count(fields.excerpt) <= 255);
    CHECK(fields.excerpt.ends_with("été…"));
    CHECK(code_point_count(fields.blog_name) == 255);
}

TEST_CASE("one charset counts for the whole ping", "[message]")
{
    CHECK(read("title=caf%E9&charset=iso-8859-1").title == "café");
    CHECK(read("title=caf%E9", "application/x-www-form-urlencoded; charset=ISO-8859-1").title == "café");
    CHECK(read("title=caf%E9", "application/x-www-form-urlencoded;charset=\"windows-1252\"").title == "café");
    CHECK(read("title=%8D%60%82%CC%96%E9&charset=Shift_JIS").title == "港の夜");
    CHECK(read("title=%B9%C1%A4%CE%CC%EB", "x; charset=EUC-JP").title == "港の夜");
    // The field outranks the header (Movable Type), UTF-8 that is none counts as unknown, and so does a name nobody knows.
    CHECK(read("title=caf%E9&charset=iso-8859-1", "x; charset=shift_jis").title == "café");
    CHECK(read("title=caf%E9&excerpt=une+tasse+de+caf%E9+au+lait&charset=utf-8").title == "café");
    CHECK(read("title=caf%C3%A9&charset=x-nobody").title == "café");
    CHECK(read("title=%2BADw-script%2BAD4-&charset=utf-7").title == "+ADw-script+AD4-");
    CHECK(read("title=caf%C3%A9&charset=" + std::string(5000, '%')).title == "café");
}

TEST_CASE("a missing title is the first words of the excerpt, else the URL", "[message]")
{
    CHECK(title_or_substitute(read("title=T&url=http://a.example/")) == "T");
    CHECK(title_or_substitute(read("excerpt=one+two+three+four+five+six&url=http://a.example/")) == "one two three four five…");
    CHECK(title_or_substitute(read("excerpt=one+two&url=http://a.example/")) == "one two");
    CHECK(title_or_substitute(read("excerpt=one+two+three+four+five&url=http://a.example/")) == "one two three four five");
    CHECK(title_or_substitute(read("url=http://a.example/")) == "http://a.example/");
}

TEST_CASE("a source URL is mended where its writer slipped", "[message]")
{
    CHECK(source("http://a.example/1") == "http://a.example/1");
    CHECK(source("  HTTPS://A.example  ") == "https://a.example/");
    CHECK(source("http;//a.example/1") == "http://a.example/1");
    CHECK(source("https;//a.example/1") == "https://a.example/1");
    CHECK(source("http//a.example/1") == "http://a.example/1");
    CHECK(source("www.a.example/1") == "http://www.a.example/1");
    CHECK(source("//a.example/1") == "http://a.example/1");
    CHECK(source("a.example:8080/1") == "http://a.example:8080/1");
    CHECK(source("localhost:8080") == "http://localhost:8080/");
    CHECK(source("a.example/?u=http://b.example/") == "http://a.example/?u=http://b.example/");
    CHECK(source("http://bücher.example/ö") == "http://xn--bcher-kva.example/%C3%B6");
}

TEST_CASE("a source URL that is none is refused", "[message]")
{
    CHECK(source("") == "malformed");
    CHECK(source("  ") == "malformed");
    CHECK(source("http://") == "malformed");
    CHECK(source("http:a.example") == "malformed");
    CHECK(source("http://a.example/x y") == "malformed");
    CHECK(source("http://a.example/\"x") == "malformed");
    CHECK(source("http://a.example/'x") == "malformed");
    CHECK(source("http://a.example/<x>") == "malformed");
    CHECK(source("http://a.example/\r\nX: y") == "malformed");
    CHECK(source(std::string_view("http://a.example/\0x", 19)) == "malformed");
    CHECK(source("http:\\\\a.example\\") == "malformed");
    CHECK(source("http://user:pass@a.example/") == "malformed");
    CHECK(source("user:pass@a.example") == "refused");
    CHECK(source("http://a.example/\xFF") == "malformed");
    CHECK(source("http://a.example/" + std::string(3000, 'x')) == "malformed");
    CHECK(source("javascript:alert(1)") == "refused");
    CHECK(source("ftp://a.example/") == "refused");
    CHECK(source("data:text/html,x") == "refused");
    CHECK(source("mailto:a@a.example") == "refused");
    CHECK(source("file:///etc/passwd") == "refused");
}

TEST_CASE("answers have Movable Type's shape, byte for byte", "[message]")
{
    CHECK(success_xml() == "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>\n<error>0</error>\n</response>\n");
    CHECK(error_xml("a < b & \"c\" > 'd'\x01") ==
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>\n<error>1</error>\n"
        "<message>a &lt; b &amp; &quot;c&quot; &gt; 'd'</message>\n</response>\n");
    CHECK(accepted().status == 200);
    CHECK(accepted().body == success_xml());
}

TEST_CASE("each refusal has its own words", "[message]")
{
    CHECK(refused(Refusal::NotPost).body == error_xml("Trackback pings must use HTTP POST"));
    CHECK(refused(Refusal::UnknownId, "12</message>").body == error_xml("Invalid TrackBack ID '12</message>'"));
    CHECK(refused(Refusal::BadUrl, "ftp://x\x01").body == error_xml("Invalid URL 'ftp://x'"));
    CHECK(refused(Refusal::BadUrl, std::string(100'000, 'x')).body.size() < 500);
    CHECK(refused(Refusal::Throttled).status == 403);
    CHECK(refused(Refusal::Disabled).status == 200);
    CHECK(refused(Refusal::TooLarge).status == 413);
}

TEST_CASE("a listing is well-formed whatever it holds", "[listing]")
{
    ChannelInfo channel;
    channel.title = "Harbour & <sea>";
    channel.link = "http://a.example/?a=1&b=2";
    channel.description = "\x01\xFF]]>";
    std::vector<ListedPing> const pings = {{"One", "http://b.example/", "Text"}};
    CHECK(listing_rss(channel, pings) ==
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>\n<error>0</error>\n<rss version=\"0.91\"><channel>\n"
        "<title>Harbour &amp; &lt;sea&gt;</title>\n<link>http://a.example/?a=1&amp;b=2</link>\n"
        "<description>\xEF\xBF\xBD]]&gt;</description>\n<language>en</language>\n"
        "<item>\n<title>One</title>\n<link>http://b.example/</link>\n<description>Text</description>\n</item>\n"
        "</channel>\n</rss></response>\n");
    CHECK(listing_rss(ChannelInfo(), {}).find("<item>") == std::string::npos);
}
