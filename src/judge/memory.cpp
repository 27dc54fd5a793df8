#include "judge/memory.h"

#include <cmath>

#include <libpsl.h>

#include "base/text.h"
#include "url/address.h"
#include "url/host.h"

namespace backtalk::judge {

namespace {

/// The list as Debian updates it, or the one compiled into the library if it is newer; read once.
psl_ctx_t const* suffixes()
{
    static psl_ctx_t const* const list = psl_latest(nullptr);
    return list;
}

/// Any fixed day will do; a late one keeps the numbers small.
constexpr Instant epoch{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};

double half_lives(Instant at)
{
    return std::chrono::duration<double>(at - epoch).count() / std::chrono::duration<double>(memory_half_life).count();
}

}  // namespace

std::string registrable_domain(std::string_view host)
{
    std::string name(without_root_dot(host));
    if (Address::parse(name))
        return name;
    char const* const domain = psl_registrable_domain(suffixes(), name.c_str());
    if (domain)
        return domain;  // a part of `name`
    return name;
}

std::string author_subject(Listing const& listing, Url const& source)
{
    std::string const domain = registrable_domain(source.host());
    Result<Url> const page = Url::parse(listing.author_url);
    if (page && registrable_domain(page->host()) == domain)
        return ascii_lower(listing.author_url);
    std::string const claimed = ascii_lower(listing.author_url.empty() ? listing.author_name : listing.author_url);
    return claimed.empty() ? claimed : claimed + " @ " + domain;
}

bool is_shared_host(std::string_view host)
{
    std::string const domain = registrable_domain(host);
    std::size_t const dot = domain.find('.');
    if (dot == std::string::npos)
        return false;
    std::string const suffix = domain.substr(dot + 1);
    return psl_is_public_suffix2(suffixes(), suffix.c_str(), PSL_TYPE_PRIVATE) != 0 &&
        psl_is_public_suffix2(suffixes(), suffix.c_str(), PSL_TYPE_ICANN) == 0;
}

std::string network_of(std::string_view address)
{
    std::optional<Address> const known = Address::parse(address);
    return known ? known->network() : std::string();
}

double memory_weight(Instant made) { return std::exp2(half_lives(made)); }

double remembered_at(double sum, Instant now) { return sum * std::exp2(-half_lives(now)); }

}  // namespace backtalk::judge
