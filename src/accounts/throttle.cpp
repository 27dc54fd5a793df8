#include "accounts/throttle.h"

#include <algorithm>

namespace backtalk::accounts {

std::string Throttle::pair_key(std::string_view account, std::string_view network)
{
    return std::string(network) + '\n' + std::string(account);
}

Throttle::Failures& Throttle::entry(Table& table, std::string key, TimePoint now)
{
    if (table.size() >= entries_max && !table.contains(key)) {
        std::erase_if(table, [&](auto const& each) { return now - each.second.last > forgotten_after; });
        // Then those who failed least: who guesses much stays counted, however many names he comes by.
        for (std::size_t least = 1; table.size() >= entries_max; least *= 2)
            std::erase_if(table, [&](auto const& each) { return each.second.count <= least; });
    }
    Failures& failures = table[std::move(key)];
    if (now - failures.last > forgotten_after)
        failures.count = 0;
    return failures;
}

std::chrono::seconds Throttle::wait_of(Failures const& failures, std::size_t free, TimePoint now)
{
    if (failures.count < free)
        return {};
    std::size_t const doublings = std::min<std::size_t>(failures.count - free + 1, 12);
    auto const wait = std::min(std::chrono::seconds(1LL << doublings), wait_max);
    auto const over = failures.last + wait;
    return over <= now ? std::chrono::seconds(0) : std::chrono::ceil<std::chrono::seconds>(over - now);
}

std::optional<std::chrono::seconds> Throttle::begin(std::string_view account, std::string_view network, TimePoint now)
{
    std::scoped_lock const lock(mutex_);
    Failures& everywhere = entry(accounts_, std::string(account), now);
    Failures& here = entry(pairs_, pair_key(account, network), now);
    Failures& of_network = entry(networks_, std::string(network), now);
    std::size_t const free = everywhere.count >= attack ? free_at_account_under_attack : free_at_account;
    auto const wait = std::max(wait_of(here, free, now), wait_of(of_network, free_of_network, now));
    if (wait.count() > 0)
        return wait;
    for (Failures* const each : {&everywhere, &here, &of_network}) {
        ++each->count;
        each->last = now;
    }
    return std::nullopt;
}

void Throttle::take_back(Table& table, std::string const& key)
{
    auto const found = table.find(key);
    if (found == table.end())
        return;
    if (found->second.count > 0)
        --found->second.count;
}

void Throttle::succeeded(std::string_view account, std::string_view network)
{
    std::scoped_lock const lock(mutex_);
    pairs_.erase(pair_key(account, network));
    take_back(networks_, std::string(network));
    take_back(accounts_, std::string(account));
}

void Throttle::withdrawn(std::string_view account, std::string_view network)
{
    std::scoped_lock const lock(mutex_);
    take_back(pairs_, pair_key(account, network));
    take_back(networks_, std::string(network));
    take_back(accounts_, std::string(account));
}

}  // namespace backtalk::accounts
