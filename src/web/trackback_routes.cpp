#include <fmt/format.h>

#include "async/completion.h"
#include "http/form.h"
#include "http/negotiation.h"
#include "http/status.h"
#include "trackback/message.h"
#include "web/response_headers.h"
#include "web/routes.h"

namespace backtalk::web {

namespace {

http::Response xml(trackback::Answer answer)
{
    http::Response response(answer.status, trackback::xml_content_type, std::move(answer.body));
    if (answer.status == 403 || answer.status == 429 || answer.status == 503)
        response.headers.set("Retry-After", "60");
    response.headers.set("X-Content-Type-Options", "nosniff");
    return response;
}

/// A person at the form, and not a program: browsers ask for HTML by name, and only browsers do.
bool is_person(http::Request const& request) { return http::quality_of(request.headers.get("Accept").value_or(""), "text/html") > 0; }

}  // namespace

Task<http::Response> Routes::receive_trackback(Visit visit, PingDoor door)
{
    if (visit.request.method != http::Method::Post)
        co_return xml(trackback::refused(trackback::Refusal::NotPost));
    TrackbackRequest ping(visit.site, std::move(door));
    ping.content_type = visit.request.headers.get("Content-Type").value_or("");
    Result<FormFields> form = http::read_form(ping.content_type, visit.request.body);
    if (!form)
        co_return xml(trackback::refused(trackback::Refusal::Malformed));
    ping.form = *std::move(form);
    // Parameters may come in the query too, as Movable Type's did; what the body says goes first.
    for (auto& field : parse_form(visit.request.query))
        ping.form.push_back(std::move(field));
    if (ping.door.subject.empty() && ping.door.by == PingDoor::By::TrackbackId)
        for (auto const& [name, value] : ping.form)
            if (name == "tb_id")
                ping.door.subject = value;
    ping.target =
        std::string(visit.site->base.url().origin()) + visit.request.path + (visit.request.query.empty() ? "" : "?" + visit.request.query);
    ping.sender = visit.request.peer.str();
    ping.sender_key = visit.request.peer.subscriber();
    bool const person = is_person(visit.request) && visit.site->kind == SiteKind::Hosted;
    TrackbackReceipt receipt = co_await receiver_.trackback(std::move(ping));
    if (!person || !receipt.entry)
        co_return xml(std::move(receipt.answer));
    co_await resume_on(work_);
    Result<std::optional<Entry>> const entry = store_.entry(*receipt.entry);
    if (!entry || !entry->has_value())
        co_return xml(std::move(receipt.answer));
    Announced announced(receipt.accepted);
    announced.protocol = "TrackBack";
    announced.reason = receipt.message;
    announced.source = receipt.source;
    announced.entry = *entry;
    http::Response page = pages_.announced(*visit.site, announced);
    add_page_headers(page.headers);
    page.headers.set("Cache-Control", "no-store");
    co_return page;
}

Task<http::Response> Routes::receive_external_trackback(http::Request request)
{
    std::string address;
    for (auto const& [name, value] : parse_form(request.query))
        if (name == "target" && address.empty())
            address = value;
    Result<Url> const target = Url::parse(address);
    SitePtr site = target ? sites_.find_holding(target->without_fragment()) : nullptr;
    std::optional<PingDoor> door = site ? door_of_page(*site, target->without_fragment()) : std::nullopt;
    if (!door)
        co_return xml(trackback::refused(trackback::Refusal::UnknownId, address));
    Visit visit(std::move(request), std::move(site), "trackback");
    co_return co_await receive_trackback(std::move(visit), *std::move(door));
}

http::Response Routes::refuse(http::RequestHead const* head, int status)
{
    if (head && head->method == http::Method::Post) {
        // The path as sent is enough to know the form of the answer; which entry was meant does not matter any more.
        std::string_view const path = head->path.starts_with('/') ? head->path.substr(1) : head->path;
        bool const at_ping_url = ping_door(path, head->query) || path.find("/trackback") != std::string_view::npos ||
            path.find(".cgi") != std::string_view::npos;
        if (at_ping_url) {
            trackback::Refusal const reason = status == 413 ? trackback::Refusal::TooLarge
                : status == 503                             ? trackback::Refusal::Overloaded
                                                            : trackback::Refusal::Malformed;
            trackback::Answer answer = trackback::refused(reason);
            answer.status = status;
            return xml(std::move(answer));
        }
        if (auto answer = refused_linkback(*head, status))
            return *std::move(answer);
    }
    return http::text(status, fmt::format("{} {}\n", status, http::reason_phrase(status)));
}

}  // namespace backtalk::web
