#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace backtalk::accounts {

/// How long who tries to sign in must wait. Two things are counted: failures of a network at one account, and failures of a network
/// at all accounts. After some that are free each doubles the wait, up to a quarter of an hour.
///
/// Nobody locks out somebody else: a network that has failed nowhere has always one try at once, whatever others do. An account at which
/// many networks fail gives each of them only that one for free, instead of five.
///
/// In memory: a restart forgets it, and who guesses cannot cause one.
class Throttle {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// Counts a try, as if it failed, so that a hundred at the same time are a hundred. Nothing: go ahead. Else how long to wait; that try
    /// does not count.
    std::optional<std::chrono::seconds> begin(std::string_view account, std::string_view network, TimePoint now);
    /// The try that begin() let pass was right: the network may start afresh at this account.
    void succeeded(std::string_view account, std::string_view network);
    /// The try was not decided, for a reason of ours.
    void withdrawn(std::string_view account, std::string_view network);

    static constexpr std::size_t free_at_account = 5;
    static constexpr std::size_t free_at_account_under_attack = 1;
    static constexpr std::size_t free_of_network = 20;
    static constexpr std::size_t attack = 50;  ///< Failures at one account, from everywhere, until it is one.
    static constexpr std::chrono::seconds wait_max{900};
    static constexpr std::chrono::hours forgotten_after{2};  ///< After the last failure.

private:
    struct Failures {
        std::size_t count = 0;
        TimePoint last{};
    };
    using Table = std::unordered_map<std::string, Failures>;

    static constexpr std::size_t entries_max = 50'000;

    static std::string pair_key(std::string_view account, std::string_view network);
    static Failures& entry(Table& table, std::string key, TimePoint now);
    static std::chrono::seconds wait_of(Failures const& failures, std::size_t free, TimePoint now);
    static void take_back(Table& table, std::string const& key);

    std::mutex mutex_;
    Table pairs_;
    Table networks_;
    Table accounts_;
};

}  // namespace backtalk::accounts
