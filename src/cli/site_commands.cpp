#include <fmt/format.h>

#include "async/task_group.h"
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
                .str());
    else
        streams.print(fmt::format("{:<8} {}  {}\n", kind, site.base.url().str(), site.title));
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
        TRY_DONE(apply(options, site));
        TRY(Site const added, run_blocking(home.pool, home.store.add_site(std::move(site))));
        TRY_DONE(home.sites.reload());
        print_site(streams, added, options.json);
        return {};
    }
    TRY(Site site, named_site(home, options));
    if (options.command == "site set") {
        TRY_DONE(apply(options, site));
        TRY_DONE(run_blocking(home.pool, home.store.change_site(site)));
        print_site(streams, site, options.json);
    } else {
        TRY_DONE(run_blocking(home.pool, home.store.remove_site(site.id)));
    }
    return home.sites.reload();
}

}  // namespace backtalk::cli
