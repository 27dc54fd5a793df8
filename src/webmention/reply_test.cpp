#include "webmention/reply.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "webmention/status.h"

using namespace backtalk;
using namespace backtalk::webmention;

namespace {

/// "yes: WORDS", "no: WORDS", "later: WORDS", "error: TEXT"
std::string said(int status, std::string_view body = "", std::string_view content_type = "text/plain")
{
    http::Headers headers;
    headers.add("Content-Type", content_type);
    auto const reply = read_reply(status, headers, body, *Url::parse("http://b.example/wm"));
    if (!reply)
        return "error: " + reply.error().text;
    CHECK_FALSE((reply->accepted && reply->may_pass));
    return (reply->accepted ? "yes: " : reply->may_pass ? "later: " : "no: ") + reply->message;
}

std::optional<Url> status_url(int status, std::string_view location)
{
    http::Headers headers;
    headers.add("Location", location);
    return read_reply(status, headers, "", *Url::parse("http://b.example/x/wm?y=1"))->status_url;
}

}  // namespace

TEST_CASE("any 2xx is a yes, 4xx a no, and what may pass is tried again", "[reply]")
{
    for (int const status : {200, 201, 202, 204, 299})
        CHECK(said(status) == "yes: ");
    CHECK(said(202, "<html><body><p>Queued.", "text/html") == "yes: Queued.");
    CHECK(said(400, "No link found.\n") == "no: No link found.");
    CHECK(said(404) == "no: HTTP status 404");
    CHECK(said(410) == "no: HTTP status 410");
    for (int const status : {408, 425, 429, 500, 502, 503, 599})
        CHECK(said(status).starts_with("later: HTTP status "));
    CHECK(said(302) == "error: HTTP status 302");
    CHECK(said(103) == "error: HTTP status 103");
    CHECK(said(0) == "error: HTTP status 0");
    CHECK(said(999) == "error: HTTP status 999");
}

TEST_CASE("the other side's words are found in JSON, HTML and text", "[reply]")
{
    CHECK(said(400, R"({"error":"invalid_request","error_description":"The target is not here"})", "application/json") ==
        "no: The target is not here");
    CHECK(said(201, R"({"status":"queued","summary":"Webmention was queued"})", "application/json") == "yes: Webmention was queued");
    CHECK(said(400, R"({"code":"source_error","message":"No <b> & no \"a\"","data":{"status":400}})", "application/json; charset=UTF-8") ==
        "no: No <b> & no \"a\"");
    CHECK(said(400, R"({"error":"no_link_found"})", "text/html; charset=utf-8") == "no: no_link_found");
    CHECK(said(400, R"({"error":"no_link_found"})", "") == "no: no_link_found");
    CHECK(said(400, R"({"error_description":7,"summary":"","message":[],"error":"x"})", "application/problem+json") == "no: x");
    CHECK(said(400, "[1]", "application/json") == "no: HTTP status 400");
    CHECK(said(400, "{\"error\":\"cut", "application/json") == "no: HTTP status 400");
    CHECK(said(400, std::string(30'000, '['), "application/json") == "no: HTTP status 400");
    CHECK(said(400, "<!doctype html><title>Bad</title><style>p{}</style><p>No <b>link</b></p><p>found &amp; so", "text/html") ==
        "no: No link found & so");
    CHECK(said(400, "<p>No link", "") == "no: No link");
    CHECK(said(400, "\x89PNG", "image/png") == "no: HTTP status 400");
    CHECK(said(400, "D\xE9sol\xE9", "text/plain; charset=iso-8859-1") == "no: Désolé");
}

TEST_CASE("the other side's words are cleaned and cut", "[reply]")
{
    CHECK(said(400,
              "a\x01\r\n b\xE2\x80\xAE"
              "c") == "no: a bc");
    std::string const cut = said(400, std::string(100'000, 'x')).substr(4);
    CHECK(code_point_count(cut) == 200);
}

TEST_CASE("201 may say where to see how it goes on", "[reply]")
{
    CHECK(status_url(201, "http://b.example/status/1") == *Url::parse("http://b.example/status/1"));
    CHECK(status_url(201, "status/1") == *Url::parse("http://b.example/x/status/1"));
    CHECK_FALSE(status_url(200, "http://b.example/status/1"));
    CHECK_FALSE(status_url(202, "http://b.example/status/1"));
    CHECK_FALSE(status_url(201, ""));
    CHECK_FALSE(status_url(201, "javascript:x"));
    CHECK_FALSE(status_url(201, "http://a:b@b.example/"));
}

TEST_CASE("a receiver that wants a vouch says so", "[reply]")
{
    auto const reply = read_reply(449, {}, "", *Url::parse("http://b.example/"));
    REQUIRE(reply);
    CHECK_FALSE(reply->accepted);
    CHECK_FALSE(reply->may_pass);
    CHECK(reply->wants_vouch);
}

TEST_CASE("the JSON of a status names what programs look for", "[status]")
{
    StatusReport report;
    report.source = "http://a.example/\"1\"";
    report.target = "http://b.example/2\xFF";
    CHECK(status_json(report) ==
        R"({"status":"pending","summary":"The webmention waits to be checked.","source":"http://a.example/\"1\"","target":"http://b.example/2)"
        "\xEF\xBF\xBD"
        R"(","private":false})");
    report.status = Status::NoLinkFound;
    report.location = "http://b.example/wm/1";
    report.summary = "No.";
    report.target = "http://b.example/2";
    CHECK(status_json(report) ==
        R"({"status":"no_link_found","summary":"No.","location":"http://b.example/wm/1","source":"http://a.example/\"1\"","target":"http://b.example/2","private":false})");
}

TEST_CASE("each status has a word, read as it is written, and a sentence", "[status]")
{
    for (int i = 0; i <= static_cast<int>(Status::InvalidContent); ++i) {
        auto const status = static_cast<Status>(i);
        CHECK(status_named(to_word(status)) == status);
        CHECK(summary_of(status).ends_with('.'));
    }
    CHECK_FALSE(status_named("queued"));
}

TEST_CASE("our answers to a notification are words for people and JSON for programs", "[status]")
{
    CHECK(queued_json("http://b.example/wm/1", "http://a.example/1", "http://b.example/2") ==
        R"({"status":"queued","summary":"The webmention was accepted and will be checked.","location":"http://b.example/wm/1","source":"http://a.example/1","target":"http://b.example/2"})");
    CHECK(queued_text("http://b.example/wm/1").find("http://b.example/wm/1") != std::string::npos);
    CHECK(error_json("invalid_request", "The source is \"missing\".") ==
        R"({"error":"invalid_request","error_description":"The source is \"missing\"."})");
    CHECK(error_text("No.") == "No.\n");
    http::Headers headers;
    headers.add("Content-Type", json_content_type);
    auto const own = read_reply(400, headers, error_json("invalid_request", "The source is missing."), *Url::parse("http://b.example/"));
    REQUIRE(own);
    CHECK(own->message == "The source is missing.");
}
