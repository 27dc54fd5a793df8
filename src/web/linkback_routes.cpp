#include <algorithm>

#include <fmt/format.h>

#include "app/addresses.h"
#include "async/completion.h"
#include "base/text.h"
#include "http/form.h"
#include "http/negotiation.h"
#include "pingback/fault.h"
#include "pingback/message.h"
#include "web/response_headers.h"
#include "web/routes.h"
#include "webmention/message.h"
#include "webmention/status.h"

// The doors of Webmention and Pingback, and of other people's sites.
namespace backtalk::web {

namespace {

enum class Reader { Person, Json, Text };

/// Browsers ask for HTML by name, and only browsers do; programs that want JSON say so.
Reader reader_of(std::string_view accept)
{
    int const html = http::quality_of(accept, "text/html");
    int const json = http::quality_of(accept, "application/json");
    if (html > 0 && html >= json)
        return Reader::Person;
    return json > 0 ? Reader::Json : Reader::Text;
}

http::Response json(int status, std::string body)
{
    http::Response response(status, std::string(webmention::json_content_type), std::move(body));
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("X-Content-Type-Options", "nosniff");
    return response;
}

http::Response xml(xmlrpc::Response const& answer, int status = 200)
{
    http::Response response(status, std::string(xmlrpc::xml_content_type), xmlrpc::write(answer));
    response.headers.set("X-Content-Type-Options", "nosniff");
    return response;
}

PingSenderAddress sender_of(http::Request const& request) { return {request.peer.str(), request.peer.subscriber()}; }

struct WebmentionRefusal {
    int status;
    std::string_view error;  ///< As webmention.io names it.
};

WebmentionRefusal refusal_of(WebmentionReceipt::Outcome outcome)
{
    using enum WebmentionReceipt::Outcome;
    switch (outcome) {
    case Accepted: break;
    case UnknownTarget:
    case TakesNone: return {400, "invalid_target"};
    case OwnPage: return {400, "invalid_request"};
    case Throttled: return {429, "rate_limit_exceeded"};
    case Unavailable: return {503, "server_error"};
    case Internal: return {500, "server_error"};
    }
    return {500, "server_error"};
}

/// What is wrong with a request that no door got to see.
std::string_view sentence_of(int status)
{
    switch (status) {
    case 408: return "The request did not come in time.";
    case 413: return "The request is too large.";
    case 503: return "Too much is going on here. Please try again later.";
    default: return "The request cannot be read.";
    }
}

/// How a ping stands, in the words that programs know from webmention.io.
webmention::Status status_of(Ping const& ping, std::optional<StoredMention> const& mention)
{
    using enum webmention::Status;
    if (mention && mention->state == MentionState::Gone)
        return Deleted;
    switch (ping.state) {
    case PingState::Queued: return Pending;
    case PingState::Verified: return Success;
    case PingState::Refused: break;
    }
    auto const says = [&](std::string_view words) { return ping.reason.find(words) != std::string::npos; };
    if (says("does not link"))
        return NoLinkFound;
    if (says("more than") && says(" redirects"))
        return TooManyRedirects;
    if (says("the target"))
        return TargetNotFound;
    if (says("neither HTML"))
        return InvalidContent;
    if (says("timed out") || says("too long"))
        return Timeout;
    return InvalidSource;
}

/// What was sent as a page may show it, whatever it holds.
std::string shown_text(std::string_view sent) { return cut_at_word(without_controls(repaired_utf8(trimmed(sent))), 2000); }

std::string shown_field(FormFields const& form, std::string_view name)
{
    auto const field = std::find_if(form.begin(), form.end(), [&](auto const& each) { return each.first == name; });
    return field == form.end() ? std::string() : shown_text(field->second);
}

PingStanding::State standing_of(Ping const& ping, std::optional<StoredMention> const& mention)
{
    if (ping.state == PingState::Queued)
        return PingStanding::State::Waiting;
    if (mention && mention->state == MentionState::Gone)
        return PingStanding::State::Withdrawn;
    if (ping.state == PingState::Refused || !mention)
        return PingStanding::State::Refused;
    switch (mention->state) {
    case MentionState::Published: return PingStanding::State::Listed;
    case MentionState::Held: return PingStanding::State::Held;
    case MentionState::Gone:
    case MentionState::Spam:
    case MentionState::Deleted: break;
    }
    return PingStanding::State::NotListed;
}

xmlrpc::MethodTable const& methods()
{
    static xmlrpc::MethodTable const table({pingback::ping_method()}, {pingback::capability()});
    return table;
}

}  // namespace

http::Response Routes::uncached(http::Response page)
{
    add_page_headers(page.headers);
    page.headers.set("Cache-Control", "no-store");
    return page;
}

http::Response Routes::notice(SitePtr const& site, int status, std::string_view heading, std::string_view message)
{
    return uncached(site ? pages_.error(*site, status, heading, message) : http::text(status, fmt::format("{}\n{}\n", heading, message)));
}

http::Response Routes::announced_page(SitePtr const& site, Announced announced)
{
    if (!site) {
        return uncached(http::text(announced.status,
            announced.accepted ? fmt::format("The Webmention was accepted.\nHow it stands: {}\n", announced.status_url)
                               : fmt::format("The Webmention was not accepted.\n{}\n", announced.reason)));
    }
    if (auto const target = Url::parse(announced.target); target && site->base.contains(*target)) {
        auto const owner = entry_at(store_, *site, *target);
        if (owner && owner->has_value() && has_page((**owner).status))
            if (auto entry = store_.entry((**owner).entry))
                announced.entry = *std::move(entry);
    }
    return uncached(pages_.announced(*site, announced));
}

Task<http::Response> Routes::answer_endpoint(http::Request request, SitePtr site, std::string path)
{
    bool const reads = request.method == http::Method::Get || request.method == http::Method::Head;
    bool const posts = request.method == http::Method::Post;
    if (path.starts_with("webmention/") && reads)
        co_return co_await webmention_status(std::move(request), std::move(site), path.substr(11));
    if (path == "webmention" && posts)
        co_return co_await receive_webmention(std::move(request), std::move(site));
    if (path.starts_with("xmlrpc") && posts)
        co_return co_await receive_xmlrpc(std::move(request));
    if (path == "trackback" && posts)
        co_return co_await receive_external_trackback(std::move(request));
    co_await resume_on(work_);
    if (MentionApi::is_address(path))
        co_return mention_api_.answer(request, path);
    if (!reads) {
        http::Response response = notice(site, 405, "That cannot be done here", "This address takes pings by POST.");
        response.headers.set("Allow", path.starts_with("webmention/") ? "GET, HEAD, OPTIONS" : "POST, OPTIONS");
        co_return response;
    }
    if (!site)
        co_return http::text(200, "This address takes pings by POST.\n");
    Endpoint const endpoint = path == "webmention" ? Endpoint::Webmention
        : path.starts_with("xmlrpc")               ? Endpoint::Xmlrpc
                                                   : Endpoint::ExternalTrackback;
    http::Response page = pages_.endpoint(*site, endpoint);
    add_page_headers(page.headers);
    page.headers.set("Cache-Control", "public, max-age=3600");
    co_return page;
}

std::optional<http::Response> Routes::refused_linkback(http::RequestHead const& head, int status)
{
    std::string_view const door = head.path.substr(head.path.rfind('/') + 1);
    std::string_view const sentence = sentence_of(status);
    if (door == "xmlrpc" || door == "xmlrpc.php")
        return xml(xmlrpc::Fault(static_cast<int>(pingback::FaultCode::Unknown), std::string(sentence)), status);
    if (door != "webmention")
        return std::nullopt;
    if (reader_of(head.find("accept").value_or("")) != Reader::Json)
        return http::text(status, webmention::error_text(sentence));
    return json(status, webmention::error_json(status >= 500 ? "server_error" : "invalid_request", sentence));
}

Task<http::Response> Routes::receive_webmention(http::Request request, SitePtr site)
{
    Reader const reader = reader_of(request.headers.get("Accept").value_or(""));
    Announced announced(false);
    auto const answer = [&](int status, std::string_view error, std::string_view sentence) {
        announced.status = status;
        announced.reason = sentence;
        http::Response response = reader == Reader::Person ? announced_page(site, announced)
            : reader == Reader::Json                       ? json(status, webmention::error_json(error, sentence))
                                                           : http::text(status, webmention::error_text(sentence));
        if (status == 429 || status == 503)
            response.headers.set("Retry-After", "60");
        return response;
    };
    Result<FormFields> const form = http::read_form(request.headers.get("Content-Type").value_or(""), request.body);
    Result<webmention::Notification> notification =
        form ? webmention::read_notification(*form) : failure(ErrorCode::Malformed, "The request holds no form with source and target.");
    if (form) {
        announced.source = shown_field(*form, "source");
        announced.target = shown_field(*form, "target");
    }
    if (!notification) {
        if (reader == Reader::Person)
            co_await resume_on(work_);
        co_return answer(400, "invalid_request", notification.error().text);
    }
    std::string const source = notification->source_as_received;
    std::string const target = notification->target_as_received;
    WebmentionReceipt const receipt = co_await receiver_.webmention(*std::move(notification), sender_of(request));
    if (reader == Reader::Person)
        co_await resume_on(work_);
    if (receipt.outcome != WebmentionReceipt::Outcome::Accepted) {
        WebmentionRefusal const refusal = refusal_of(receipt.outcome);
        co_return answer(refusal.status, refusal.error, receipt.message);
    }
    // Of external sites, which name this server as they like: beside the endpoint, wherever it was reached.
    std::string const location = site ? site->base.at("webmention/" + receipt.status_key).str() : request.path + "/" + receipt.status_key;
    announced.accepted = true;
    announced.status = 201;
    announced.status_url = location;
    http::Response response = reader == Reader::Person ? announced_page(site, announced)
        : reader == Reader::Json                       ? json(201, webmention::queued_json(location, source, target))
                                                       : http::text(201, webmention::queued_text(location));
    response.headers.set("Location", location);
    co_return response;
}

Task<http::Response> Routes::webmention_status(http::Request request, SitePtr site, std::string key)
{
    Reader const reader = reader_of(request.headers.get("Accept").value_or(""));
    Result<std::optional<Ping>> const ping = store_.ping_by_status_key(key);
    if (!ping)
        co_return notice(site, 503, "Something is out of order", "Please try again in a while.");
    if (!ping->has_value()) {
        constexpr std::string_view sentence = "No Webmention has this status address.";
        co_return reader == Reader::Person ? notice(site, 404, "Nothing is here", sentence)
                                           : json(404, webmention::error_json("not_found", sentence));
    }
    std::optional<StoredMention> mention;
    if ((*ping)->mention)
        if (auto found = store_.mention(*(*ping)->mention))
            mention = *std::move(found);
    webmention::StatusReport report;
    report.status = status_of(**ping, mention);
    report.source = (*ping)->source_as_received;
    report.target = (*ping)->target_as_received;
    report.location = site ? site->base.at("webmention/" + key).str() : request.path;
    if (!(*ping)->reason.empty())
        report.summary = (*ping)->reason;
    if (mention && mention->state == MentionState::Held)
        report.summary = "The source links to the target. It waits for the owner of the site to publish it.";
    if (reader != Reader::Person)
        co_return json(200, webmention::status_json(report));
    PingStanding standing(standing_of(**ping, mention));
    // What the owner decided needs no reason; what the page did wrong does, and what is tried again.
    if (standing.state == PingStanding::State::Refused || standing.state == PingStanding::State::Waiting)
        standing.reason = (*ping)->reason;
    if (!site)
        co_return uncached(http::text(200,
            fmt::format("{}: {}\n", webmention::to_word(report.status),
                report.summary.empty() ? webmention::summary_of(report.status) : std::string_view(report.summary))));
    standing.source = shown_text(report.source);
    standing.target = shown_text(report.target);
    standing.status_url = report.location;
    standing.mention = std::move(mention);
    standing.received = (*ping)->received;
    co_return uncached(pages_.status(*site, standing));
}

Task<xmlrpc::Response> Routes::call_method(xmlrpc::Call call, PingSenderAddress sender)
{
    if (auto answer = methods().answer(call))
        co_return *std::move(answer);
    auto claim = pingback::read_ping(call);
    if (!claim)
        co_return claim.error();
    PingbackReceipt receipt = co_await receiver_.pingback(*std::move(claim), std::move(sender));
    if (!receipt)
        co_return receipt.error();
    co_return xmlrpc::Value(*std::move(receipt));
}

Task<http::Response> Routes::receive_xmlrpc(http::Request request)
{
    Result<xmlrpc::Call> call = xmlrpc::read_call(request.body, request.headers.get("Content-Type").value_or(""));
    if (!call)
        co_return xml(xmlrpc::fault_of(call.error()));
    PingSenderAddress const sender = sender_of(request);
    if (!xmlrpc::is_multicall(*call))
        co_return xml(co_await call_method(*std::move(call), sender));
    auto calls = xmlrpc::calls_of_multicall(*call);
    if (!calls)
        co_return xml(xmlrpc::fault_of(calls.error()));
    std::vector<xmlrpc::Response> answers;
    for (auto& each : *calls) {
        if (auto* const fault = std::get_if<xmlrpc::Fault>(&each)) {
            answers.emplace_back(*fault);
        } else {
            xmlrpc::Response answer = co_await call_method(std::get<xmlrpc::Call>(std::move(each)), sender);
            answers.push_back(std::move(answer));
        }
    }
    co_return xml(xmlrpc::multicall_result(answers));
}

}  // namespace backtalk::web
