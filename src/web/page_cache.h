#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/store.h"
#include "http/ready_page.h"
#include "http/response.h"

namespace backtalk::web {

/// A page ready to send, and what it was made of but for its body.
struct CachedPage {
    CachedPage(http::ReadyPageParts parts, int the_status, http::Headers the_headers)
        : ready(std::move(parts)), status(the_status), headers(std::move(the_headers))
    {
    }
    http::ReadyPage ready;
    int status;
    http::Headers headers;
};

/// Rendered pages in memory, until what they show changes. Every page names the keys (change_keys.h) of what it read.
class PageCache final : public ChangeListener {
public:
    explicit PageCache(std::uint64_t bytes_max) : bytes_max_(bytes_max) { }

    /// Cheap enough for each request: one lock of a shard. The key is authority and target, as in "a.example/2007/".
    std::shared_ptr<CachedPage const> find(std::string_view authority, std::string_view target) noexcept;

    /// Ask before reading from the store; hand over with the page.
    std::uint64_t version() const { return version_.load(); }
    /// Keeps the page, unless what it shows has changed since `version`.
    void keep(std::string key, std::shared_ptr<CachedPage const> page, std::vector<std::string> shows, std::uint64_t version);
    void changed(std::span<std::string const> keys) override;

    std::uint64_t bytes() const { return bytes_.load(); }
    std::size_t pages() const;

private:
    struct Kept {
        std::shared_ptr<CachedPage const> page;
        std::vector<std::string> shows;
        bool used;
    };
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, Kept> pages;
    };
    static constexpr std::size_t shard_count = 16;

    Shard& shard_of(std::string_view key);
    void drop(std::string const& key);
    void make_room();

    std::uint64_t const bytes_max_;
    std::atomic<std::uint64_t> bytes_ = 0;
    std::atomic<std::uint64_t> version_ = 1;
    std::array<Shard, shard_count> shards_;

    std::mutex index_mutex_;  // taken before a shard's, never after
    std::unordered_map<std::string, std::vector<std::string>> pages_showing_;
    std::unordered_map<std::string, std::uint64_t> changed_at_;
    std::size_t next_sweep_ = 0;
};

}  // namespace backtalk::web
