#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

namespace backtalk {

/// Decides which request to another server starts next, so that we are a burden to nobody: a token bucket and a number of
/// requests in flight for each host, a number in flight in all, and pauses that hosts ask for. Hosts take turns, so a
/// thousand requests to one do not delay the first to another. Pure: it is told the time, and does no I/O.
///
/// A request waits, is admitted (it is in flight), may step aside and come back, and leaves.
class Politeness {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Ticket = std::uint64_t;  ///< Names one request; chosen by the caller, unique while it is here.

    struct Limits {
        int rate_per_minute = 60;  ///< For each host. A host not asked lately may be asked a minute's worth at once.
        int in_flight = 256;       ///< In all.
    };
    enum class Charge {
        Free,            ///< Costs no token: the host's owner is ours.
        WhenAffordable,  ///< Waits for a token.
        OnCredit,  ///< Goes first and may leave the bucket in debt: the rest of what the host was already asked for (a redirect to itself).
    };

    explicit Politeness(Limits limits) : limits_(limits) { }

    /// The request waits for its turn at `host` ("a.example:80"), of which at most `in_flight_max` are asked at once.
    void wait(Ticket ticket, std::string const& host, int in_flight_max, Charge charge, Time now);
    /// The next request to start; it is in flight from now on. Nothing when none may start now.
    std::optional<Ticket> admit(Time now);
    /// Ended, or given up, in whatever state.
    void leave(Ticket ticket);

    /// In flight, but waiting for something of its own: its place among all goes to another, that at its host is kept.
    void step_aside(Ticket ticket);
    /// Wants its place back; admit() returns it before all others.
    void step_back(Ticket ticket);

    /// The host asked to be left alone. Never shortens a pause.
    void pause(std::string const& host, Time until, Time now);
    /// Nothing when it is not paused.
    std::optional<Time> paused_until(std::string const& host, Time now) const;

    /// When admit() may return something although nobody left or came: a bucket fills, a pause ends.
    std::optional<Time> next_change() const;
    std::size_t hosts_remembered() const { return hosts_.size(); }
    int in_flight() const { return in_flight_; }

private:
    struct Waiting {
        Ticket ticket;
        Charge charge;
    };
    struct Host {
        std::deque<Waiting> waiting;  ///< Also of tickets that have left; they are passed over.
        double tokens = 0;
        Time filled{};
        Time paused_until{};
        int in_flight = 0;
        int in_flight_max = 1;
        bool has_turn = false;  ///< Is in turns_.
    };
    enum class State { Waiting, InFlight, Aside, Returning };
    struct Entry {
        std::string host;
        State state;
    };
    struct Alarm {
        Time at;
        std::string host;
        bool operator<(Alarm const& other) const { return at > other.at; }  // the earliest on top of the queue
    };

    Host& host_state(std::string const& name, Time now);
    double tokens_at(Time now, Host const& host) const;
    void give_turn(std::string const& name, Host& host);
    void forget_idle_hosts(Time now);

    Limits limits_;
    std::unordered_map<std::string, Host> hosts_;
    std::unordered_map<Ticket, Entry> entries_;
    std::deque<std::string> turns_;      ///< Hosts that may have something to start.
    std::priority_queue<Alarm> alarms_;  ///< Hosts that may have something later.
    std::deque<Ticket> returning_;
    int in_flight_ = 0;
    std::size_t forget_at_ = 1024;
};

}  // namespace backtalk
