#include <fmt/format.h>

#include "async/task_group.h"
#include "cli/commands.h"

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
void print_new_secrets(Streams& streams, KeptSite const& kept, bool json)
{
    auto const print = [&](std::string_view key, std::string_view name, std::string const& secret) {
        if (!secret.empty())
            streams.print(json ? JsonLine().add(key, secret).str() : fmt::format("{}: {}\n", name, secret));
    };
    print("api_token", "API token", kept.api_token);
    print("hook_secret", "Hook secret", kept.hook_secret);
}

SiteChanges changes_of(Options const& options)
{
    SiteChanges changes;
    changes.title = options.title;
    changes.description = options.description;
    changes.author = options.author;
    changes.language = options.language;
    changes.time_zone = options.time_zone;
    changes.permalink = options.permalink;
    changes.feed = options.feed;
    changes.feed_minutes = options.feed_minutes;
    changes.api_token = options.api_token;
    changes.hook_url = options.hook_url;
    changes.hook_secret = options.hook_secret;
    return changes;
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
    if (options.command == "site read")
        return read_feed_now(home, options, streams);
    if (options.command == "site add") {
        TRY(Url const url, Url::parse(options.url));
        SiteKind const kind = options.external ? SiteKind::External : SiteKind::Hosted;
        TRY(KeptSite const added, run_blocking(home.pool, home.site_keeper.add(url, kind, changes_of(options))));
        print_site(streams, added.site, options.json);
        print_new_secrets(streams, added, options.json);
        return {};
    }
    TRY(Site const site, named_site(home, options));
    if (options.command == "site remove")
        return run_blocking(home.pool, home.site_keeper.remove(site.id));
    TRY(KeptSite const changed, run_blocking(home.pool, home.site_keeper.change(site.id, changes_of(options))));
    print_site(streams, changed.site, options.json);
    print_new_secrets(streams, changed, options.json);
    return {};
}

}  // namespace backtalk::cli
