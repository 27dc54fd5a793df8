#include "net/politeness_address.h"

#include <cassert>

namespace backtalk {

bool AddressPlaces::take(Ticket ticket, std::vector<Address>& addresses)
{
    assert(!addresses.empty() && !places_.contains(ticket));
    Address const wanted = addresses.front();
    std::erase_if(addresses, [this](Address const& each) {
        auto const use = uses_.find(each);
        return use != uses_.end() && use->second.in_flight >= in_flight_max_;
    });
    std::vector<Address>& places = places_[ticket];
    if (addresses.empty()) {
        addresses.push_back(wanted);
        uses_[wanted].waiting.push_back(ticket);
        return false;
    }
    places = addresses;
    for (Address const& each : places)
        ++uses_[each].in_flight;
    return true;
}

std::vector<AddressPlaces::Ticket> AddressPlaces::leave(Ticket ticket)
{
    std::vector<Ticket> next;
    auto const left = places_.find(ticket);
    if (left == places_.end())
        return next;
    std::vector<Address> const places = std::move(left->second);
    places_.erase(left);
    for (Address const& each : places) {
        auto const found = uses_.find(each);
        Use& use = found->second;
        --use.in_flight;
        while (!use.waiting.empty() && use.in_flight < in_flight_max_) {
            Ticket const candidate = use.waiting.front();
            use.waiting.pop_front();
            auto const waits = places_.find(candidate);
            if (waits == places_.end())
                continue;
            waits->second.push_back(each);
            ++use.in_flight;
            next.push_back(candidate);
        }
        if (use.in_flight == 0)
            uses_.erase(found);
    }
    return next;
}

}  // namespace backtalk
