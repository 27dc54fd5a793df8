#pragma once

#include <compare>
#include <cstdint>

namespace backtalk {

/// A row's number as a type of its own, so that an entry is never taken for a ping.
template <class Tag> struct Id {
    explicit constexpr Id(std::int64_t number = 0) : value(number) { }
    auto operator<=>(Id const&) const = default;

    std::int64_t value;
};

using SiteId = Id<struct SiteTag>;
using EntryId = Id<struct EntryTag>;
using CommentId = Id<struct CommentTag>;
using PingId = Id<struct PingTag>;
using MentionId = Id<struct MentionTag>;
using SentId = Id<struct SentTag>;

}  // namespace backtalk
