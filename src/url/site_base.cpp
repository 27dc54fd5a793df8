#include "url/site_base.h"

#include "url/percent.h"

namespace backtalk {
namespace {

Url base_of(Url const& url)
{
    std::string text(url.origin());
    text += url.path();
    if (!text.ends_with('/'))
        text += '/';
    // Too long by its last slash at worst; then the site is the whole host.
    Result<Url> const base = Url::parse(text);
    return base ? *base : *Url::parse(std::string(url.origin()) + "/");
}

/// Host and port with http and https folded; a trailing dot of the host means nothing to DNS.
bool same_authority(Url const& a, Url const& b)
{
    auto const host = [](Url const& url) {
        std::string_view name = url.host();
        if (name.ends_with('.'))
            name.remove_suffix(1);
        return name;
    };
    if (host(a) != host(b))
        return false;
    return a.has_default_port() == b.has_default_port() && (a.has_default_port() || a.port() == b.port());
}

}  // namespace

SiteBase::SiteBase(Url const& url) : url_(base_of(url)) { }

Url SiteBase::at(std::string_view relative_path) const
{
    std::string text = url_.str();
    text += relative_path;
    Result<Url> const url = Url::parse(text);
    return url && contains(*url) ? *url : url_;
}

std::optional<std::string> SiteBase::relative(Url const& url) const
{
    if (!same_authority(url_, url))
        return std::nullopt;
    std::string const own = percent_normalised(prefix());
    std::string const path = percent_normalised(url.path());
    if (path.starts_with(own))
        return path.substr(own.size());
    if (path.size() + 1 == own.size() && own.starts_with(path))
        return std::string();
    return std::nullopt;
}

}  // namespace backtalk
