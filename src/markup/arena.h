#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace backtalk::markup {

/// Memory that is only ever freed as a whole: for what is read from one page and dropped with it.
class Arena {
public:
    Arena() = default;
    Arena(Arena&&) = default;
    Arena& operator=(Arena&&) = default;

    /// Uninitialised room for `count` objects. Their destructors never run.
    template <class T> T* allocate(std::size_t count)
    {
        static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 8);
        std::size_t const bytes = (count * sizeof(T) + alignment - 1) / alignment * alignment;
        if (bytes > free_bytes_)
            add_block(bytes);
        std::byte* const place = free_;
        free_ += bytes;
        free_bytes_ -= bytes;
        used_bytes_ += bytes;
        return reinterpret_cast<T*>(place);
    }

    /// Valid while the arena lives.
    std::string_view copy(std::string_view text)
    {
        if (text.empty())
            return {"", 0};
        char* const place = allocate<char>(text.size());
        std::memcpy(place, text.data(), text.size());
        return {place, text.size()};
    }

    std::size_t used_bytes() const { return used_bytes_; }

private:
    static constexpr std::size_t alignment = 8;
    static constexpr std::size_t block_bytes_min = 16 * 1024;
    static constexpr std::size_t block_bytes_max = 1024 * 1024;

    void add_block(std::size_t bytes)
    {
        std::size_t const size = std::max(bytes, std::clamp(used_bytes_, block_bytes_min, block_bytes_max));
        blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
        free_ = blocks_.back().get();
        free_bytes_ = size;
    }

    std::vector<std::unique_ptr<std::byte[]>> blocks_;
    std::byte* free_ = nullptr;
    std::size_t free_bytes_ = 0;
    std::size_t used_bytes_ = 0;
};

}  // namespace backtalk::markup
