#include "app/ping_targets.h"

#include <algorithm>

namespace backtalk {

std::string PingTargets::key_of(Site const& site, PingDoor const& door)
{
    std::string key = std::to_string(site.id.value);
    key += static_cast<char>('A' + static_cast<int>(door.by));
    key += door.subject;
    return key;
}

std::optional<PingTarget> PingTargets::remembered(Site const& site, PingDoor const& door) const
{
    std::string const key = key_of(site, door);
    std::shared_lock const lock(mutex_);
    auto const found = known_.find(key);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<PingTarget>> PingTargets::find(Site const& site, PingDoor const& door)
{
    if (auto const known = remembered(site, door))
        return known;
    std::uint64_t changes_before;
    {
        std::shared_lock const lock(mutex_);
        changes_before = changes_;
    }
    TRY(std::optional<Entry> const entry, entry_behind(store_, site, door));
    if (!entry)
        return std::nullopt;
    PingTarget const target{entry->id, entry->takes_pings};
    std::unique_lock const lock(mutex_);
    if (changes_ == changes_before) {
        if (known_.size() >= remembered_max)
            known_.clear();
        known_.insert_or_assign(key_of(site, door), target);
    }
    return target;
}

void PingTargets::changed(std::span<std::string const> keys)
{
    // A mention changes nothing of this, and mentions are what changes while pings come in.
    bool const only_mentions = std::all_of(keys.begin(), keys.end(), [](std::string const& key) { return key.starts_with("mentions:"); });
    if (only_mentions)
        return;
    std::unique_lock const lock(mutex_);
    ++changes_;
    known_.clear();
}

}  // namespace backtalk
