#include "accounts/throttle.h"

#include <algorithm>
#include <cstring>

#include "accounts/sodium.h"

namespace backtalk::accounts {

Throttle::Throttle()
{
    static_assert(sizeof key_ == crypto_shorthash_KEYBYTES);
    start_sodium();
    crypto_shorthash_keygen(key_.data());
}

std::uint64_t Throttle::hash(std::string_view what, std::string_view name) const
{
    std::string text(what);
    text.append(1, '\n').append(name);
    std::array<unsigned char, crypto_shorthash_BYTES> bytes;
    crypto_shorthash(bytes.data(), reinterpret_cast<unsigned char const*>(text.data()), text.size(), key_.data());
    std::uint64_t value = 0;
    static_assert(sizeof value == sizeof bytes);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

Throttle::Counts Throttle::counts_of(Attempt const& attempt)
{
    std::uint64_t const here = hash(attempt.account, attempt.from);
    if (attempt.comer == Attempt::Comer::Familiar)
        return {&familiar_.of(here), nullptr, nullptr, 0, {}};
    Failures* const of_network = &networks_.of(hash("network", attempt.from));
    std::uint64_t const account = hash("account", attempt.account);
    if (attempt.step == Attempt::Step::Code)
        return {&strangers_.of(here), of_network, &codes_.of(account), codes_of_strangers, code_of_strangers_each};
    return {&strangers_.of(here), of_network, &passwords_.of(account), passwords_of_strangers, password_of_strangers_each};
}

std::chrono::seconds Throttle::wait_of(Failures& failures, std::size_t free, TimePoint now)
{
    if (now - failures.last > forgotten_after)
        failures.count = 0;
    if (failures.count < free)
        return {};
    std::size_t const doublings = std::min<std::size_t>(failures.count - free + 1, 12);
    auto const wait = std::min(std::chrono::seconds(1LL << doublings), wait_max);
    auto const over = failures.last + wait;
    return over <= now ? std::chrono::seconds(0) : std::chrono::ceil<std::chrono::seconds>(over - now);
}

std::chrono::seconds Throttle::wait_of(Counts const& counts, TimePoint now)
{
    std::chrono::seconds wait = wait_of(*counts.here, free_at_account, now);
    if (counts.of_network)
        wait = std::max(wait, wait_of(*counts.of_network, free_of_network, now));
    if (counts.of_strangers) {
        auto const room_at = std::max(counts.of_strangers->full_at, now) - (counts.tries - 1) * counts.each;
        if (room_at > now)
            wait = std::max(wait, std::chrono::ceil<std::chrono::seconds>(room_at - now));
    }
    return wait;
}

std::optional<std::chrono::seconds> Throttle::begin(Attempt const& attempt, TimePoint now)
{
    std::scoped_lock const lock(mutex_);
    Counts const counts = counts_of(attempt);
    if (auto const wait = wait_of(counts, now); wait.count() > 0)
        return wait;
    for (Failures* const each : {counts.here, counts.of_network}) {
        if (!each)
            continue;
        ++each->count;
        each->last = now;
    }
    if (counts.of_strangers)
        counts.of_strangers->full_at = std::max(counts.of_strangers->full_at, now) + counts.each;
    return std::nullopt;
}

void Throttle::take_back(Counts const& counts)
{
    for (Failures* const each : {counts.here, counts.of_network})
        if (each && each->count > 0)
            --each->count;
    if (counts.of_strangers)
        counts.of_strangers->full_at -= counts.each;
}

void Throttle::succeeded(Attempt const& attempt)
{
    std::scoped_lock const lock(mutex_);
    Counts const counts = counts_of(attempt);
    take_back(counts);
    counts.here->count = 0;
    // Wrong codes count in a row. NB: not wrong passwords, or each time that somebody signs in would give who guesses fifty more.
    if (attempt.step == Attempt::Step::Code && counts.of_strangers)
        counts.of_strangers->full_at = {};
}

void Throttle::withdrawn(Attempt const& attempt)
{
    std::scoped_lock const lock(mutex_);
    take_back(counts_of(attempt));
}

}  // namespace backtalk::accounts
