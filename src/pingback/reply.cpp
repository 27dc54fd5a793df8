#include "pingback/reply.h"

#include <variant>

#include <fmt/format.h>

#include "base/text.h"
#include "pingback/fault.h"
#include "xmlrpc/message.h"

namespace backtalk::pingback {

namespace {

constexpr std::size_t message_characters_max = 255;
constexpr std::size_t body_bytes_max = 256 * 1024;

bool is_temporary(int status) { return status == 408 || status == 425 || status == 429 || status >= 500; }

ErrorCode code_of(int status)
{
    if (status == 404)
        return ErrorCode::NotFound;
    if (status == 410)
        return ErrorCode::Gone;
    return is_temporary(status) ? ErrorCode::Unavailable : ErrorCode::Refused;
}

std::string line_of(std::string_view text) { return cut_at_word(without_controls(text), message_characters_max); }

Reply reply_of(xmlrpc::Fault const& fault, int status)
{
    auto const code = fault_code_of(fault.code);
    Reply reply;
    reply.fault_code = fault.code;
    reply.accepted = code == FaultCode::AlreadyRegistered && !is_temporary(status);
    reply.may_pass = !reply.accepted && (code == FaultCode::Upstream || is_temporary(status));
    reply.message = line_of(fault.text);
    if (reply.message.empty())
        reply.message = code && code != FaultCode::Unknown ? std::string(sentence(*code)) : fmt::format("fault {}", fault.code);
    return reply;
}

}  // namespace

Result<Reply> read_reply(int status, std::string_view content_type, std::string_view body)
{
    bool const is_success = status >= 200 && status <= 299;
    Result<xmlrpc::Response> const response =
        body.size() > body_bytes_max ? failure(ErrorCode::TooLarge, "the answer is too large") : xmlrpc::read_response(body, content_type);
    if (response) {
        if (auto const* const fault = std::get_if<xmlrpc::Fault>(&*response))
            return reply_of(*fault, status);
        if (is_success) {
            Reply reply;
            reply.accepted = true;
            if (auto const* const words = std::get<xmlrpc::Value>(*response).string())
                reply.message = line_of(*words);
            return reply;
        }
    }
    if (!is_success)
        return failure(code_of(status), fmt::format("HTTP status {}", status));
    return failure(ErrorCode::Malformed, body.empty() ? "an empty body instead of an XML-RPC response" : response.error().text);
}

}  // namespace backtalk::pingback
