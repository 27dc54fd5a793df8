#include "web/admin_sites.h"

#include <fmt/format.h>

#include "base/text.h"
#include "url/this_machine.h"
#include "web/admin_desk.h"

namespace backtalk::web {

namespace {

std::string site_path(SiteId id, std::string_view what = "")
{
    return what.empty() ? fmt::format("sites/{}", id.value) : fmt::format("sites/{}/{}", id.value, what);
}

bool is_local(AdminPlace const& place)
{
    auto const origin = Url::parse(place.origin);
    return origin && is_this_machine(origin->host());
}

/// Where the server answers strangers: the name it was reached by, unless only this machine can; then that of a weblog it serves.
AdminPlace public_place(AdminVisit const& visit, SiteDirectory const& sites)
{
    AdminPlace place = visit.place;
    if (!is_local(place))
        return place;
    for (auto const& site : hosted_sites(sites)) {
        Url const& base = site->base.url();
        place.origin = fmt::format("{}://{}", base.scheme(), base.authority());
        place.prefix = site->base.prefix();
        return place;
    }
    return place;
}

/// What the pages of an external site must hold, see docs/external-sites.md.
void add_endpoints(View& view, AdminPlace const& place, Site const& site)
{
    auto const& fields = schema<SitePageSchema>();
    auto const& endpoint = schema<EndpointSchema>();
    std::string const base = place.origin + place.prefix;
    auto const add = [&](std::string_view protocol, std::string_view rel, std::string_view path) {
        View& row = view.add(fields.endpoints).set(endpoint.protocol, protocol);
        row.set(endpoint.markup, fmt::format("<link rel=\"{}\" href=\"{}{}\">", rel, base, path));
    };
    add("Webmention", "webmention", "webmention");
    add("Pingback", "pingback", "xmlrpc");
    add("TrackBack, of the page that it names percent-encoded", "trackback",
        fmt::format("trackback?target={}", percent_encoded(site.base.at("a-page/").str())));
}

void fill_site(View& view, AdminVisit const& visit, Site const& site)
{
    auto const& fields = schema<SitePageSchema>();
    view.set(fields.title, site.title).set(fields.url, site.base.url().str()).set(fields.is_external, site.kind == SiteKind::External);
    view.set(fields.description, site.description).set(fields.author, site.author).set(fields.language, site.language);
    view.set(fields.time_zone, site.time_zone).set(fields.permalink, site.permalink_pattern);
    view.set(fields.feed, site.feed_url).set(fields.feed_minutes, site.feed_minutes).set(fields.feed_minutes_max, feed_minutes_max);
    view.set(fields.has_api_token, !site.api_token.empty()).set(fields.hook, site.hook_url);
    view.set(fields.action, visit.place.at(site_path(site.id))).set(fields.token_url, visit.place.at(site_path(site.id, "token")));
    view.set(fields.hook_url, visit.place.at(site_path(site.id, "hook")));
    view.set(fields.remove_url, visit.place.at(site_path(site.id, "remove"))).set(fields.back_url, visit.place.at("sites"));
}

constexpr std::chrono::seconds time_for_a_test{20};
constexpr std::size_t answer_characters_max = 200;

AdminMessage outcome_of_test(std::string const& receiver, Result<Fetched> const& answer, Instant now)
{
    using enum AdminMessage::Kind;
    if (!answer)
        return AdminMessage(Problem, fmt::format("The test did not get through to {}: {}.", receiver, answer.error().text));
    HookOutcome const outcome = outcome_of_hook_answer(*answer, now);
    std::string const words = cut_at_word(folded_space(without_controls(repaired_utf8(answer->body))), answer_characters_max);
    std::string const said = fmt::format("HTTP {}{}", answer->status, words.empty() ? "" : fmt::format(", “{}”", words));
    switch (outcome.state) {
    case HookState::Delivered: return AdminMessage(Done, fmt::format("A made-up mention was sent to {}, and taken: {}.", receiver, said));
    case HookState::Waiting:
        return AdminMessage(Problem, fmt::format("{} did not take the test, and would be told again later: {}.", receiver, said));
    case HookState::Failed:
    case HookState::Replaced: break;
    }
    return AdminMessage(Problem, fmt::format("{} refused the test for good: {}.", receiver, said));
}

}  // namespace

void AdminSites::add_to(AdminTable& table)
{
    using enum Action;
    table.get("sites", ManageSites, *this, &AdminSites::list);
    table.post("sites", ManageSites, *this, &AdminSites::add);
    table.get("sites/{id}", ManageSites, *this, &AdminSites::show);
    table.post("sites/{id}", ManageSites, *this, &AdminSites::change);
    table.post("sites/{id}/token", ManageSites, *this, &AdminSites::change_token);
    table.post("sites/{id}/hook", ManageSites, *this, &AdminSites::change_hook);
    table.get("sites/{id}/remove", ManageSites, *this, &AdminSites::ask_to_remove);
    table.post("sites/{id}/remove", ManageSites, *this, &AdminSites::remove);
}

Result<AdminSites::Counts> AdminSites::counts_of(Site const& site)
{
    using enum EntryStatus;
    EntryQuery query(site.id);
    query.statuses = {Draft, Scheduled, Published, Unlisted, Deleted};
    InboxFilter filter;
    filter.site = site.id;
    Counts counts;
    TRY(counts.entries, store_.count_entries(query));
    TRY(InboxCounts const mentions, inbox_.inbox_counts(filter));
    counts.mentions = mentions.published;
    counts.held = mentions.held;
    counts.all_mentions = mentions.held + mentions.published + mentions.spam + mentions.gone + mentions.deleted;
    return counts;
}

http::Response AdminSites::list(AdminVisit const& visit)
{
    auto const& fields = schema<SitesPageSchema>();
    auto const& row = schema<SiteRowSchema>();
    View view(fields);
    auto const sites = sites_.all();
    for (auto const& site : sites) {
        Result<Counts> const counts = counts_of(*site);
        if (!counts)
            return frame_.out_of_order(visit, counts.error());
        View& shown = view.add(fields.sites).set(row.title, name_of(*site)).set(row.url, site->base.url().str());
        shown.set(row.is_external, site->kind == SiteKind::External);
        shown.set(row.entries, counts->entries).set(row.mentions, counts->mentions).set(row.held, counts->held);
        shown.set(row.edit_url, visit.place.at(site_path(site->id))).set(row.remove_url, visit.place.at(site_path(site->id, "remove")));
        shown.set(row.entries_url, visit.place.at(fmt::format("entries?site={}", site->id.value)));
        shown.set(row.inbox_url, visit.place.at(fmt::format("inbox?site={}", site->id.value)));
    }
    view.set(fields.is_empty, sites.empty()).set(fields.add_url, visit.place.at("sites"));
    return frame_.page(visit, std::move(view), "Sites");
}

http::Response AdminSites::show(AdminVisit const& visit)
{
    auto const site = sites_.find(SiteId(visit.id()));
    if (!site)
        return frame_.not_found(visit);
    View view(schema<SitePageSchema>());
    fill_site(view, visit, *site);
    if (site->kind == SiteKind::External) {
        AdminPlace const place = public_place(visit, sites_);
        add_endpoints(view, place, *site);
        view.set(schema<SitePageSchema>().is_local_address, is_local(place));
    }
    return frame_.page(visit, std::move(view), name_of(*site));
}

Task<http::Response> AdminSites::kept(
    AdminVisit visit, Result<KeptSite> done, std::string deed, std::string sentence, std::string otherwise)
{
    if (!done)
        co_return frame_.failed(visit, otherwise, done.error());
    Activity activity(visit.actor(), std::move(deed), done->site.base.url().str());
    Result<void> const noted = co_await people_.note(std::move(activity));
    std::string const next = visit.place.at(site_path(done->site.id));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    AdminMessage message(AdminMessage::Kind::Done, std::move(sentence));
    message.secret = done->api_token.empty() ? done->hook_secret : done->api_token;
    if (!message.secret.empty())
        message.text += done->api_token.empty() ? " Its secret is shown only now:" : " It is shown only now:";
    co_return frame_.done(visit, next, std::move(message));
}

Task<http::Response> AdminSites::add(AdminVisit visit)
{
    std::string const back = visit.place.at("sites");
    Result<Url> base = Url::parse(trimmed(visit.field("url")));
    if (!base) {
        Error const unclear(ErrorCode::Malformed, "that is no address of a site: write the whole of it, such as https://garden.example/");
        co_return frame_.failed(visit, back, unclear);
    }
    SiteKind const kind = visit.field("kind") == "external" ? SiteKind::External : SiteKind::Hosted;
    SiteChanges changes;
    if (std::string_view const title = trimmed(visit.field("title")); !title.empty())
        changes.title = std::string(title);
    changes.author = visit.user().name.str();
    Url url = *std::move(base);
    Result<KeptSite> added = co_await keeper_.add(std::move(url), kind, std::move(changes));
    std::string const sentence = kind == SiteKind::Hosted
        ? "The site is added, and answers at its address from now on."
        : "The site is added. Put the lines below into its pages, so that others find us.";
    co_return co_await kept(std::move(visit), std::move(added), "added the site", sentence, back);
}

Task<http::Response> AdminSites::change(AdminVisit visit)
{
    auto const site = sites_.find(SiteId(visit.id()));
    if (!site)
        co_return frame_.not_found(visit);
    auto const typed = [&](std::string_view name) { return std::string(trimmed(visit.field(name))); };
    SiteChanges changes;
    changes.title = typed("title");
    changes.description = typed("description");
    changes.author = typed("author");
    changes.language = typed("language");
    changes.time_zone = typed("time_zone");
    if (site->kind == SiteKind::Hosted) {
        changes.permalink = typed("permalink");
    } else if (changes.feed = typed("feed"); !changes.feed->empty()) {
        changes.feed_minutes = parse_integer<int>(typed("feed_minutes"));
    }
    Result<KeptSite> changed = co_await keeper_.change(site->id, std::move(changes));
    std::string const page = visit.place.at(site_path(site->id));
    co_return co_await kept(std::move(visit), std::move(changed), "changed the site", "The site is changed.", page);
}

Task<http::Response> AdminSites::change_token(AdminVisit visit)
{
    SiteId const id(visit.id());
    bool const makes = visit.field("do") != "none";
    SiteChanges changes;
    changes.api_token = makes ? "new" : "none";
    Result<KeptSite> changed = co_await keeper_.change(id, std::move(changes));
    std::string const page = visit.place.at(site_path(id));
    co_return co_await kept(std::move(visit), std::move(changed),
        makes ? "made an API token of the site" : "removed the API token of the site",
        makes ? "The API token is made; an earlier one opens nothing any more."
              : "The API token is removed: the API tells only of single pages.",
        page);
}

/// A made-up mention goes to the address that is kept; whoever waits for this page hears what came back.
Task<http::Response> AdminSites::test_hook(AdminVisit visit)
{
    auto const site = sites_.find(SiteId(visit.id()));
    if (!site)
        co_return frame_.not_found(visit);
    std::string const next = visit.place.at(site_path(site->id));
    Site tested = *site;
    Result<Fetched> const answer = co_await hooks_.test(std::move(tested), Deadline::in(time_for_a_test));
    if (!answer && answer.error().code == ErrorCode::NotFound)
        co_return frame_.failed(visit, next, answer.error());
    Activity activity(visit.actor(), "tested the web hook of the site", site->base.url().str());
    Result<void> const noted = co_await people_.note(std::move(activity));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    AdminMessage message = outcome_of_test(site->hook_url, answer, clock_.now());
    co_return frame_.done(visit, next, std::move(message));
}

Task<http::Response> AdminSites::change_hook(AdminVisit visit)
{
    if (visit.field("do") == "test")
        co_return co_await test_hook(std::move(visit));
    SiteId const id(visit.id());
    std::string const deed(visit.field("do"));
    std::string const url(trimmed(visit.field("url")));
    bool const removes = deed == "none" || (deed != "new-secret" && url.empty());
    SiteChanges changes;
    if (removes)
        changes.hook_url = "none";
    else if (deed == "new-secret")
        changes.hook_secret = "new";
    else
        changes.hook_url = url;
    Result<KeptSite> changed = co_await keeper_.change(id, std::move(changes));
    std::string const page = visit.place.at(site_path(id));
    co_return co_await kept(std::move(visit), std::move(changed),
        removes ? "removed the web hook of the site" : "changed the web hook of the site",
        removes ? "The web hook is removed." : "The web hook is changed: it hears of each mention from now on.", page);
}

http::Response AdminSites::removal_page(AdminVisit const& visit, Site const& site, int status, std::string_view problem)
{
    Result<Counts> const counts = counts_of(site);
    if (!counts)
        return frame_.out_of_order(visit, counts.error());
    auto const& fields = schema<SiteRemovePageSchema>();
    View view(fields);
    view.set(fields.title, name_of(site)).set(fields.url, site.base.url().str()).set(fields.host, site.base.authority());
    view.set(fields.is_external, site.kind == SiteKind::External).set(fields.has_hook, !site.hook_url.empty());
    view.set(fields.entries, counts->entries).set(fields.has_one_entry, counts->entries == 1);
    view.set(fields.mentions, counts->all_mentions).set(fields.has_one_mention, counts->all_mentions == 1);
    view.set(fields.problem, problem).set(fields.back_url, visit.place.at("sites"));
    view.set(fields.action, visit.place.at(site_path(site.id, "remove")));
    return frame_.page(visit, std::move(view), fmt::format("Remove {}", name_of(site)), status);
}

http::Response AdminSites::ask_to_remove(AdminVisit const& visit)
{
    auto const site = sites_.find(SiteId(visit.id()));
    return site ? removal_page(visit, *site, 200, "") : frame_.not_found(visit);
}

Task<http::Response> AdminSites::remove(AdminVisit visit)
{
    auto const site = sites_.find(SiteId(visit.id()));
    if (!site)
        co_return frame_.not_found(visit);
    if (!equal_ignoring_case(trimmed(visit.field("host")), site->base.authority()))
        co_return removal_page(visit, *site, 400, "That is not its host, so nothing was removed.");
    std::string const next = visit.place.at("sites");
    Result<void> const done = co_await keeper_.remove(site->id);
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    Activity activity(visit.actor(), "removed the site", site->base.url().str());
    Result<void> const noted = co_await people_.note(std::move(activity));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    co_return frame_.done(visit, next, fmt::format("{} is removed, with all that stood on it.", name_of(*site)));
}

}  // namespace backtalk::web
