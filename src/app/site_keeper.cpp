#include "app/site_keeper.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/random_key.h"
#include "base/text.h"
#include "weblog/permalink.h"
#include "weblog/time_zone.h"

namespace backtalk {

namespace {

/// A text of one line.
void set_line(std::optional<std::string> const& given, std::string& to)
{
    if (given)
        to = folded_space(without_controls(repaired_utf8(*given)));
}

Result<void> apply_hook(SiteChanges const& changes, Site& site)
{
    if (changes.hook_url == "none") {
        site.hook_url.clear();
        site.hook_secret.clear();
    } else if (changes.hook_url) {
        TRY(Url const receiver, Url::parse(*changes.hook_url));
        if (receiver.has_credentials())
            return failure(ErrorCode::Refused,
                "a name and a password in the address of a web hook would not be sent: the receiver knows us by the signature");
        site.hook_url = receiver.without_fragment().str();
    }
    if (changes.hook_secret && site.hook_url.empty())
        return failure(ErrorCode::Malformed, "the secret signs what a web hook is told: give its address, too");
    if (changes.hook_secret && changes.hook_secret->empty())
        return failure(ErrorCode::Malformed, "an empty secret proves nothing: give one, or new");
    if (changes.hook_secret && *changes.hook_secret != "new")
        site.hook_secret = *changes.hook_secret;
    else if (changes.hook_secret || (site.hook_secret.empty() && !site.hook_url.empty()))
        site.hook_secret = random_hex_key();
    return {};
}

Result<void> apply_feed(SiteChanges const& changes, Site& site)
{
    if ((changes.feed || changes.feed_minutes) && site.kind != SiteKind::External)
        return failure(ErrorCode::Refused,
            fmt::format("{} is rendered here, so that its entries are known: only external sites have a feed to be watched",
                site.base.url().str()));
    if (changes.feed && changes.feed->empty()) {
        site.feed_url.clear();
        site.feed_minutes = 0;
    } else if (changes.feed) {
        TRY(Url const feed, site.base.url().resolve(*changes.feed));
        site.feed_url = feed.without_fragment().str();
        if (site.feed_minutes == 0)
            site.feed_minutes = feed_minutes_usual;
    }
    if (changes.feed_minutes)
        site.feed_minutes = std::clamp(*changes.feed_minutes, 0, feed_minutes_max);
    return {};
}

KeptSite kept(Site site, Site const& before, SiteChanges const& changes)
{
    KeptSite result(std::move(site));
    if (changes.api_token == "new")
        result.api_token = result.site.api_token;
    if (result.site.hook_secret != before.hook_secret && result.site.hook_secret != changes.hook_secret)
        result.hook_secret = result.site.hook_secret;
    return result;
}

}  // namespace

Site new_site(Url const& base, std::string title, std::string author)
{
    Site site(SiteId(0), SiteBase(base));
    site.title = title.empty() ? std::string(base.host()) : std::move(title);
    site.author = std::move(author);
    return site;
}

Result<void> apply(SiteChanges const& changes, Site& site)
{
    if (changes.time_zone) {
        TRY_DONE(TimeZone::named(*changes.time_zone));
        site.time_zone = *changes.time_zone;
    }
    if (changes.permalink) {
        TRY(PermalinkPattern const pattern, PermalinkPattern::parse(*changes.permalink));
        site.permalink_pattern = pattern.str();
    }
    TRY_DONE(apply_feed(changes, site));
    TRY_DONE(apply_hook(changes, site));
    if (changes.api_token)
        site.api_token = *changes.api_token == "new" ? random_hex_key() : *changes.api_token == "none" ? "" : *changes.api_token;
    set_line(changes.title, site.title);
    set_line(changes.description, site.description);
    set_line(changes.author, site.author);
    set_line(changes.language, site.language);
    return {};
}

Task<Result<KeptSite>> SiteKeeper::add(Url base, SiteKind kind, SiteChanges changes)
{
    Site site = new_site(base, "", "");
    site.kind = kind;
    Site const before = site;
    CO_TRY_DONE(apply(changes, site));
    CO_TRY(Site added, co_await store_.add_site(std::move(site)));
    CO_TRY_DONE(sites_.reload());
    watcher_.wake();
    co_return kept(std::move(added), before, changes);
}

Task<Result<KeptSite>> SiteKeeper::change(SiteId id, SiteChanges changes)
{
    auto const before = sites_.find(id);
    if (!before)
        co_return failure(ErrorCode::NotFound, "there is no such site any more");
    Site site = *before;
    CO_TRY_DONE(apply(changes, site));
    CO_TRY_DONE(co_await store_.change_site(site));
    CO_TRY_DONE(sites_.reload());
    watcher_.wake();
    co_return kept(std::move(site), *before, changes);
}

Task<Result<void>> SiteKeeper::remove(SiteId id)
{
    CO_TRY_DONE(co_await store_.remove_site(id));
    co_return sites_.reload();
}

}  // namespace backtalk
