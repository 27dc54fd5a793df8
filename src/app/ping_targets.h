#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "app/addresses.h"
#include "app/store.h"

namespace backtalk {

/// What a ping needs to know of the entry that it is for.
struct PingTarget {
    EntryId entry;
    bool takes_pings;
};

/// The entries that pings came for lately, in memory until an entry or an address changes: a ping costs no read of the disk
/// while its entry is talked about.
class PingTargets final : public ChangeListener {
public:
    explicit PingTargets(Store& store) : store_(store) { }

    /// From memory alone, for threads that must not wait; nothing if it is not known there.
    std::optional<PingTarget> remembered(Site const& site, PingDoor const& door) const;
    /// Nothing: the ping URL leads to no entry that has a page. Blocks on the store for a moment where memory does not know.
    Result<std::optional<PingTarget>> find(Site const& site, PingDoor const& door);

    void changed(std::span<std::string const> keys) override;

private:
    static constexpr std::size_t remembered_max = 20'000;

    static std::string key_of(Site const& site, PingDoor const& door);

    Store& store_;
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, PingTarget> known_;
    std::uint64_t changes_ = 0;  ///< What was read before one of them may be out of date.
};

}  // namespace backtalk
