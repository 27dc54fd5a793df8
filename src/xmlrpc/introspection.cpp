#include "xmlrpc/introspection.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::xmlrpc {

namespace {

constexpr std::string_view multicall = "system.multicall";

std::vector<Method> own_methods()
{
    return {{"system.listMethods", {{"array"}}, "The names of all methods."},
        {"system.methodSignature", {{"array", "string"}}, "The types of a method's result and parameters, for each way to call it."},
        {"system.methodHelp", {{"string", "string"}}, "What a method does."},
        {"system.getCapabilities", {{"struct"}}, "The specifications that this server follows."},
        {"system.multicall", {{"array", "array"}},
            "Calls several methods: an array of structs with methodName and params, answered by an array with one result or fault each."}};
}

std::vector<Capability> own_capabilities()
{
    return {{"xmlrpc", "http://www.xmlrpc.com/spec", 1},
        {"faults_interop", "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php", 20010516},
        {"introspection", "http://xmlrpc-c.sourceforge.net/introspection.html", 1}};
}

Fault unknown_method(std::string_view name)
{
    return {fault_code::method_not_found,
        fmt::format("There is no method {}.", cut_at_word(without_controls(repaired_utf8(name.substr(0, 400))), 100))};
}

Value signatures_of(Method const& method)
{
    if (method.signatures.empty())
        return "undef";
    Array signatures;
    for (auto const& types : method.signatures)
        signatures.emplace_back(Array(types.begin(), types.end()));
    return signatures;
}

std::variant<Call, Fault> call_of(Value const& value)
{
    Value const* const name = value.member("methodName");
    Value const* const params = value.member("params");
    if (name == nullptr || name->string() == nullptr)
        return Fault(fault_code::invalid_request, "A call needs a methodName.");
    if (params != nullptr && params->array() == nullptr)
        return Fault(fault_code::invalid_params, "The params of a call are an array.");
    if (*name->string() == multicall)
        return Fault(fault_code::invalid_request, "A multicall holds no other multicall.");
    return Call(*name->string(), params == nullptr ? Array() : *params->array());
}

}  // namespace

MethodTable::MethodTable(std::vector<Method> methods, std::vector<Capability> capabilities)
    : methods_(std::move(methods)), capabilities_(own_capabilities())
{
    for (Method& method : own_methods())
        methods_.push_back(std::move(method));
    std::move(capabilities.begin(), capabilities.end(), std::back_inserter(capabilities_));
}

Method const* MethodTable::find(std::string_view name) const
{
    auto const found = std::find_if(methods_.begin(), methods_.end(), [&](Method const& each) { return each.name == name; });
    return found == methods_.end() ? nullptr : &*found;
}

std::optional<Response> MethodTable::answer(Call const& call) const
{
    if (find(call.method) == nullptr)
        return unknown_method(call.method);
    if (call.method == "system.listMethods") {
        Array names;
        for (Method const& method : methods_)
            names.emplace_back(method.name);
        return Response(Value(std::move(names)));
    }
    if (call.method == "system.getCapabilities") {
        Struct capabilities;
        for (Capability const& each : capabilities_)
            capabilities.emplace_back(each.name, Struct{Member("specUrl", each.spec_url), Member("specVersion", each.spec_version)});
        return Response(Value(std::move(capabilities)));
    }
    bool const asks_signature = call.method == "system.methodSignature";
    if (!asks_signature && call.method != "system.methodHelp")
        return std::nullopt;
    if (call.params.size() != 1 || call.params[0].string() == nullptr)
        return Response(Fault(fault_code::invalid_params, "The parameter is the name of a method."));
    Method const* const method = find(*call.params[0].string());
    if (method == nullptr)
        return unknown_method(*call.params[0].string());
    return Response(asks_signature ? signatures_of(*method) : Value(method->help));
}

bool is_multicall(Call const& call) { return call.method == multicall; }

Result<std::vector<std::variant<Call, Fault>>> calls_of_multicall(Call const& call)
{
    Array const* const array = call.params.size() == 1 ? call.params[0].array() : nullptr;
    if (array == nullptr)
        return failure(ErrorCode::Refused, "the parameter of a multicall is one array");
    if (array->size() > multicall_calls_max)
        return failure(ErrorCode::TooLarge, fmt::format("a multicall holds at most {} calls", multicall_calls_max));
    std::vector<std::variant<Call, Fault>> calls;
    for (Value const& each : *array)
        calls.push_back(call_of(each));
    return calls;
}

Value multicall_result(std::vector<Response> const& responses)
{
    Array results;
    for (Response const& response : responses) {
        if (auto const* const fault = std::get_if<Fault>(&response))
            results.emplace_back(Struct{Member("faultCode", fault->code), Member("faultString", fault->text)});
        else
            results.emplace_back(Array{std::get<Value>(response)});
    }
    return results;
}

}  // namespace backtalk::xmlrpc
