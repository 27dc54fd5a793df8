#include "net/politeness.h"

#include <algorithm>
#include <cassert>

namespace backtalk {

namespace {

using Seconds = std::chrono::duration<double>;

}  // namespace

void Politeness::wait(Ticket ticket, std::string const& host_name, int in_flight_max, Charge charge, Time now)
{
    Host& host = host_state(host_name, now);
    host.in_flight_max = in_flight_max;
    bool const fresh = entries_.try_emplace(ticket, Entry{host_name, State::Waiting}).second;
    assert(fresh);
    (void)fresh;
    if (charge == Charge::OnCredit)
        host.waiting.push_front({ticket, charge});
    else
        host.waiting.push_back({ticket, charge});
    give_turn(host_name, host);
}

std::optional<Politeness::Ticket> Politeness::admit(Time now)
{
    while (in_flight_ < limits_.in_flight && !returning_.empty()) {
        Ticket const ticket = returning_.front();
        returning_.pop_front();
        auto const entry = entries_.find(ticket);
        if (entry == entries_.end() || entry->second.state != State::Returning)
            continue;
        entry->second.state = State::InFlight;
        ++in_flight_;
        return ticket;
    }
    while (!alarms_.empty() && alarms_.top().at <= now) {
        std::string const name = alarms_.top().host;
        alarms_.pop();
        if (auto const host = hosts_.find(name); host != hosts_.end())
            give_turn(name, host->second);
    }
    while (in_flight_ < limits_.in_flight && !turns_.empty()) {
        std::string const name = std::move(turns_.front());
        turns_.pop_front();
        auto const found = hosts_.find(name);
        assert(found != hosts_.end());  // a host with a turn is not forgotten
        Host& host = found->second;
        host.has_turn = false;
        while (!host.waiting.empty() && !entries_.contains(host.waiting.front().ticket))
            host.waiting.pop_front();
        if (host.waiting.empty() || host.in_flight >= host.in_flight_max)
            continue;
        if (host.paused_until > now) {
            alarms_.push({host.paused_until, name});
            continue;
        }
        host.tokens = tokens_at(now, host);
        host.filled = now;
        Waiting const next = host.waiting.front();
        if (host.tokens < 1 && next.charge == Charge::WhenAffordable) {
            Seconds const missing((1 - host.tokens) * 60 / limits_.rate_per_minute);
            alarms_.push({now + std::chrono::ceil<std::chrono::milliseconds>(missing), name});
            continue;
        }
        host.waiting.pop_front();
        if (next.charge != Charge::Free)
            host.tokens -= 1;
        ++host.in_flight;
        ++in_flight_;
        entries_.at(next.ticket).state = State::InFlight;
        give_turn(name, host);
        return next.ticket;
    }
    return std::nullopt;
}

void Politeness::leave(Ticket ticket)
{
    auto const entry = entries_.find(ticket);
    if (entry == entries_.end())
        return;
    auto const [name, state] = std::move(entry->second);
    entries_.erase(entry);
    if (state == State::Waiting)
        return;
    if (state == State::InFlight)
        --in_flight_;
    Host& host = hosts_.at(name);
    --host.in_flight;
    give_turn(name, host);
}

void Politeness::step_aside(Ticket ticket)
{
    Entry& entry = entries_.at(ticket);
    assert(entry.state == State::InFlight);
    entry.state = State::Aside;
    --in_flight_;
}

void Politeness::step_back(Ticket ticket)
{
    Entry& entry = entries_.at(ticket);
    assert(entry.state == State::Aside);
    entry.state = State::Returning;
    returning_.push_back(ticket);
}

void Politeness::pause(std::string const& host_name, Time until, Time now)
{
    Host& host = host_state(host_name, now);
    host.paused_until = std::max(host.paused_until, until);
}

std::optional<Politeness::Time> Politeness::paused_until(std::string const& host_name, Time now) const
{
    auto const host = hosts_.find(host_name);
    if (host == hosts_.end() || host->second.paused_until <= now)
        return std::nullopt;
    return host->second.paused_until;
}

std::optional<Politeness::Time> Politeness::next_change() const
{
    if (alarms_.empty() || in_flight_ >= limits_.in_flight)
        return std::nullopt;
    return alarms_.top().at;
}

Politeness::Host& Politeness::host_state(std::string const& name, Time now)
{
    if (hosts_.size() >= forget_at_)
        forget_idle_hosts(now);
    auto const [found, fresh] = hosts_.try_emplace(name);
    if (fresh) {
        found->second.tokens = limits_.rate_per_minute;
        found->second.filled = now;
    }
    return found->second;
}

double Politeness::tokens_at(Time now, Host const& host) const
{
    double const rate = limits_.rate_per_minute;
    return std::min(rate, host.tokens + Seconds(now - host.filled).count() * rate / 60);
}

void Politeness::give_turn(std::string const& name, Host& host)
{
    if (host.has_turn || host.waiting.empty())
        return;
    host.has_turn = true;
    turns_.push_back(name);
}

// A host whose bucket is full again is as one never met. Done when the number has doubled, so it costs nothing on average.
void Politeness::forget_idle_hosts(Time now)
{
    std::erase_if(hosts_, [&](auto const& named) {
        Host const& host = named.second;
        return host.waiting.empty() && !host.has_turn && host.in_flight == 0 && host.paused_until <= now &&
            tokens_at(now, host) >= limits_.rate_per_minute;
    });
    forget_at_ = std::max<std::size_t>(1024, 2 * hosts_.size());
}

}  // namespace backtalk
