#include "xmlrpc/message.h"

#include <limits>

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::xmlrpc;

namespace {

std::string call_with(std::string_view params)
{
    return "<?xml version=\"1.0\"?><methodCall><methodName>x.y</methodName><params>" + std::string(params) + "</params></methodCall>";
}

/// The one parameter of a call; a fault's text where it cannot be read.
Value param(std::string_view value)
{
    auto const call = read_call(call_with("<param>" + std::string(value) + "</param>"));
    return call ? call->params.at(0) : Value("error: " + call.error().text);
}

bool is_refused(std::string_view value)
{
    auto const call = read_call(call_with("<param>" + std::string(value) + "</param>"));
    return !call && call.error().code == ErrorCode::Refused;
}

std::string text(Value const& value) { return value.string() == nullptr ? "no string" : *value.string(); }

Value round_trip(Value const& value) { return std::get<Value>(*read_response(write_response(value))); }

}  // namespace

TEST_CASE("a call has a method and parameters", "[xmlrpc]")
{
    auto const call = read_call("\xEF\xBB\xBF\r\n<?xml version='1.0'?><!-- c -->\n<methodCall>\n <methodName> pingback.ping </methodName>"
                                "<params><param><value><string>http://a.example/?a=1&amp;b=2</string></value></param>"
                                "<param>\n<value>http://b.example/</value></param></params></methodCall>");
    REQUIRE(call);
    CHECK(call->method == "pingback.ping");
    CHECK(call->params == Array{"http://a.example/?a=1&b=2", "http://b.example/"});
    CHECK(read_call("<methodCall><methodName>a</methodName></methodCall>")->params.empty());
}

TEST_CASE("every type is read", "[xmlrpc]")
{
    CHECK(param("<value><i4>-12</i4></value>") == Value(-12));
    CHECK(param("<value> <int> +12 </int> </value>") == Value(12));
    CHECK(param("<value><i8>-9223372036854775808</i8></value>") == Value(std::numeric_limits<std::int64_t>::min()));
    CHECK(param("<value><ex:i8 xmlns:ex='x'>1</ex:i8></value>") == Value(1));
    CHECK(param("<value><boolean>1</boolean></value>") == Value(true));
    CHECK(param("<value><boolean>false</boolean></value>") == Value(false));
    CHECK(param("<value><double>-1.5</double></value>") == Value(-1.5));
    CHECK(param("<value><dateTime.iso8601>20070308T06:41:11</dateTime.iso8601></value>") == Value(DateTime{{2007, 3, 8, 6, 41, 11}}));
    CHECK(param("<value><dateTime.iso8601>2007-03-08T06:41:11-05:00</dateTime.iso8601></value>") ==
        Value(DateTime{{2007, 3, 8, 11, 41, 11}}));
    CHECK(param("<value><dateTime.iso8601>20070308T06:41:11Z</dateTime.iso8601></value>") == Value(DateTime{{2007, 3, 8, 6, 41, 11}}));
    CHECK(param("<value><base64>aGFy\n Ym91cg==</base64></value>") == Value(Binary{"harbour"}));
    CHECK(param("<value><nil/></value>").is_nil());
    CHECK(param("<value><array><data><value>a</value><value><int>1</int></value></data></array></value>") == Value(Array{"a", 1}));
    CHECK(param("<value><array/></value>") == Value(Array()));
    Value const record = param(
        "<value><struct><member><name>a</name><value>1</value></member><member><name>a</name><value>2</value></member></struct></value>");
    CHECK(record == Value(Struct{Member("a", "1"), Member("a", "2")}));
    REQUIRE(record.member("a") != nullptr);
    CHECK(text(*record.member("a")) == "1");
    CHECK(record.member("b") == nullptr);
    CHECK(Value(1).member("a") == nullptr);
}

TEST_CASE("strings keep their blanks, and text may come in pieces", "[xmlrpc]")
{
    CHECK(text(param("<value>  a b </value>")) == "  a b ");
    CHECK(text(param("<value> </value>")) == " ");
    CHECK(text(param("<value><string> </string></value>")) == " ");
    CHECK(text(param("<value/>")).empty());
    CHECK(text(param("<value><string/></value>")).empty());
    CHECK(text(param("<value>a<!-- c -->b<![CDATA[<&>]]>&#x2603;&lt;</value>")) == "ab<&>\xE2\x98\x83<");
    CHECK(text(param("<value>a&nbsp;&unknown;</value>")) == "a&nbsp;&unknown;");
    CHECK(text(param("<value>&#xD800;</value>")).find("\xEF\xBF\xBD") == 0);
}

TEST_CASE("a value that contradicts its type is refused", "[xmlrpc]")
{
    for (char const* const value : {"<value><int>x</int></value>", "<value><int/></value>", "<value><int>1.5</int></value>",
             "<value><i4>2147483648</i4></value>", "<value><i8>9223372036854775808</i8></value>", "<value><int>+-1</int></value>",
             "<value><boolean>2</boolean></value>", "<value><double>inf</double></value>", "<value><double>nan</double></value>",
             "<value><double>1e999</double></value>", "<value><double>0x1</double></value>", "<value><double>+-1</double></value>",
             "<value><dateTime.iso8601>20071308T06:41:11</dateTime.iso8601></value>",
             "<value><dateTime.iso8601>yesterday</dateTime.iso8601></value>",
             "<value><dateTime.iso8601>9999-12-31T23:59:59-12:00</dateTime.iso8601></value>", "<value><base64>a</base64></value>",
             "<value><base64>aG=Fy</base64></value>", "<value><base64>a*</base64></value>", "<value><date>1</date></value>",
             "<value><struct><member><name>a</name></member></struct></value>", ""}) {
        INFO(value);
        CHECK(is_refused(value));
    }
}

TEST_CASE("what is no call is an error, and its fault says which", "[xmlrpc]")
{
    auto const fault = [](std::string_view body) {
        auto const call = read_call(body);
        return call ? 0 : fault_of(call.error()).code;
    };
    CHECK(fault("") == fault_code::parse_error);
    CHECK(fault(" \n") == fault_code::parse_error);
    CHECK(fault("source=http%3A%2F%2Fa.example") == fault_code::parse_error);
    CHECK(fault("<methodCall><methodName>a</methodName>") == fault_code::parse_error);
    CHECK(fault("<methodCall><methodName>a</method></methodCall>") == fault_code::parse_error);
    CHECK(fault("<html><body>hello</body></html>") == fault_code::invalid_request);
    CHECK(fault("<methodResponse/>") == fault_code::invalid_request);
    CHECK(fault("<methodCall/>") == fault_code::invalid_request);
    CHECK(fault("<methodCall><methodName>a b</methodName></methodCall>") == fault_code::invalid_request);
    CHECK(fault("<methodCall><methodName>" + std::string(201, 'a') + "</methodName></methodCall>") == fault_code::invalid_request);
    std::string many;
    for (int i = 0; i < 101; ++i)
        many += "<param><value/></param>";
    CHECK(fault(call_with(many)) == fault_code::invalid_request);
    CHECK(fault_of(Error(ErrorCode::Internal, "disk")) == Fault(fault_code::internal_error, "An internal error occurred."));
}

TEST_CASE("no document type declaration is accepted, so nothing can be expanded", "[xmlrpc]")
{
    std::string const bomb = "<!DOCTYPE m [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    auto const refused = read_call(bomb + call_with("<param><value>&b;</value></param>").substr(21));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Refused);
    CHECK_FALSE(read_call("<!DOCTYPE methodCall SYSTEM \"file:///etc/passwd\"><methodCall><methodName>a</methodName></methodCall>"));
    CHECK_FALSE(read_call("<!doctype html><methodCall><methodName>a</methodName></methodCall>"));
    CHECK_FALSE(read_call("<methodCall><!DOCTYPE a><methodName>a</methodName></methodCall>"));
    CHECK_FALSE(read_call("<methodCall><methodName>a</methodName></methodCall><!DOCTYPE a>"));
    CHECK(text(param("<value>&b;<![CDATA[<!DOCTYPE a>]]></value>")) == "&b;<!DOCTYPE a>");
    CHECK_FALSE(read_response("<!DOCTYPE a><methodResponse><params><param><value>x</value></param></params></methodResponse>"));
}

TEST_CASE("depth ends at 32 elements, however deep the document is", "[xmlrpc]")
{
    auto const nested = [](int arrays) {
        std::string open, close;
        for (int i = 0; i < arrays; ++i) {
            open += "<value><array><data>";
            close += "</data></array></value>";
        }
        return read_call(call_with("<param>" + open + close + "</param>"));
    };
    CHECK(nested(9));
    REQUIRE_FALSE(nested(10));
    CHECK(nested(10).error().code == ErrorCode::TooLarge);
    CHECK(nested(20'000).error().code == ErrorCode::TooLarge);
    std::string tags;
    for (int i = 0; i < 300'000; ++i)
        tags += "<a>";
    CHECK(read_call(tags).error().code == ErrorCode::Malformed);
    CHECK_FALSE(read_call("<!DOCTYPE " + std::string(100'000, '[')));
    CHECK_FALSE(read_call("<!DOCTYPE " + std::string(100'000, '<')));
}

TEST_CASE("a message is read in the charset that it is in", "[xmlrpc]")
{
    std::string const latin =
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><methodCall><methodName>a</methodName><params><param><value>caf\xE9"
        "</value></param></params></methodCall>";
    CHECK(text(read_call(latin)->params[0]) == "café");
    CHECK(text(read_call(latin, "text/xml; charset=koi8-r")->params[0]) == "caf\xD0\x98");
    std::string utf8 = latin;
    utf8.replace(utf8.find("\xE9"), 1, "é");
    CHECK(text(read_call(utf8, "text/xml; charset=iso-8859-1")->params[0]) == "café");
    std::string wide("\xFF\xFE");
    for (char const c : call_with("<param><value>abc</value></param>"))
        wide += {c, '\0'};
    CHECK(text(read_call(wide)->params.at(0)) == "abc");
}

TEST_CASE("responses and faults are told apart", "[xmlrpc]")
{
    CHECK(std::get<Value>(*read_response("<methodResponse><params><param><value>ok</value></param></params></methodResponse>")) ==
        Value("ok"));
    auto const fault = [](std::string_view members) {
        return std::get<Fault>(
            *read_response("<methodResponse><fault><value><struct>" + std::string(members) + "</struct></value></fault></methodResponse>"));
    };
    CHECK(fault("<member><name>faultString</name><value>No.</value></member><member><name>faultCode</name><value><i4>17</i4></value></"
                "member>") == Fault(17, "No."));
    CHECK(fault("<member><name>faultCode</name><value>48</value></member>") == Fault(48, ""));
    CHECK(fault("<member><name>faultCode</name><value><i8>99999999999</i8></value></member>").code == std::numeric_limits<int>::max());
    CHECK(fault("") == Fault(0, ""));
    for (char const* const body : {"", "<html></html>", "<methodResponse/>", "<methodResponse><params/></methodResponse>", "ok",
             "<methodResponse><fault/></methodResponse>", "<methodCall><methodName>a</methodName></methodCall>"}) {
        auto const response = read_response(body);
        REQUIRE_FALSE(response);
        CHECK(response.error().code == ErrorCode::Malformed);
    }
}

TEST_CASE("what we write is read as it was meant", "[xmlrpc]")
{
    Struct const members = {Member("<a>", Array{1, -2.25, true, false, Nil()}),
        Member("b",
            Binary{std::string("\0\xFF"
                               "x",
                3)}),
        Member("c", DateTime{{2007, 3, 8, 6, 41, 11}}), Member("d", std::int64_t{1} << 40), Member("e", " a\r\n\t<&>\"'"),
        Member("f", 1e300), Member("g", 5e-324)};
    CHECK(round_trip(members) == Value(members));
    Call const call("a.b", {members, "x"});
    auto const again = read_call(write_call(call));
    REQUIRE(again);
    CHECK(again->method == "a.b");
    CHECK(again->params == call.params);
    CHECK(std::get<Fault>(*read_response(write_fault(48, "Known & <done>"))) == Fault(48, "Known & <done>"));
    CHECK(write(Response(Fault(1, "a"))) == write_fault(1, "a"));
    CHECK(write(Response(Value("a"))) == write_response(Value("a")));
    for (std::string const bytes : {"", "a", "ab", "abc", "abcd"})
        CHECK(round_trip(Binary{bytes}) == Value(Binary{bytes}));
}

TEST_CASE("messages have the shape of the specification's examples", "[xmlrpc]")
{
    CHECK(write_call(Call("a.b", {"x", 41})) ==
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<methodCall>\n<methodName>a.b</methodName>\n<params>\n"
        "<param><value><string>x</string></value></param>\n<param><value><int>41</int></value></param>\n</params>\n</methodCall>\n");
    CHECK(write_fault(4, "Too many parameters.") ==
        "<?xml version=\"1.0\" "
        "encoding=\"utf-8\"?>\n<methodResponse>\n<fault><value><struct><member><name>faultCode</name><value><int>4</int>"
        "</value></member><member><name>faultString</name><value><string>Too many parameters.</string></value></member></struct></value>"
        "</fault>\n</methodResponse>\n");
    CHECK(write_response(Value(1e21)).find("<double>1000000000000000000000.0</double>") != std::string::npos);
    CHECK(write_response(Value(std::numeric_limits<double>::infinity())).find("<double>0.0</double>") != std::string::npos);
}

TEST_CASE("nothing in a value can break the message", "[xmlrpc]")
{
    CHECK(text(round_trip(std::string("a\0\x01\x1F\x0B"
                                      "b",
              6))) == "ab");
    CHECK(text(round_trip("\xEF\xBF\xBE\xEF\xBF\xBF"
                          "x")) == "x");
    CHECK(text(round_trip("\xFF\xED\xA0\x80")).find("\xEF\xBF\xBD") == 0);
    CHECK(text(round_trip("]]><!DOCTYPE a></string></value>&#0;")) == "]]><!DOCTYPE a></string></value>&#0;");
}
