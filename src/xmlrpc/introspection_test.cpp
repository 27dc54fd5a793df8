#include "xmlrpc/introspection.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::xmlrpc;

namespace {

MethodTable table()
{
    return MethodTable({{"a.add", {{"int", "int", "int"}, {"double", "double", "double"}}, "Adds."}, {"a.any", {}, ""}},
        {{"adding", "http://a.example/spec", 2}});
}

Value value(std::string const& method, Array params = {}) { return std::get<Value>(*table().answer(Call(method, std::move(params)))); }

int fault(std::string const& method, Array params = {}) { return std::get<Fault>(*table().answer(Call(method, std::move(params)))).code; }

Value call(std::string_view method, Value params) { return Struct{Member("methodName", method), Member("params", std::move(params))}; }

}  // namespace

TEST_CASE("a server says what it can do", "[introspection]")
{
    CHECK(value("system.listMethods") ==
        Value(Array{"a.add", "a.any", "system.listMethods", "system.methodSignature", "system.methodHelp", "system.getCapabilities",
            "system.multicall"}));
    CHECK(value("system.methodSignature", {"a.add"}) ==
        Value(Array{Value(Array{"int", "int", "int"}), Value(Array{"double", "double", "double"})}));
    CHECK(value("system.methodSignature", {"a.any"}) == Value("undef"));
    CHECK(value("system.methodHelp", {"a.add"}) == Value("Adds."));
    Value const capabilities = value("system.getCapabilities");
    REQUIRE(capabilities.member("adding") != nullptr);
    CHECK(*capabilities.member("adding") == Value(Struct{Member("specUrl", "http://a.example/spec"), Member("specVersion", 2)}));
    CHECK(capabilities.member("introspection") != nullptr);
}

TEST_CASE("a method that is not there has a fault of its own", "[introspection]")
{
    CHECK(fault("a.sub") == fault_code::method_not_found);
    CHECK(fault("") == fault_code::method_not_found);
    CHECK(fault("system.methodHelp", {"a.sub"}) == fault_code::method_not_found);
    CHECK(fault("system.methodHelp") == fault_code::invalid_params);
    CHECK(fault("system.methodSignature", {1}) == fault_code::invalid_params);
    CHECK_FALSE(table().answer(Call("a.add")));
    CHECK_FALSE(table().answer(Call("system.multicall")));
}

TEST_CASE("a multicall is unpacked into its calls", "[introspection]")
{
    Call const multicall("system.multicall",
        {Value(Array{call("a.add", Array{1, 2}), Struct{Member("methodName", "a.any")}, call("system.multicall", Array()), "junk",
            call("a.add", "no array"), Struct{Member("methodName", 7)}})});
    CHECK(is_multicall(multicall));
    CHECK_FALSE(is_multicall(Call("a.add")));
    auto const calls = calls_of_multicall(multicall);
    REQUIRE(calls);
    REQUIRE(calls->size() == 6);
    CHECK(std::get<Call>((*calls)[0]).params == Array{1, 2});
    CHECK(std::get<Call>((*calls)[1]).method == "a.any");
    CHECK(std::get<Fault>((*calls)[2]).text == "A multicall holds no other multicall.");
    CHECK(std::all_of(calls->begin() + 2, calls->end(), [](auto const& each) { return std::holds_alternative<Fault>(each); }));
}

TEST_CASE("a multicall that is none, or too long, is an error", "[introspection]")
{
    CHECK(calls_of_multicall(Call("system.multicall")).error().code == ErrorCode::Refused);
    CHECK(calls_of_multicall(Call("system.multicall", {"x"})).error().code == ErrorCode::Refused);
    CHECK(calls_of_multicall(Call("system.multicall", {Value(Array()), Value(Array())})).error().code == ErrorCode::Refused);
    CHECK(calls_of_multicall(Call("system.multicall", {Value(Array(multicall_calls_max, call("a", Array())))})));
    CHECK(calls_of_multicall(Call("system.multicall", {Value(Array(multicall_calls_max + 1, call("a", Array())))})).error().code ==
        ErrorCode::TooLarge);
}

TEST_CASE("a multicall's result has an array for each value and a struct for each fault", "[introspection]")
{
    CHECK(multicall_result({Response(Value("a")), Response(Fault(17, "No."))}) ==
        Value(Array{Value(Array{"a"}), Value(Struct{Member("faultCode", 17), Member("faultString", "No.")})}));
}
