#include "trackback/reply.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "trackback/message.h"

using namespace backtalk;
using namespace backtalk::trackback;

namespace {

/// "yes", "no: WORDS", "later: WORDS", or the name of the error.
std::string said(int status, std::string_view body, std::string_view content_type = "text/xml")
{
    auto const reply = read_reply(status, content_type, body);
    if (reply)
        return reply->accepted ? "yes" : (reply->may_pass ? "later: " : "no: ") + reply->message;
    switch (reply.error().code) {
    case ErrorCode::Malformed: return "malformed";
    case ErrorCode::Refused: return "refused";
    case ErrorCode::NotFound: return "not found";
    case ErrorCode::Gone: return "gone";
    case ErrorCode::Unavailable: return "unavailable";
    default: return "another error";
    }
}

std::string said(std::string_view body) { return said(200, body); }

}  // namespace

TEST_CASE("our own answers are understood", "[reply]")
{
    CHECK(said(success_xml()) == "yes");
    CHECK(said(error_xml("Invalid <ID> & 'more'")) == "no: Invalid <ID> & 'more'");
    CHECK(said(403, refused(Refusal::Throttled).body) == "later: You are pinging trackbacks too quickly. Please try again later.");
    CHECK(said(503, refused(Refusal::Overloaded).body).starts_with("later: "));
}

TEST_CASE("what does not change the meaning of a reply is borne", "[reply]")
{
    CHECK(said("<response><error>0</error></response>") == "yes");
    CHECK(said("\xEF\xBB\xBF \r\n<?xml version='1.0'?>\r\n<!-- x --><response>\n <error>\n 0 \n</error>\n</response>") == "yes");
    CHECK(said("<Response><Error> 00 </Error></Response>") == "yes");
    CHECK(said("<response><message>No</message><error>1</error></response>") == "no: No");
    CHECK(said("<response xmlns='x'><x><error>0</error></x><error>1</error><message><![CDATA[A & <b>]]></message></response>") ==
        "no: A & <b>");
    CHECK(said("<response><error>1</error></response>") == "no: ");
    CHECK(said("<response><error>1</error><message/></response>") == "no: ");
    CHECK(said("<response><error>16</error><message>Caf&eacute; &#233;&amp;amp;</message></response>") == "no: Café é&amp;");
    CHECK(said("<!DOCTYPE response [<!ENTITY a '>'>]><response><error>0</error></response>") == "yes");
    CHECK(said("<response><error>0</error><message>Thanks") == "malformed");
    CHECK(said("<response><error>0</error><rss><channel><title>x</title></channel></rss></response>") == "yes");
    CHECK(said("<response><error>1</error><message>x</message></response><?xml version='1.0'?><response><error>0</error></response>") ==
        "no: x");
    CHECK(said("<response><error>1</error><error>0</error></response>") == "no: ");
}

TEST_CASE("what is not an answer is no success", "[reply]")
{
    CHECK(said("") == "malformed");
    CHECK(said("  \n") == "malformed");
    CHECK(said("0") == "malformed");
    CHECK(said("OK <response><error>0</error></response>") == "malformed");
    CHECK(said("<html><body>Thank you</body></html>") == "malformed");
    CHECK(said("<!doctype html><p>&lt;error>0&lt;/error>") == "malformed");
    CHECK(said("<html><response><error>0</error></response></html>") == "malformed");
    CHECK(said("<response></response>") == "malformed");
    CHECK(said("<response/>") == "malformed");
    CHECK(said("<response><error></error></response>") == "malformed");
    CHECK(said("<response><error>none</error></response>") == "malformed");
    CHECK(said("<response><error>-0</error></response>") == "malformed");
    CHECK(said("<response><error>0") == "malformed");
    CHECK(said("<response><!-- <error>0</error></response>") == "malformed");
    CHECK(said("<error>0</error>") == "malformed");
    CHECK(said("<response><x><error>0</error></x></response>") == "malformed");
    CHECK(said(std::string(100'000, '<')) == "malformed");
    std::string deep;
    for (int i = 0; i < 50'000; ++i)
        deep += "<a>";
    CHECK(said("<response>" + deep) == "malformed");
}

TEST_CASE("an HTTP error is no success whatever stands in it", "[reply]")
{
    CHECK(said(403, success_xml()) == "refused");
    CHECK(said(302, success_xml()) == "refused");
    CHECK(said(404, "<html>") == "not found");
    CHECK(said(410, "") == "gone");
    CHECK(said(500, success_xml()) == "unavailable");
    CHECK(said(429, "") == "unavailable");
    CHECK(said(404, error_xml("No such entry")) == "no: No such entry");
    CHECK(said(204, "") == "malformed");
}

TEST_CASE("WordPress's error documents are refusals with words", "[reply]")
{
    CHECK(said(409,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<error>\n<code>comment_duplicate</code>\n<title><![CDATA[Error]]></title>\n"
              "<message><![CDATA[Duplicate comment detected.]]></message>\n<data><status>409</status></data></error>") ==
        "no: Duplicate comment detected.");
    CHECK(said(429, "<error><code>comment_flood</code><message>You are posting comments too quickly. Slow down.</message></error>") ==
        "later: You are posting comments too quickly. Slow down.");
}

TEST_CASE("the other side's words are decoded, cleaned and cut", "[reply]")
{
    CHECK(said(200,
              "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<response><error>1</error><message>D\xE9sol\xE9</message></response>") ==
        "no: Désolé");
    CHECK(
        said(200, "<response><error>1</error><message>D\xE9sol\xE9</message></response>", "text/xml; charset=iso-8859-1") == "no: Désolé");
    CHECK(said(200, "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><response><error>1</error><message>Désolé</message></response>") ==
        "no: Désolé");
    CHECK(said("<response><error>1</error><message>a\x01&#2;\n b&#x202E;c</message></response>") == "no: a bc");
    auto const reply = read_reply(200, "text/xml", error_xml(std::string(5000, 'x')));
    REQUIRE(reply);
    CHECK(code_point_count(reply->message) == 255);
}
