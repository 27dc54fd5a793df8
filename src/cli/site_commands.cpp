#include <fmt/format.h>

#include "async/task_group.h"
#include "app/random_key.h"
#include "cli/commands.h"
#include "weblog/permalink.h"
#include "weblog/time_zone.h"

namespace backtalk::cli {

namespace {

void print_site(Streams& streams, Site const& site, bool json)
{
    std::string_view const kind = site.kind == SiteKind::External ? "external" : "hosted";
    if (json)
        streams.print(JsonLine()
                .add("id", site.id.value)
                .add("url", site.base.url().str())
                .add("kind", kind)
                .add("title", site.title)
                .add("description", site.description)
                .add("author", site.author)
                .add("language", site.language)
                .add("time_zone", site.time_zone)
                .add("permalink", site.permalink_pattern)
                .add("feed", site.feed_url)
                .add("feed_minutes", std::int64_t(site.feed_minutes))
                .add_flag("has_api_token", !site.api_token.empty())
                .add("hook", site.hook_url)
                .str());
    else
        streams.print(fmt::format("{:<8} {}  {}\n", kind, site.base.url().str(), site.title));
}

/// The only time that they are shown.
void print_new_secrets(Streams& streams, Site const& before, Site const& site, Options const& options)
{
    if (options.api_token == "new")
        streams.print(options.json ? JsonLine().add("api_token", site.api_token).str() : fmt::format("API token: {}\n", site.api_token));
    bool const is_made = !site.hook_secret.empty() && site.hook_secret != before.hook_secret && site.hook_secret != options.hook_secret;
    if (is_made)
        streams.print(options.json ? JsonLine().add("hook_secret", site.hook_secret).str() : fmt::format("Hook secret: {}\n", site.hook_secret));
}

Result<void> apply_hook(Options const& options, Site& site)
{
    if (options.hook_url == "none") {
        site.hook_url.clear();
        site.hook_secret.clear();
    } else if (options.hook_url) {
        TRY(Url const receiver, Url::parse(*options.hook_url));
        if (receiver.has_credentials())
            return failure(ErrorCode::Refused, "a name and a password in --hook-url would not be sent: the receiver knows us by the signature");
        site.hook_url = receiver.without_fragment().str();
    }
    if (options.hook_secret && site.hook_url.empty())
        return failure(ErrorCode::Malformed, "--hook-secret signs what a web hook is told: give its --hook-url, too");
    if (options.hook_secret && options.hook_secret->empty())
        return failure(ErrorCode::Malformed, "an empty --hook-secret proves nothing: give one, or new");
    if (options.hook_secret && *options.hook_secret != "new")
        site.hook_secret = *options.hook_secret;
    else if (options.hook_secret || (site.hook_secret.empty() && !site.hook_url.empty()))
        site.hook_secret = random_hex_key();
    return {};
}

Result<void> apply_feed(Options const& options, Site& site)
{
    constexpr int usual_minutes = 60;
    if ((options.feed || options.feed_minutes) && site.kind != SiteKind::External)
        return failure(ErrorCode::Refused,
            fmt::format("{} is rendered here, so that its entries are known: --feed is for external sites", site.base.url().str()));
    if (options.feed && options.feed->empty()) {
        site.feed_url.clear();
        site.feed_minutes = 0;
    } else if (options.feed) {
        TRY(Url const feed, site.base.url().resolve(*options.feed));
        site.feed_url = feed.without_fragment().str();
        if (site.feed_minutes == 0)
            site.feed_minutes = usual_minutes;
    }
    if (options.feed_minutes)
        site.feed_minutes = *options.feed_minutes;
    return {};
}

Result<void> apply(Options const& options, Site& site)
{
    if (options.time_zone) {
        TRY_DONE(TimeZone::named(*options.time_zone));
        site.time_zone = *options.time_zone;
    }
    if (options.permalink) {
        TRY(PermalinkPattern const pattern, PermalinkPattern::parse(*options.permalink));
        site.permalink_pattern = pattern.str();
    }
    TRY_DONE(apply_feed(options, site));
    TRY_DONE(apply_hook(options, site));
    if (options.api_token)
        site.api_token = *options.api_token == "new" ? random_hex_key() : *options.api_token == "none" ? "" : *options.api_token;
    if (options.title)
        site.title = *options.title;
    if (options.description)
        site.description = *options.description;
    if (options.author)
        site.author = *options.author;
    if (options.language)
        site.language = *options.language;
    return {};
}

Result<Site> named_site(Home& home, Options const& options)
{
    TRY(Url const url, Url::parse(options.url));
    auto const site = home.sites.find(url);
    if (!site)
        return failure(ErrorCode::NotFound, fmt::format("there is no site {}: see backtalk site list", url.str()));
    return *site;
}

Result<void> read_feed_now(Home& home, Options const& options, Streams& streams)
{
    TRY(Url const url, Url::parse(options.url));
    auto const site = home.sites.find(url);
    if (!site)
        return failure(ErrorCode::NotFound, fmt::format("there is no site {}: see backtalk site list", url.str()));
    TRY(FeedReading const reading, run_blocking(home.pool, home.watcher.read(site, Deadline::in(std::chrono::minutes(10)))));
    if (options.json) {
        JsonLine line;
        line.add("feed", site->feed_url).add("kind", reading.unchanged ? "unchanged" : feed::to_word(reading.kind));
        line.add("pages", static_cast<std::int64_t>(reading.pages)).add("told", static_cast<std::int64_t>(reading.told));
        streams.print(line.str());
    } else if (reading.unchanged) {
        streams.print(fmt::format("{}: unchanged since it was last read, {} pages announced\n", site->feed_url, reading.told));
    } else if (reading.is_first) {
        streams.print(fmt::format("{}: {}, {} pages are known from now on; what comes next is announced\n", site->feed_url,
            feed::to_word(reading.kind), reading.pages));
    } else {
        streams.print(
            fmt::format("{}: {}, {} pages, {} announced\n", site->feed_url, feed::to_word(reading.kind), reading.pages, reading.told));
    }
    return {};
}

}  // namespace

Result<void> run_site_command(Home& home, Options const& options, Streams& streams)
{
    if (options.command == "site list") {
        for (auto const& site : home.sites.all())
            print_site(streams, *site, options.json);
        return {};
    }
    if (options.command == "site add") {
        TRY(Url const url, Url::parse(options.url));
        Site site = new_site(url, "", "");
        site.kind = options.external ? SiteKind::External : SiteKind::Hosted;
        Site const before = site;
        TRY_DONE(apply(options, site));
        TRY(Site const added, run_blocking(home.pool, home.store.add_site(std::move(site))));
        TRY_DONE(home.sites.reload());
        print_site(streams, added, options.json);
        print_new_secrets(streams, before, added, options);
        return {};
    }
    if (options.command == "site read")
        return read_feed_now(home, options, streams);
    TRY(Site site, named_site(home, options));
    if (options.command == "site set") {
        Site const before = site;
        TRY_DONE(apply(options, site));
        TRY_DONE(run_blocking(home.pool, home.store.change_site(site)));
        TRY_DONE(home.sites.reload());
        home.watcher.wake();
        print_site(streams, site, options.json);
        print_new_secrets(streams, before, site, options);
    } else {
        TRY_DONE(run_blocking(home.pool, home.store.remove_site(site.id)));
    }
    return home.sites.reload();
}

}  // namespace backtalk::cli
