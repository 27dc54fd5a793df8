#pragma once

#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "net/politeness.h"
#include "url/address.h"

namespace backtalk {

/// How many requests are in flight to each address. Many names can lead to one address, and each has limits of its own: without
/// this one, whoever owns a domain could turn us against any machine. Pure.
class AddressPlaces {
public:
    using Ticket = Politeness::Ticket;

    explicit AddressPlaces(int in_flight_max) : in_flight_max_(in_flight_max) { }

    /// Takes a place at each of `addresses` that has one left and removes the others; true if any is left. Otherwise the
    /// ticket waits for the first of them, which is then the only one. `addresses` is not empty.
    bool take(Ticket ticket, std::vector<Address>& addresses);
    /// Ended, or given up, whether it had a place or waited. Returns those that waited and have a place now.
    std::vector<Ticket> leave(Ticket ticket);
    bool empty() const { return uses_.empty(); }

private:
    struct Use {
        int in_flight = 0;
        std::deque<Ticket> waiting;  ///< Also of tickets that have left; they are passed over.
    };

    int in_flight_max_;
    std::map<Address, Use> uses_;
    std::unordered_map<Ticket, std::vector<Address>> places_;  ///< No address: it waits.
};

}  // namespace backtalk
