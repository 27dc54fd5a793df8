#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "async/completion.h"
#include "net/curl_transfer.h"
#include "net/fetcher.h"
#include "net/fetcher_inbox.h"
#include "net/politeness_address.h"

namespace backtalk {

struct FetchOutcome {
    FetchOutcome(std::shared_ptr<Result<Fetched>> the_result, bool shared) : result(std::move(the_result)), is_shared(shared) { }

    std::shared_ptr<Result<Fetched>> result;
    bool is_shared;  ///< Others hold it too: copy, do not move.
};

/// The thread of the fetcher. All but submit(), stop() and counters() runs on it alone.
///
/// A flight is one fetch with all who wait for it. For each hop it waits its turn, has the name of the host resolved, waits for a
/// place at the address, transfers; then it ends or goes on to the next hop.
class FetchLoop {
public:
    FetchLoop(FetchOptions options, Resolver& resolver);
    ~FetchLoop() { stop(); }

    void submit(FetchRequest request, Deadline deadline, Completion<FetchOutcome>::Receiver receiver);
    void stop();
    FetchCounters counters() const;

private:
    using Time = std::chrono::steady_clock::time_point;
    using FlightId = Politeness::Ticket;

    enum class Stage { WaitingForTurn, Resolving, WaitingForAddress, Transferring };
    struct Waiter {
        std::uint64_t id;
        Deadline deadline;
        Completion<FetchOutcome>::Receiver receiver;
    };
    struct Flight {
        Flight(FlightId the_id, FetchRequest the_request) : id(the_id), request(std::move(the_request)), url(request.url) { }

        FlightId id;
        FetchRequest request;
        std::string share_key;  ///< Empty: not shared.
        Url url;                ///< Of this hop.
        std::vector<Url> hops;
        std::vector<Waiter> waiters;
        Stage stage = Stage::WaitingForTurn;
        std::optional<Time> ends_at;  ///< Set when the first hop starts.
        std::vector<Address> addresses;
        std::unique_ptr<CurlTransfer> transfer;
    };
    struct Alarm {
        Time at;
        FlightId flight;
        std::uint64_t waiter;                                               ///< 0: the end of the whole flight.
        bool operator<(Alarm const& other) const { return at > other.at; }  // the earliest on top of the queue
    };

    void run();
    void accept(FetchRequest request, Deadline deadline, Completion<FetchOutcome>::Receiver receiver);
    void start_hop(Flight& flight, Politeness::Charge charge);
    void start_admitted();
    void find_address(Flight& flight);
    void take_resolved(FlightId id, Resolver::Found found);
    void go_to_address(Flight& flight);
    void transfer(Flight& flight);
    void finish_transfer(CURL* easy, CURLcode code);
    void take_answer(Flight& flight, CurlTransfer::Answer answer);
    void follow(Flight& flight, std::string_view location);
    void respect_retry_after(Flight const& flight, CurlTransfer::Answer const& answer);
    void leave_address(Flight& flight);
    void drop_transfer(Flight& flight);
    void end(Flight& flight, Result<Fetched> result);
    void deliver(Waiter& waiter, std::shared_ptr<Result<Fetched>> result, bool is_shared);
    Error out_of_time(Flight const& flight) const;
    void expire(Time now);
    std::chrono::milliseconds time_to_next_event() const;
    void end_everything();

    FetchOptions const options_;
    FetchRules const rules_;
    Resolver& resolver_;
    Politeness politeness_;
    AddressPlaces places_;
    std::atomic<std::uint64_t> fetches_ = 0, shared_ = 0, bytes_ = 0, refused_ = 0, timeouts_ = 0, unavailable_ = 0, sockets_opened_ = 0,
                               flying_ = 0, in_flight_ = 0;

    CurlMulti multi_;
    std::vector<CurlEasy> spare_;
    std::unordered_map<FlightId, std::unique_ptr<Flight>> flights_;
    std::unordered_map<std::string, FlightId> shareable_;
    std::priority_queue<Alarm> alarms_;
    std::uint64_t last_id_ = 0;

    std::atomic<bool> stopping_ = false;
    std::shared_ptr<FetchInbox> inbox_;
    std::mutex stop_mutex_;
    std::thread thread_;
};

}  // namespace backtalk
