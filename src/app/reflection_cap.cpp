#include "app/reflection_cap.h"

#include <algorithm>

#include <fmt/format.h>

#include "judge/memory.h"

namespace backtalk {

void ReflectionCap::set(Settings::Fetch const& fetch)
{
    std::scoped_lock const lock(mutex_);
    per_hour_ = fetch.unverified_per_host_and_hour;
    named_.clear();
    if (fetch.unverified_per_host_and_hour_is_given)
        return;
    for (auto const& [name, address] : fetch.resolve)
        named_.push_back(name);
    for (AddressPort const& address : fetch.allow_hosts)
        named_.push_back(address.str());
}

bool ReflectionCap::is_exempt(Url const& url) const { return std::ranges::find(named_, url.host_and_port()) != named_.end(); }

std::function<Result<void>(Url const&)> ReflectionCap::guard(std::shared_ptr<Charges> charges)
{
    return [this, charges = std::move(charges)](Url const& url) -> Result<void> {
        std::string domain = judge::registrable_domain(url.host());
        {
            std::scoped_lock const lock(mutex_);
            if (is_exempt(url))
                return {};
            if (!take(domain))
                return failure(
                    ErrorCode::Busy, fmt::format("{} was asked {} times in an hour for pings that nobody has proved", domain, per_hour_));
        }
        std::scoped_lock const lock(charges->mutex_);
        charges->domains_.push_back(std::move(domain));
        return {};
    };
}

void ReflectionCap::give_back(Charges& charges, Url const& proved)
{
    std::string const domain = judge::registrable_domain(proved.host());
    std::size_t count = 0;
    {
        std::scoped_lock const lock(charges.mutex_);
        count = std::erase(charges.domains_, domain);
    }
    std::scoped_lock const lock(mutex_);
    auto const found = asked_.find(domain);
    for (; found != asked_.end() && count > 0 && !found->second.empty(); --count)
        found->second.pop_back();
}

std::optional<Instant> ReflectionCap::free_at(Url const& url)
{
    std::scoped_lock const lock(mutex_);
    auto const found = asked_.find(judge::registrable_domain(url.host()));
    if (is_exempt(url) || found == asked_.end() || found->second.size() < per_hour_)
        return std::nullopt;
    // NB: with a limit of none at all there is no time to name.
    Instant const oldest = found->second.empty() ? clock_.now() : found->second.front();
    return oldest + window > clock_.now() ? std::optional(oldest + window) : std::nullopt;
}

bool ReflectionCap::take(std::string const& domain)
{
    Instant const now = clock_.now();
    if (asked_.size() >= domains_max && !asked_.contains(domain))
        make_room(now);
    std::deque<Instant>& asked = asked_[domain];
    while (!asked.empty() && asked.front() + window <= now)
        asked.pop_front();
    if (asked.size() >= per_hour_)
        return false;
    asked.push_back(now);
    return true;
}

void ReflectionCap::make_room(Instant now)
{
    std::erase_if(asked_, [&](auto const& each) { return each.second.empty() || each.second.back() + window <= now; });
    // Those that were asked little are the least harmed by being forgotten.
    if (asked_.size() >= domains_max)
        std::erase_if(asked_, [&](auto const& each) { return each.second.size() * 2 < per_hour_; });
    if (asked_.size() >= domains_max)
        asked_.clear();
}

}  // namespace backtalk
