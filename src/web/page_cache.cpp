#include "web/page_cache.h"

#include <algorithm>

namespace backtalk::web {

PageCache::Shard& PageCache::shard_of(std::string_view key) { return shards_[std::hash<std::string_view>()(key) % shard_count]; }

std::shared_ptr<CachedPage const> PageCache::find(std::string_view authority, std::string_view target) noexcept
{
    thread_local std::string key;  // keeps its room between requests
    key.assign(authority);
    key += target;
    Shard& shard = shard_of(key);
    std::scoped_lock const lock(shard.mutex);
    auto const found = shard.pages.find(key);
    if (found == shard.pages.end())
        return nullptr;
    found->second.used = true;
    return found->second.page;
}

void PageCache::keep(std::string key, std::shared_ptr<CachedPage const> page, std::vector<std::string> shows, std::uint64_t version)
{
    if (page->ready.bytes() > bytes_max_ / 4)
        return;
    std::scoped_lock const lock(index_mutex_);
    for (std::string const& shown : shows)
        if (auto const at = changed_at_.find(shown); at != changed_at_.end() && at->second > version)
            return;
    drop(key);
    for (std::string const& shown : shows)
        pages_showing_[shown].push_back(key);
    bytes_ += page->ready.bytes();
    {
        Shard& shard = shard_of(key);
        std::scoped_lock const shard_lock(shard.mutex);
        shard.pages.insert_or_assign(std::move(key), Kept{std::move(page), std::move(shows), false});
    }
    if (bytes_ > bytes_max_)
        make_room();
}

void PageCache::changed(std::span<std::string const> keys)
{
    std::scoped_lock const lock(index_mutex_);
    std::uint64_t const now = ++version_;
    for (std::string const& shown : keys) {
        changed_at_[shown] = now;
        auto const found = pages_showing_.find(shown);
        if (found == pages_showing_.end())
            continue;
        for (std::string const& key : std::vector<std::string>(found->second))
            drop(key);
    }
}

std::size_t PageCache::pages() const
{
    std::size_t count = 0;
    for (Shard const& shard : shards_) {
        std::scoped_lock const lock(shard.mutex);
        count += shard.pages.size();
    }
    return count;
}

/// With index_mutex_ held.
void PageCache::drop(std::string const& key)
{
    Kept dropped;
    {
        Shard& shard = shard_of(key);
        std::scoped_lock const lock(shard.mutex);
        auto const found = shard.pages.find(key);
        if (found == shard.pages.end())
            return;
        dropped = std::move(found->second);
        shard.pages.erase(found);
    }
    bytes_ -= dropped.page->ready.bytes();
    for (std::string const& shown : dropped.shows) {
        auto const index = pages_showing_.find(shown);
        if (index == pages_showing_.end())
            continue;
        std::erase(index->second, key);
        if (index->second.empty())
            pages_showing_.erase(index);
    }
}

/// With index_mutex_ held. A page that was asked for since the last sweep of its shard gets another round (CLOCK).
void PageCache::make_room()
{
    std::uint64_t const goal = bytes_max_ - bytes_max_ / 8;
    for (std::size_t sweeps = 0; sweeps < 2 * shard_count && bytes_ > goal; ++sweeps) {
        Shard& shard = shards_[next_sweep_++ % shard_count];
        std::vector<std::string> unused;
        {
            std::scoped_lock const lock(shard.mutex);
            for (auto& [key, kept] : shard.pages)
                if (!std::exchange(kept.used, false))
                    unused.push_back(key);
        }
        for (std::string const& key : unused) {
            if (bytes_ <= goal)
                break;
            drop(key);
        }
    }
}

}  // namespace backtalk::web
