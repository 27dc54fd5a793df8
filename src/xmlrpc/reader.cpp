#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "xmlrpc/base64.h"
#include "xmlrpc/document.h"
#include "xmlrpc/message.h"

namespace backtalk::xmlrpc {

namespace {

constexpr std::size_t params_max = 100;
constexpr std::size_t method_bytes_max = 200;

std::string_view name_of(pugi::xml_node node) { return node.name(); }

/// Text may come in several runs, around comments and CDATA. References to what is no character become U+FFFD.
std::string text_of(pugi::xml_node node)
{
    std::string text;
    for (pugi::xml_node const child : node.children())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
            text += child.value();
    return is_valid_utf8(text) ? text : repaired_utf8(text);
}

pugi::xml_node first_element(pugi::xml_node node)
{
    return node.find_child([](pugi::xml_node child) { return child.type() == pugi::node_element; });
}

std::unexpected<Error> malformed(std::string_view type, std::string_view text)
{
    return failure(ErrorCode::Refused, fmt::format("\"{}\" is no {}", cut_at_word(without_controls(text), 40), type));
}

Result<Value> read_integer(std::string_view type, std::string_view text)
{
    std::string_view digits = trimmed(text);
    if (digits.starts_with('+') && digits.size() > 1 && is_ascii_digit(digits[1]))
        digits.remove_prefix(1);
    auto const number = parse_integer<std::int64_t>(digits);
    bool const is_long = type == "i8";
    if (!number || (!is_long && (*number < std::numeric_limits<std::int32_t>::min() || *number > std::numeric_limits<std::int32_t>::max())))
        return malformed(type, text);
    return Value(*number);
}

Result<Value> read_double(std::string_view text)
{
    std::string_view digits = trimmed(text);
    if (digits.starts_with('+') && digits.size() > 1 && digits[1] != '-')
        digits.remove_prefix(1);
    double number = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(number))
        return malformed("double", text);
    return Value(number);
}

Result<Value> read_boolean(std::string_view text)
{
    std::string_view const word = trimmed(text);
    if (word == "1" || equal_ignoring_case(word, "true"))
        return Value(true);
    if (word == "0" || equal_ignoring_case(word, "false"))
        return Value(false);
    return malformed("boolean", text);
}

/// "20070308T06:41:11" and its relatives with hyphens or a zone.
Result<Value> read_date_time(std::string_view text)
{
    std::string stamp(trimmed(text));
    bool const is_compact = stamp.size() >= 9 && std::all_of(stamp.begin(), stamp.begin() + 8, is_ascii_digit) && stamp[8] == 'T';
    if (is_compact)
        stamp.insert(6, "-").insert(4, "-");
    auto const zoned = parse_rfc3339(stamp);
    CivilTime const time = zoned ? civil_time(zoned->instant) : CivilTime();
    if (!zoned || time.year < 0 || time.year > 9999)
        return malformed("dateTime.iso8601", text);
    return Value(DateTime{time});
}

Result<Value> read_value(pugi::xml_node node);

Result<Value> read_array(pugi::xml_node node)
{
    Array array;
    for (pugi::xml_node const each : node.child("data").children("value")) {
        TRY(Value value, read_value(each));
        array.push_back(std::move(value));
    }
    return Value(std::move(array));
}

Result<Value> read_struct(pugi::xml_node node)
{
    Struct members;
    for (pugi::xml_node const member : node.children("member")) {
        TRY(Value value, read_value(member.child("value")));
        members.emplace_back(text_of(member.child("name")), std::move(value));
    }
    return Value(std::move(members));
}

/// No deeper than load() let the document be.
Result<Value> read_value(pugi::xml_node node)
{
    if (!node)
        return failure(ErrorCode::Refused, "a value is missing");
    pugi::xml_node const content = first_element(node);
    if (!content)
        return Value(text_of(node));
    std::string_view type = name_of(content);
    // Apache's extensions stand in a namespace of their own.
    if (type.starts_with("ex:"))
        type.remove_prefix(3);
    if (type == "string")
        return Value(text_of(content));
    if (type == "int" || type == "i4" || type == "i8")
        return read_integer(type, text_of(content));
    if (type == "boolean")
        return read_boolean(text_of(content));
    if (type == "double")
        return read_double(text_of(content));
    if (type == "dateTime.iso8601")
        return read_date_time(text_of(content));
    if (type == "base64") {
        auto bytes = from_base64(text_of(content));
        if (!bytes)
            return malformed("base64", text_of(content));
        return Value(Binary{*std::move(bytes)});
    }
    if (type == "array")
        return read_array(content);
    if (type == "struct")
        return read_struct(content);
    if (type == "nil")
        return Value(Nil());
    return failure(ErrorCode::Refused, fmt::format("\"{}\" is no type", cut_at_word(without_controls(repaired_utf8(type)), 40)));
}

bool is_method_name(std::string_view name)
{
    auto const fits = [](char c) { return is_ascii_alnum(c) || c == '_' || c == '.' || c == ':' || c == '/'; };
    return !name.empty() && std::all_of(name.begin(), name.end(), fits);
}

Fault read_fault(Value const& value)
{
    Value const* const code = value.member("faultCode");
    Value const* const text = value.member("faultString");
    int number = 0;
    if (code != nullptr && code->integer() != nullptr)
        number =
            static_cast<int>(std::clamp<std::int64_t>(*code->integer(), std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
    else if (code != nullptr && code->string() != nullptr)
        number = parse_integer<int>(trimmed(*code->string())).value_or(0);
    return {number, text != nullptr && text->string() != nullptr ? *text->string() : std::string()};
}

}  // namespace

Result<Call> read_call(std::string_view body, std::string_view content_type)
{
    pugi::xml_document document;
    TRY_DONE(load(document, body, content_type));
    pugi::xml_node const root = document.document_element();
    if (name_of(root) != "methodCall")
        return failure(ErrorCode::Refused, "not a methodCall");
    std::string const method = text_of(root.child("methodName"));
    Call call{std::string(trimmed(method))};
    if (call.method.size() > method_bytes_max)
        return failure(ErrorCode::TooLarge, "the method name is too long");
    if (!is_method_name(call.method))
        return failure(ErrorCode::Refused, "the method name is missing or impossible");
    for (pugi::xml_node const param : root.child("params").children("param")) {
        if (call.params.size() >= params_max)
            return failure(ErrorCode::TooLarge, fmt::format("more than {} parameters", params_max));
        TRY(Value value, read_value(param.child("value")));
        call.params.push_back(std::move(value));
    }
    return call;
}

Result<Response> read_response(std::string_view body, std::string_view content_type)
{
    pugi::xml_document document;
    if (auto const loaded = load(document, body, content_type); !loaded)
        return failure(loaded.error().code == ErrorCode::TooLarge ? ErrorCode::TooLarge : ErrorCode::Malformed, loaded.error().text);
    pugi::xml_node const root = document.document_element();
    if (name_of(root) != "methodResponse")
        return failure(ErrorCode::Malformed, "the answer is no XML-RPC response");
    pugi::xml_node const fault = root.child("fault");
    auto value = read_value(fault ? fault.child("value") : root.child("params").child("param").child("value"));
    if (!value)
        return failure(ErrorCode::Malformed, value.error().text);
    if (fault)
        return Response(read_fault(*value));
    return Response(*std::move(value));
}

Fault fault_of(Error const& error)
{
    switch (error.code) {
    case ErrorCode::Malformed: return {fault_code::parse_error, "This is not a call that can be read: " + error.text};
    case ErrorCode::Refused:
    case ErrorCode::TooLarge: return {fault_code::invalid_request, "This is not a call that can be read: " + error.text};
    case ErrorCode::NotFound:
    case ErrorCode::Gone:
    case ErrorCode::Conflict:
    case ErrorCode::Timeout:
    case ErrorCode::Busy:
    case ErrorCode::Unavailable:
    case ErrorCode::Internal: break;
    }
    return {fault_code::internal_error, "An internal error occurred."};
}

}  // namespace backtalk::xmlrpc
