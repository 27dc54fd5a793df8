#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "markup/xml_text.h"
#include "xmlrpc/base64.h"
#include "xmlrpc/message.h"

namespace backtalk::xmlrpc {

namespace {

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// XML-RPC has no exponents, no infinities and no NaN; the latter become 0.
std::string decimal(double number)
{
    std::array<char, 400> digits;  // The smallest double has 324 of them.
    auto const end =
        std::to_chars(digits.data(), digits.data() + digits.size(), std::isfinite(number) ? number : 0, std::chars_format::fixed);
    std::string text(digits.data(), end.ptr);
    return text.find('.') == std::string::npos ? text + ".0" : text;
}

void append_value(std::string& out, Value const& value);

void append_array(std::string& out, Array const& array)
{
    out += "<array><data>";
    for (Value const& each : array)
        append_value(out, each);
    out += "</data></array>";
}

void append_struct(std::string& out, Struct const& members)
{
    out += "<struct>";
    for (Member const& member : members) {
        out += "<member><name>";
        append_xml_text(out, member.name);
        out += "</name>";
        append_value(out, member.value);
        out += "</member>";
    }
    out += "</struct>";
}

/// As deep as the value is: one of ours, or one that was read, and that is not deep.
void append_value(std::string& out, Value const& value)
{
    out += "<value>";
    if (auto const* const text = value.string()) {
        out += "<string>";
        append_xml_text(out, *text);
        out += "</string>";
    } else if (auto const* const number = value.integer()) {
        bool const is_short = *number >= std::numeric_limits<std::int32_t>::min() && *number <= std::numeric_limits<std::int32_t>::max();
        out += is_short ? fmt::format("<int>{}</int>", *number) : fmt::format("<i8>{}</i8>", *number);
    } else if (auto const* const truth = value.boolean()) {
        out += *truth ? "<boolean>1</boolean>" : "<boolean>0</boolean>";
    } else if (auto const* const real = value.real()) {
        out += "<double>" + decimal(*real) + "</double>";
    } else if (auto const* const time = value.date_time()) {
        CivilTime const& t = time->time;
        out += fmt::format(
            "<dateTime.iso8601>{:04}{:02}{:02}T{:02}:{:02}:{:02}</dateTime.iso8601>", t.year, t.month, t.day, t.hour, t.minute, t.second);
    } else if (auto const* const binary = value.binary()) {
        out += "<base64>" + to_base64(binary->bytes) + "</base64>";
    } else if (auto const* const array = value.array()) {
        append_array(out, *array);
    } else if (auto const* const members = value.structure()) {
        append_struct(out, *members);
    } else {
        out += "<nil/>";
    }
    out += "</value>";
}

}  // namespace

std::string write_call(Call const& call)
{
    std::string out(declaration);
    out += "<methodCall>\n<methodName>";
    append_xml_text(out, call.method);
    out += "</methodName>\n<params>\n";
    for (Value const& param : call.params) {
        out += "<param>";
        append_value(out, param);
        out += "</param>\n";
    }
    out += "</params>\n</methodCall>\n";
    return out;
}

std::string write_response(Value const& value)
{
    std::string out(declaration);
    out += "<methodResponse>\n<params>\n<param>";
    append_value(out, value);
    out += "</param>\n</params>\n</methodResponse>\n";
    return out;
}

std::string write_fault(int code, std::string_view text)
{
    std::string out(declaration);
    out += "<methodResponse>\n<fault>";
    append_value(out, Struct{Member("faultCode", code), Member("faultString", text)});
    out += "</fault>\n</methodResponse>\n";
    return out;
}

std::string write(Response const& response)
{
    if (auto const* const fault = std::get_if<Fault>(&response))
        return write_fault(fault->code, fault->text);
    return write_response(std::get<Value>(response));
}

}  // namespace backtalk::xmlrpc
