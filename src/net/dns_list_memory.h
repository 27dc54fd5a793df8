#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace backtalk {

/// What DNS lists answered, for as long as they say, and which of them answer at all. Pure: it is told the time.
class DnsListMemory {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds kept_at_least = std::chrono::minutes(1);
    static constexpr std::chrono::seconds kept_at_most = std::chrono::hours(1);
    static constexpr std::chrono::seconds left_alone_for = std::chrono::minutes(1);
    static constexpr unsigned failures_max = 3;  ///< In a row; then the list is left alone.

    explicit DnsListMemory(std::size_t answers_max = 4096) : answers_max_(answers_max) { }

    /// Whether the name is listed, as it was answered not long ago.
    std::optional<bool> remembered(std::string const& name, Time now) const;
    /// Forgets the oldest when there are too many.
    void remember(std::string const& name, bool listed, std::chrono::seconds ttl, Time now);

    /// A list that failed too often in a row holds up every check.
    bool is_left_alone(std::string const& zone, Time now) const;
    void answered(std::string const& zone) { failures_.erase(zone); }
    /// True when it is left alone from now on.
    bool failed(std::string const& zone, Time now);

private:
    struct Answer {
        bool listed;
        Time until;
    };
    struct Failures {
        unsigned in_a_row = 0;
        Time alone_until{};
    };

    std::size_t const answers_max_;
    std::unordered_map<std::string, Answer> answers_;
    std::deque<std::string> names_;  ///< Of all answers, in the order in which they first came.
    std::map<std::string, Failures> failures_;
};

}  // namespace backtalk
