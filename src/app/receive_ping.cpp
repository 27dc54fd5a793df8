#include "app/receive_ping.h"

#include <algorithm>

#include <fmt/format.h>

#include "async/completion.h"
#include "judge/memory.h"

// What the protocols have in common. Each has a file of its own beside this one.
namespace backtalk {

namespace {

/// What each network may still name a source's domain by, when others have used that domain up.
constexpr std::uint32_t per_source_and_network = 5;

}  // namespace

PingReceiver::PingReceiver(Store& store, SiteDirectory const& sites, PingTargets& targets, Executor& work, Clock const& clock, Log& log,
    Settings::Limits const& limits, std::function<void()> wake_checker)
    : store_(store), sites_(sites), targets_(targets), work_(work), clock_(clock), log_(log),
      per_sender_(limits.pings_per_minute_per_sender), new_pages_per_sender_(limits.pings_per_minute_per_sender),
      per_network_(limits.per_network()), per_entry_(limits.pings_per_minute_per_entry), per_source_(limits.per_source()),
      per_source_and_network_(std::min(limits.per_source(), per_source_and_network)), wake_checker_(std::move(wake_checker))
{
}

void PingReceiver::set_limits(Settings::Limits const& limits)
{
    per_sender_.set_rate(limits.pings_per_minute_per_sender);
    new_pages_per_sender_.set_rate(limits.pings_per_minute_per_sender);
    per_network_.set_rate(limits.per_network());
    per_entry_.set_rate(limits.pings_per_minute_per_entry);
    per_source_.set_rate(limits.per_source());
    per_source_and_network_.set_rate(std::min(limits.per_source(), per_source_and_network));
}

Task<Result<std::optional<PingTarget>>> PingReceiver::target_at(std::shared_ptr<Site const> site, PingDoor door, std::string sender_key)
{
    if (auto const known = targets_.remembered(*site, door))
        co_return known;
    co_await resume_on(work_);
    auto found = targets_.find(*site, door);
    if (!found || found->has_value() || site->kind != SiteKind::External)
        co_return found;
    co_return co_await external_target(std::move(site), std::move(door), std::move(sender_key));
}

Task<Result<std::optional<PingTarget>>> PingReceiver::external_target(
    std::shared_ptr<Site const> site, PingDoor door, std::string sender_key)
{
    if (door.by != PingDoor::By::Page)
        co_return std::optional<PingTarget>();
    // Before there is an entry, there is no ping to count.
    if (!new_pages_per_sender_.take(sender_key, std::chrono::steady_clock::now()))
        co_return failure(
            ErrorCode::Busy, fmt::format("{} names too many pages of {} in a short time", sender_key, site->base.url().str()));
    CO_TRY_DONE(co_await store_.add_page(site->id, door.subject, clock_.now()));
    co_await resume_on(work_);
    co_return targets_.find(*site, door);
}

Task<Result<bool>> PingReceiver::is_entry_itself(std::shared_ptr<Site const> site, Url source, EntryId entry)
{
    if (!site->base.contains(source))
        co_return false;
    co_await resume_on(work_);
    CO_TRY(std::optional<AddressOwner> const owner, entry_at(store_, *site, source));
    co_return owner && owner->entry == entry;
}

PingReceiver::Limit PingReceiver::take_from_limits(PingSenderAddress const& sender, EntryId entry)
{
    auto const now = std::chrono::steady_clock::now();
    // The sender's own limit comes first, so that a flood from one of them never uses up the entry's.
    if (!per_sender_.take(sender.key, now))
        return Limit::OfSender;
    // Who has many addresses has them in one network, as a rule.
    if (std::string const network = judge::network_of(sender.address); !network.empty() && !per_network_.take(network, now))
        return Limit::OfSender;
    return per_entry_.take(std::to_string(entry.value), now) ? Limit::None : Limit::OfEntry;
}

PingReceiver::Limit PingReceiver::take_from_source(PingSenderAddress const& sender, Url const& source)
{
    auto const now = std::chrono::steady_clock::now();
    std::string const domain = judge::registrable_domain(source.host());
    if (per_source_.take(domain, now))
        return Limit::None;
    return per_source_and_network_.take(fmt::format("{} {}", domain, judge::network_of(sender.address)), now) ? Limit::None
                                                                                                              : Limit::OfSource;
}

Task<Result<PingId>> PingReceiver::store(PingClaim claim, PingSenderAddress sender)
{
    EntryId const entry = claim.entry;
    std::string subject = fmt::format("{} for entry {} from {}", to_word(claim.origin), entry.value, claim.source.str());
    claim.sender = sender.address;
    claim.received = clock_.now();
    Result<PingId> const stored = co_await store_.add_ping(std::move(claim));
    if (!stored) {
        per_sender_.give_back(sender.key);
        per_entry_.give_back(std::to_string(entry.value));
        log_.error(fmt::format("a ping could not be stored: {}", stored.error().text));
        co_return stored;
    }
    log_.debug(fmt::format("ping {}, {}: queued", stored->value, subject));
    wake_checker_();
    co_return stored;
}

}  // namespace backtalk
