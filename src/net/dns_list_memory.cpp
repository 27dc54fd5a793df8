#include "net/dns_list_memory.h"

#include <algorithm>

namespace backtalk {

std::optional<bool> DnsListMemory::remembered(std::string const& name, Time now) const
{
    auto const found = answers_.find(name);
    return found != answers_.end() && now < found->second.until ? std::optional(found->second.listed) : std::nullopt;
}

void DnsListMemory::remember(std::string const& name, bool listed, std::chrono::seconds ttl, Time now)
{
    Answer const answer{listed, now + std::clamp(ttl, kept_at_least, kept_at_most)};
    if (!answers_.insert_or_assign(name, answer).second)
        return;
    names_.push_back(name);
    if (names_.size() <= answers_max_)
        return;
    answers_.erase(names_.front());
    names_.pop_front();
}

bool DnsListMemory::is_left_alone(std::string const& zone, Time now) const
{
    auto const found = failures_.find(zone);
    return found != failures_.end() && now < found->second.alone_until;
}

bool DnsListMemory::failed(std::string const& zone, Time now)
{
    Failures& failures = failures_[zone];
    // Those that were asked together fail together: said once.
    bool const was_alone = now < failures.alone_until;
    if (++failures.in_a_row < failures_max)
        return false;
    failures.alone_until = now + left_alone_for;
    return !was_alone;
}

}  // namespace backtalk
