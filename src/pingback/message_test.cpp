#include "pingback/message.h"

#include <catch2/catch.hpp>

#include "pingback/fault.h"
#include "pingback/reply.h"

using namespace backtalk;
using namespace backtalk::pingback;

namespace {

/// "SOURCE -> TARGET", or the fault.
std::string read(xmlrpc::Array params)
{
    auto const claim = read_ping(xmlrpc::Call("pingback.ping", std::move(params)));
    return claim ? claim->source.str() + " -> " + claim->target.str() : std::to_string(claim.error().code) + " " + claim.error().text;
}

/// "yes: WORDS", "no: WORDS", "later: WORDS", or the name of the error.
std::string said(int status, std::string_view body)
{
    auto const reply = read_reply(status, "text/xml", body);
    if (reply)
        return (reply->accepted ? "yes: " : reply->may_pass ? "later: " : "no: ") + reply->message;
    switch (reply.error().code) {
    case ErrorCode::Malformed: return "malformed";
    case ErrorCode::Refused: return "refused";
    case ErrorCode::NotFound: return "not found";
    case ErrorCode::Gone: return "gone";
    case ErrorCode::Unavailable: return "unavailable";
    default: return "another error";
    }
}

std::string said_fault(int code, std::string_view text = "Words.", int status = 200)
{
    return said(status, xmlrpc::write_fault(code, text));
}

}  // namespace

TEST_CASE("a ping names its source and its target", "[pingback]")
{
    CHECK(read({"http://a.example/1", "http://b.example/2#c"}) == "http://a.example/1 -> http://b.example/2#c");
    CHECK(read({" HTTP://A.example ", "https://b.example/2", "extra"}) == "http://a.example/ -> https://b.example/2");
    auto const claim = read_ping(xmlrpc::Call("pingback.ping", {" HTTP://A.example ", "http://b.example/2"}));
    REQUIRE(claim);
    CHECK(claim->source_as_received == "HTTP://A.example");
}

TEST_CASE("each mistake in a ping has its fault", "[pingback]")
{
    std::string const not_two = "-32602 The parameters are two strings: the source and the target.";
    CHECK(read({}) == not_two);
    CHECK(read({"http://a.example/"}) == not_two);
    CHECK(read({1, "http://b.example/"}) == not_two);
    CHECK(read({"http://a.example/", xmlrpc::Array{"http://b.example/"}}) == not_two);
    std::string const no_source = "16 The source is not an http or https URL.";
    for (char const* const source : {"", "junk", "ftp://a.example/", "http://", "http://a b/", "http://a.example/\"",
             "http://a:b@a.example/", "http:\\\\a.example", "//a.example/"}) {
        INFO(source);
        CHECK(read({source, "http://b.example/"}) == no_source);
    }
    CHECK(read({"http://a.example/" + std::string(2000, 'x'), "http://b.example/"}) == no_source);
    CHECK(read({"http://a.example/", "junk"}) == "33 The target is not an http or https URL.");
    CHECK(read({"http://a.example/x#1", "http://A.example:80/x#2"}) == "33 The source and the target are the same page.");
}

TEST_CASE("our own ping is read as it was meant", "[pingback]")
{
    auto const call = xmlrpc::read_call(write_ping("http://a.example/?x=1&y=2", "http://b.example/2#<c>"));
    REQUIRE(call);
    CHECK(call->method == method_name);
    auto const claim = read_ping(*call);
    CHECK_FALSE(claim);                                            // A fragment that is written like this is no URL …
    CHECK(*call->params[1].string() == "http://b.example/2#<c>");  // … but it travels unharmed.
    CHECK(read_ping(*xmlrpc::read_call(write_ping("http://a.example/?x=1&y=2", "http://b.example/2"))));
}

TEST_CASE("each fault code has its number and its sentence", "[fault]")
{
    for (int const code : {0, 16, 17, 32, 33, 48, 49, 50}) {
        auto const known = fault_code_of(code);
        REQUIRE(known);
        CHECK(fault(*known) == xmlrpc::Fault(code, std::string(sentence(*known))));
        CHECK(sentence(*known).ends_with('.'));
    }
    CHECK_FALSE(fault_code_of(18));
    CHECK_FALSE(fault_code_of(-32601));
}

TEST_CASE("a value is a yes, and so is fault 48", "[reply]")
{
    CHECK(said(200, xmlrpc::write_response("Queued: <b>http://b.example/1</b>")) == "yes: Queued: <b>http://b.example/1</b>");
    CHECK(said(200, xmlrpc::write_response("")) == "yes: ");
    CHECK(said(200, xmlrpc::write_response(true)) == "yes: ");
    CHECK(said_fault(48) == "yes: Words.");
    CHECK(read_reply(200, "text/xml", xmlrpc::write_fault(48, "x"))->fault_code == 48);
}

TEST_CASE("the other faults are a no, and some may pass", "[reply]")
{
    for (int const code : {0, 16, 17, 32, 33, 49, -32601, 7})
        CHECK(said_fault(code) == "no: Words.");
    CHECK(said_fault(50) == "later: Words.");
    CHECK(said_fault(0, "Words.", 503) == "later: Words.");
    CHECK(said_fault(48, "Words.", 500) == "later: Words.");
    CHECK(said_fault(17, "Words.", 403) == "no: Words.");
    CHECK(said_fault(17, "") == "no: The source has no link to the target.");
    CHECK(said_fault(0, "") == "no: fault 0");
    CHECK(said_fault(99, "\x01\n") == "no: fault 99");
    CHECK(said_fault(0,
              "a\n b\xE2\x80\xAE"
              "c") == "no: a bc");
    CHECK(said_fault(0, std::string(5000, 'x')).size() < 300);
}

TEST_CASE("what is no XML-RPC is no success", "[reply]")
{
    CHECK(said(200, "") == "malformed");
    CHECK(said(200, "<!doctype html><p>Thank you") == "malformed");
    CHECK(said(200, "<html><body>ok</body></html>") == "malformed");
    CHECK(said(200, "ok") == "malformed");
    CHECK(said(200, "<methodResponse><params></params></methodResponse>") == "malformed");
    CHECK(said(200, "<!DOCTYPE a>" + xmlrpc::write_response("ok").substr(39)) == "malformed");
    CHECK(said(200, xmlrpc::write_response("ok") + std::string(300'000, ' ')) == "malformed");
    CHECK(said(204, "") == "malformed");
    CHECK(said(404, xmlrpc::write_response("ok")) == "not found");
    CHECK(said(405, "XML-RPC server accepts POST requests only.") == "refused");
    CHECK(said(302, "") == "refused");
    CHECK(said(410, "") == "gone");
    for (int const status : {408, 425, 429, 500, 503})
        CHECK(said(status, xmlrpc::write_response("ok")) == "unavailable");
}
