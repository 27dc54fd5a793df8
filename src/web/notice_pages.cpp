#include <fmt/format.h>

#include "url/url.h"
#include "web/page_models.h"
#include "web/pages.h"
#include "web/sentence.h"

// Pages that answer one request and are not kept: what became of an announcement, what an endpoint is, what is not here.
namespace backtalk::web {

namespace {

View& fill_head(View& page, PageSchema const& fields, Site const& site, Theme const& theme, std::string_view title)
{
    page.set(fields.site, site_view(site, theme));
    return page.make(fields.head).set(schema<HeadSchema>().title, title).set(schema<HeadSchema>().no_index, true);
}

/// Copies of a page travel without its status. Spec: S14
constexpr std::string_view gone_meta = "<meta http-equiv=\"status\" content=\"410 Gone\">";

std::string_view word_of(PingStanding::State state)
{
    switch (state) {
    case PingStanding::State::Waiting: return "Waiting";
    case PingStanding::State::Listed: return "Listed";
    case PingStanding::State::Held: return "Held";
    case PingStanding::State::NotListed: return "Not listed";
    case PingStanding::State::Withdrawn: return "Withdrawn";
    case PingStanding::State::Refused: return "Refused";
    }
    return {};
}

std::string_view sentence_of(PingStanding::State state)
{
    switch (state) {
    case PingStanding::State::Waiting: return "Your page has not been read yet. That is usually done within a minute.";
    case PingStanding::State::Listed: return "Your page was read, links to the entry, and is listed under it.";
    case PingStanding::State::Held: return "Your page was read and links to the entry. The owner of this site has yet to publish it.";
    case PingStanding::State::NotListed: return "Your page was read and links to the entry. The owner of this site does not list it.";
    case PingStanding::State::Withdrawn: return "Your page was listed once. It has since been deleted, or no longer links to the entry.";
    case PingStanding::State::Refused: return "Your page was not accepted.";
    }
    return {};
}

}  // namespace

http::Response Pages::announced(Site const& site, Announced const& announced)
{
    auto const& fields = schema<AnnouncedPageSchema>();
    View view(fields);
    fill_head(view, fields, site, theme_, announced.accepted ? "Announced" : "Not accepted");
    view.set(fields.accepted, announced.accepted).set(fields.protocol, announced.protocol);
    view.set(fields.reason, as_sentence(announced.reason)).set(fields.source, announced.source);
    view.set(fields.status_url, announced.status_url);
    if (announced.entry) {
        std::string const address = permalink(site, *announced.entry).str();
        view.set(fields.entry_title, announced.entry->title).set(fields.entry_url, address);
        view.set(fields.trackback_url, ping_url(site, *announced.entry).str());
        if (announced.entry->takes_pings)
            view.set(fields.announce_url, local_path(site, "webmention"))
                .set(fields.permalink, address)
                .set(fields.source_typed, announced.source);
    } else {
        view.set(fields.entry_title, announced.target).set(fields.entry_url, announced.target);
    }
    return rendered(PageKind::Announced, view, announced.status);
}

http::Response Pages::status(Site const& site, PingStanding const& standing)
{
    using enum PingStanding::State;
    auto const& fields = schema<StatusPageSchema>();
    View view(fields);
    fill_head(view, fields, site, theme_, fmt::format("{}: a Webmention", word_of(standing.state)));
    view.set(fields.state, word_of(standing.state));
    view.set(fields.is_waiting, standing.state == Waiting).set(fields.is_listed, standing.state == Listed);
    view.set(fields.is_refused, standing.state == Refused);
    std::string reason = standing.reason.empty() ? std::string(sentence_of(standing.state)) : as_sentence(standing.reason);
    if (standing.state == Waiting && !standing.reason.empty())
        reason += " It will be tried again.";
    view.set(fields.reason, std::move(reason));
    view.set(fields.source, standing.source).set(fields.target, standing.target).set(fields.status_url, standing.status_url);
    view.set(fields.received_iso, rfc3339(standing.received)).set(fields.received, long_date(civil_time(standing.received)));
    if (standing.state == Listed && standing.mention)
        if (Result<Url> const target = Url::parse(standing.target))
            view.set(fields.listed_url, fmt::format("{}#ping-{}", target->without_fragment().str(), standing.mention->id.value));
    return rendered(PageKind::Status, view);
}

http::Response Pages::endpoint(Site const& site, Endpoint endpoint)
{
    auto const& fields = schema<EndpointPageSchema>();
    View view(fields);
    std::string_view const title = endpoint == Endpoint::Webmention ? "Webmention endpoint"
        : endpoint == Endpoint::Xmlrpc                              ? "XML-RPC server"
                                                                    : "TrackBack for other sites";
    fill_head(view, fields, site, theme_, title);
    view.set(fields.is_webmention, endpoint == Endpoint::Webmention).set(fields.is_xmlrpc, endpoint == Endpoint::Xmlrpc);
    view.set(fields.is_trackback, endpoint == Endpoint::ExternalTrackback);
    std::string_view const path = endpoint == Endpoint::Webmention ? "webmention" : endpoint == Endpoint::Xmlrpc ? "xmlrpc" : "trackback";
    view.set(fields.address, site.base.at(path).str());
    return rendered(PageKind::Endpoint, view);
}

http::Response Pages::gone(Site const& site, std::optional<Instant> deleted)
{
    auto const& fields = schema<GonePageSchema>();
    View view(fields);
    fill_head(view, fields, site, theme_, "Deleted").set(schema<HeadSchema>().gone_meta, gone_meta);
    if (deleted)
        view.set(fields.date_iso, rfc3339(*deleted)).set(fields.date, long_date(civil_time(*deleted)));
    return rendered(PageKind::Gone, view, 410);
}

http::Response Pages::error(Site const& site, int status, std::string_view heading, std::string_view message)
{
    auto const& fields = schema<ErrorPageSchema>();
    View view(fields);
    fill_head(view, fields, site, theme_, heading);
    view.set(fields.status, status).set(fields.heading, heading).set(fields.message, message);
    view.set(fields.not_found, status == 404).set(fields.gone, status == 410);
    return rendered(PageKind::Error, view, status);
}

}  // namespace backtalk::web
