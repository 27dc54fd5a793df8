#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "xmlrpc/value.h"

namespace backtalk::xmlrpc {

/// What every message carries as Content-Type. Faults travel with HTTP status 200.
inline constexpr std::string_view xml_content_type = "text/xml; charset=utf-8";

struct Call {
    Call() = default;
    explicit Call(std::string the_method, Array the_params = {}) : method(std::move(the_method)), params(std::move(the_params)) { }

    std::string method;
    Array params;
};

/// An answer that says no.
struct Fault {
    Fault(int the_code, std::string the_text) : code(the_code), text(std::move(the_text)) { }

    int code;
    std::string text;  ///< For people.

    bool operator==(Fault const&) const = default;
};

/// What a call comes to.
using Response = std::variant<Value, Fault>;

/// Codes for what goes wrong before a method is asked.
/// Spec: "Specification for Fault Code Interoperability" of 2001
namespace fault_code {
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;
}  // namespace fault_code

/// Reads a call. Charset: a byte order mark, else that of `content_type`, else of the XML declaration; UTF-8 before all of
/// them where the bytes are UTF-8. No document type declaration is accepted, so there are no entities to expand.
///
/// Limits: elements 32 deep, 100 parameters, a method name of 200 bytes of A-Z a-z 0-9 _ . : /. The size of the body is the caller's.
/// Errors: Malformed (not XML), Refused (XML, but not a call), TooLarge (over a limit); fault_of() has the answer to them.
Result<Call> read_call(std::string_view body, std::string_view content_type = {});

/// Reads the answer to a call; charset and limits as above. A fault without a code that is a number has the code 0.
///
/// Errors: Malformed (not XML, an HTML page, no response in it), TooLarge (over a limit).
Result<Response> read_response(std::string_view body, std::string_view content_type = {});

/// For an error of read_call().
Fault fault_of(Error const& error);

/// Well-formed whatever the values hold: what XML 1.0 cannot say is left out of strings, and ill-formed UTF-8 becomes U+FFFD.
std::string write_call(Call const& call);
std::string write_response(Value const& value);
std::string write_fault(int code, std::string_view text);
std::string write(Response const& response);

}  // namespace backtalk::xmlrpc
