#include "app/site_directory.h"

#include "base/text.h"

namespace backtalk {

namespace {

bool has_authority(Site const& site, std::string_view authority)
{
    return equal_ignoring_case(site.base.authority(), authority) || equal_ignoring_case(site.base.url().host_and_port(), authority);
}

bool has_path(Site const& site, std::string_view path)
{
    std::string_view const prefix = site.base.prefix();
    return path.starts_with(prefix) || path == prefix.substr(0, prefix.size() - 1);  // "/blog" for "/blog/"
}

}  // namespace

Result<void> SiteDirectory::reload()
{
    TRY(std::vector<Site> sites, store_.sites());
    std::vector<std::shared_ptr<Site const>> fresh;
    for (Site& site : sites)
        fresh.push_back(std::make_shared<Site const>(std::move(site)));
    std::scoped_lock const lock(mutex_);
    sites_.swap(fresh);
    return {};
}

std::shared_ptr<Site const> SiteDirectory::find(std::string_view authority, std::string_view path) const
{
    std::scoped_lock const lock(mutex_);
    std::shared_ptr<Site const> best;
    for (auto const& site : sites_)
        if (has_authority(*site, authority) && has_path(*site, path) && (!best || site->base.prefix().size() > best->base.prefix().size()))
            best = site;
    return best;
}

std::shared_ptr<Site const> SiteDirectory::find_holding(Url const& url) const
{
    std::scoped_lock const lock(mutex_);
    std::shared_ptr<Site const> best;
    for (auto const& site : sites_)
        if (site->base.contains(url) && (!best || site->base.prefix().size() > best->base.prefix().size()))
            best = site;
    return best;
}

std::shared_ptr<Site const> SiteDirectory::find(SiteId id) const
{
    std::scoped_lock const lock(mutex_);
    for (auto const& site : sites_)
        if (site->id == id)
            return site;
    return nullptr;
}

std::shared_ptr<Site const> SiteDirectory::find(Url const& base_url) const
{
    SiteBase const base(base_url);
    std::scoped_lock const lock(mutex_);
    for (auto const& site : sites_)
        if (comparison_key(site->base.url()) == comparison_key(base.url()))
            return site;
    return nullptr;
}

bool SiteDirectory::has_external() const
{
    std::scoped_lock const lock(mutex_);
    return std::any_of(sites_.begin(), sites_.end(), [](auto const& site) { return site->kind == SiteKind::External; });
}

std::vector<std::shared_ptr<Site const>> SiteDirectory::all() const
{
    std::scoped_lock const lock(mutex_);
    return sites_;
}

}  // namespace backtalk
