#include "pingback/message.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "pingback/fault.h"

namespace backtalk::pingback {

namespace {

constexpr std::size_t url_bytes_max = 2000;

std::optional<Url> read_url(std::string_view text)
{
    bool const is_impossible = std::any_of(text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F' || c == '"' || c == '<' || c == '>' || c == '\\'; });
    bool const is_web = starts_with_ignoring_case(text, "http://") || starts_with_ignoring_case(text, "https://");
    if (is_impossible || !is_web || text.size() > url_bytes_max)
        return std::nullopt;
    auto url = Url::parse(text);
    return url && !url->has_credentials() ? std::optional(*std::move(url)) : std::nullopt;
}

std::unexpected<xmlrpc::Fault> refused(int code, std::string_view text)
{
    return std::unexpected<xmlrpc::Fault>(std::in_place, code, std::string(text));
}

}  // namespace

std::expected<Claim, xmlrpc::Fault> read_ping(xmlrpc::Call const& call)
{
    if (call.params.size() < 2 || call.params[0].string() == nullptr || call.params[1].string() == nullptr)
        return refused(xmlrpc::fault_code::invalid_params, "The parameters are two strings: the source and the target.");
    std::string_view const source_text = trimmed(*call.params[0].string());
    std::string_view const target_text = trimmed(*call.params[1].string());
    auto source = read_url(source_text);
    if (!source)
        return refused(static_cast<int>(FaultCode::SourceNotFound), "The source is not an http or https URL.");
    auto target = read_url(target_text);
    if (!target)
        return refused(static_cast<int>(FaultCode::TargetUnusable), "The target is not an http or https URL.");
    if (source->without_fragment() == target->without_fragment())
        return refused(static_cast<int>(FaultCode::TargetUnusable), "The source and the target are the same page.");
    Claim claim(*std::move(source), *std::move(target));
    claim.source_as_received = source_text;
    claim.target_as_received = target_text;
    return claim;
}

std::string write_ping(std::string_view source, std::string_view target)
{
    return xmlrpc::write_call(xmlrpc::Call(std::string(method_name), {source, target}));
}

xmlrpc::Method ping_method()
{
    return {std::string(method_name), {{"string", "string", "string"}},
        "Says that the page of the first URL links to the page of the second. Answers with a sentence, or with a fault."};
}

xmlrpc::Capability capability() { return {"pingback", "http://www.hixie.ch/specs/pingback/pingback", 1}; }

}  // namespace backtalk::pingback
