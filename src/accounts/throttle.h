#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backtalk::accounts {

/// One try to sign in, or to give a code after the password.
struct Attempt {
    enum class Step { Password, Code };
    enum class Comer {
        Stranger,  ///< `from` is a network that this account never came from.
        Familiar   ///< `from` is a device, network or session that has been this account's.
    };
    Attempt(std::string the_account, std::string the_from, Comer the_comer)
        : account(std::move(the_account)), from(std::move(the_from)), comer(the_comer)
    {
    }
    std::string account;  ///< The name that was tried, whether or not there is such an account.
    std::string from;
    Comer comer;
    Step step = Step::Password;
};

/// How long who tries to sign in must wait. Failures are counted
/// - at one account from one place: after five free ones each doubles the wait, up to a quarter of an hour;
/// - of a network of strangers at all accounts: the same after twenty;
/// - at one account from all strangers together: fifty passwords, then one a minute; twenty codes, then one in ten minutes. Whoever has
///   thousands of networks guesses no faster than that.
///
/// Nobody locks out somebody else: a familiar place is counted by itself alone, whatever strangers do. Codes can only be tried by who has
/// the password.
///
/// In memory: a restart forgets it, and who guesses cannot cause one. Of fixed size: each name falls into one of many cells, by a hash that
/// nobody outside can compute, and names that meet in a cell share its count. So no flood of names or networks makes it forget anything.
class Throttle {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    Throttle();

    /// Counts a try, as if it failed, so that a hundred at the same time are a hundred. Nothing: go ahead. Else how long to wait; that try
    /// does not count.
    std::optional<std::chrono::seconds> begin(Attempt const& attempt, TimePoint now);
    /// The try that begin() let pass was right: its place may start afresh at this account.
    void succeeded(Attempt const& attempt);
    /// The try was not decided, for a reason of ours, or half of it is still to come.
    void withdrawn(Attempt const& attempt);

    static constexpr std::size_t free_at_account = 5;
    static constexpr std::size_t free_of_network = 20;
    static constexpr std::chrono::seconds wait_max{900};
    static constexpr std::chrono::hours forgotten_after{2};  ///< After the last failure.
    static constexpr int passwords_of_strangers = 50;
    static constexpr std::chrono::seconds password_of_strangers_each{60};
    static constexpr int codes_of_strangers = 20;
    static constexpr std::chrono::seconds code_of_strangers_each{600};

private:
    struct Failures {
        std::uint32_t count = 0;
        TimePoint last{};
    };
    /// What strangers may still try at an account: when all of it will be theirs again.
    struct Budget {
        TimePoint full_at{};
    };
    template <class Cell> class Cells {
    public:
        explicit Cells(std::size_t count) : cells_(count) { }
        Cell& of(std::uint64_t hash) { return cells_[hash % cells_.size()]; }

    private:
        std::vector<Cell> cells_;
    };
    /// What one try is counted in.
    struct Counts {
        Failures* here;
        Failures* of_network;  ///< Null, and the next as well, for who is familiar.
        Budget* of_strangers;
        int tries;
        std::chrono::seconds each;
    };

    std::uint64_t hash(std::string_view what, std::string_view name) const;
    Counts counts_of(Attempt const& attempt);
    static std::chrono::seconds wait_of(Failures& failures, std::size_t free, TimePoint now);
    static std::chrono::seconds wait_of(Counts const& counts, TimePoint now);
    static void take_back(Counts const& counts);

    std::array<unsigned char, 16> key_;
    std::mutex mutex_;
    Cells<Failures> strangers_{1 << 15};
    Cells<Failures> networks_{1 << 15};
    Cells<Failures> familiar_{1 << 12};
    Cells<Budget> passwords_{1 << 14};
    Cells<Budget> codes_{1 << 12};
};

}  // namespace backtalk::accounts
