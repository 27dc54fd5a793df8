#include "net/fetcher_loop.h"

#include <functional>

#include "base/text.h"
#include "http/retry_after.h"

namespace backtalk {

namespace {

constexpr std::chrono::hours pause_max(1);
constexpr std::size_t spare_handles_max = 64;
constexpr std::size_t addresses_of_a_name_max = 8;

CurlMulti new_multi()
{
    static CURLcode const once = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)once;
    CurlMulti multi(curl_multi_init());
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, 64L);
    return multi;
}

bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

}  // namespace

FetchLoop::FetchLoop(FetchOptions options, Resolver& resolver)
    : options_(std::move(options)), rules_(options_), resolver_(resolver),
      politeness_(Politeness::Limits{std::max(1, options_.rate_per_host), std::max(1, options_.in_flight_max)}),
      places_(std::max(1, options_.in_flight_per_address)), multi_(new_multi()), inbox_(std::make_shared<FetchInbox>(multi_.get())),
      thread_([this] { run(); })
{
}

void FetchLoop::submit(FetchRequest request, Deadline deadline, Completion<FetchOutcome>::Receiver receiver)
{
    FetchInbox::Job job = [this, request = std::move(request), deadline, receiver = std::move(receiver)]() mutable {
        accept(std::move(request), deadline, std::move(receiver));
    };
    if (!inbox_->post(job))
        job();  // accept() sees that we have stopped, and touches nothing but the receiver
}

void FetchLoop::stop()
{
    std::scoped_lock const lock(stop_mutex_);
    if (!thread_.joinable())
        return;
    stopping_ = true;
    curl_multi_wakeup(multi_.get());
    thread_.join();
}

FetchCounters FetchLoop::counters() const
{
    FetchCounters now;
    now.fetches = fetches_;
    now.shared = shared_;
    now.bytes = bytes_;
    now.refused = refused_;
    now.timeouts = timeouts_;
    now.unavailable = unavailable_;
    now.sockets_opened = sockets_opened_;
    now.in_flight = in_flight_;
    std::uint64_t const flying = flying_;
    now.waiting = flying > now.in_flight ? flying - now.in_flight : 0;
    return now;
}

void FetchLoop::run()
{
    step_behind();
    step_behind();
    while (!stopping_) {
        for (FetchInbox::Job& job : inbox_->take())
            job();
        start_admitted();
        int running = 0;
        curl_multi_perform(multi_.get(), &running);
        int left = 0;
        while (CURLMsg const* const message = curl_multi_info_read(multi_.get(), &left))
            if (message->msg == CURLMSG_DONE)
                finish_transfer(message->easy_handle, message->data.result);
        expire(std::chrono::steady_clock::now());
        start_admitted();
        in_flight_ = static_cast<std::uint64_t>(politeness_.in_flight());
        curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(time_to_next_event().count()), nullptr);
    }
    end_everything();
}

void FetchLoop::accept(FetchRequest request, Deadline deadline, Completion<FetchOutcome>::Receiver receiver)
{
    if (stopping_) {
        receiver.deliver(
            FetchOutcome(std::make_shared<Result<Fetched>>(failure(ErrorCode::Unavailable, "the fetcher has stopped")), false));
        return;
    }
    auto url = fetched_form(request.url);
    auto const judged = url ? rules_.judge_url(*url) : Result<void>(std::unexpect, url.error());
    if (!judged) {
        ++refused_;
        receiver.deliver(FetchOutcome(std::make_shared<Result<Fetched>>(failure(ErrorCode::Refused, judged.error().text)), false));
        return;
    }
    request.url = *std::move(url);

    Waiter waiter{++last_id_, deadline, std::move(receiver)};
    std::string share_key;
    if (!request.post && request.if_none_match.empty() && request.if_modified_since.empty())
        share_key = request.url.str() + " " + request.accept;
    auto const shared = share_key.empty() ? shareable_.end() : shareable_.find(share_key);
    FlightId const id = shared != shareable_.end() ? shared->second : ++last_id_;
    if (deadline.at() != Time::max())
        alarms_.push({deadline.at(), id, waiter.id});
    if (shared != shareable_.end()) {
        ++shared_;
        flights_.at(id)->waiters.push_back(std::move(waiter));
        return;
    }
    Flight& flight = *flights_.emplace(id, std::make_unique<Flight>(id, std::move(request))).first->second;
    ++flying_;
    flight.waiters.push_back(std::move(waiter));
    if (!share_key.empty()) {
        flight.share_key = share_key;
        shareable_.emplace(std::move(share_key), id);
    }
    start_hop(flight, Politeness::Charge::WhenAffordable);
}

/// The URL of the hop has been judged.
void FetchLoop::start_hop(Flight& flight, Politeness::Charge charge)
{
    Time const now = std::chrono::steady_clock::now();
    std::string const host = flight.url.host_and_port();
    if (auto const until = politeness_.paused_until(host, now)) {
        bool const hopeless = (flight.ends_at && *flight.ends_at < *until) ||
            std::ranges::all_of(flight.waiters, [&](Waiter const& each) { return each.deadline.at() < *until; });
        if (hopeless)
            return end(flight, failure(ErrorCode::Busy, host + " asked to be left alone for a while"));
    }
    flight.stage = Stage::WaitingForTurn;
    bool const is_named = rules_.is_named(flight.url);
    int const in_flight_max = is_named ? options_.in_flight_per_named_host : options_.in_flight_per_host;
    if (is_named && !options_.rate_limits_named_hosts)
        charge = Politeness::Charge::Free;
    politeness_.wait(flight.id, host, in_flight_max, charge, now);
}

void FetchLoop::start_admitted()
{
    Time const now = std::chrono::steady_clock::now();
    while (auto const id = politeness_.admit(now)) {
        Flight& flight = *flights_.at(*id);
        if (flight.stage == Stage::WaitingForAddress) {
            transfer(flight);
            continue;
        }
        if (!flight.ends_at) {
            flight.ends_at = now + options_.timeout;
            alarms_.push({*flight.ends_at, flight.id, 0});
        }
        find_address(flight);
    }
}

void FetchLoop::find_address(Flight& flight)
{
    flight.addresses.clear();
    if (rules_.pinned(flight.url))
        return transfer(flight);
    if (auto const literal = Address::parse(flight.url.host())) {
        flight.addresses = {*literal};
        return go_to_address(flight);
    }
    flight.stage = Stage::Resolving;
    auto answer = [this, id = flight.id, inbox = inbox_](Resolver::Found found) mutable {
        FetchInbox::Job job = [this, id, found = std::move(found)]() mutable { take_resolved(id, std::move(found)); };
        inbox->post(job);
    };
    resolver_.resolve(std::string(flight.url.host()), std::move(answer));
}

void FetchLoop::take_resolved(FlightId id, Resolver::Found found)
{
    auto const entry = flights_.find(id);
    if (entry == flights_.end() || entry->second->stage != Stage::Resolving)
        return;
    Flight& flight = *entry->second;
    if (!found)
        return end(flight, std::unexpected(std::move(found).error()));
    std::string reason = "the name has no address";
    for (Address const& each : *found) {
        if (auto const judged = rules_.judge_address(each, flight.url.port()); !judged)
            reason = judged.error().text;
        else if (flight.addresses.size() < addresses_of_a_name_max)
            flight.addresses.push_back(each);
    }
    if (flight.addresses.empty())
        return end(flight, failure(ErrorCode::Refused, std::string(flight.url.host()) + ": " + reason));
    go_to_address(flight);
}

void FetchLoop::go_to_address(Flight& flight)
{
    auto const is_named = [&](Address const& each) { return rules_.is_named(each, flight.url.port()); };
    if (std::ranges::any_of(flight.addresses, is_named)) {
        std::erase_if(flight.addresses, std::not_fn(is_named));
        return transfer(flight);
    }
    if (places_.take(flight.id, flight.addresses))
        return transfer(flight);
    flight.stage = Stage::WaitingForAddress;
    politeness_.step_aside(flight.id);
}

void FetchLoop::leave_address(Flight& flight)
{
    for (FlightId const next : places_.leave(flight.id))
        politeness_.step_back(next);
}

void FetchLoop::transfer(Flight& flight)
{
    if (auto const allowed = flight.request.may_ask ? flight.request.may_ask(flight.url) : Result<void>(); !allowed)
        return end(flight, std::unexpected(allowed.error()));
    flight.stage = Stage::Transferring;
    CurlEasy easy;
    if (!spare_.empty()) {
        easy = std::move(spare_.back());
        spare_.pop_back();
    } else {
        easy.reset(curl_easy_init());
    }
    if (!easy)
        return end(flight, failure(ErrorCode::Unavailable, "libcurl has no memory"));
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(*flight.ends_at - std::chrono::steady_clock::now());
    bool const is_literal = Address::parse(flight.url.host()).has_value();
    flight.transfer = std::make_unique<CurlTransfer>(std::move(easy), flight.url, flight.request,
        is_literal ? std::vector<Address>() : flight.addresses, options_, rules_, left, sockets_opened_);
    ++fetches_;
    curl_easy_setopt(flight.transfer->easy(), CURLOPT_PRIVATE, static_cast<void*>(&flight));
    if (curl_multi_add_handle(multi_.get(), flight.transfer->easy()) != CURLM_OK) {
        flight.transfer.reset();
        end(flight, failure(ErrorCode::Unavailable, "libcurl takes no more transfers"));
    }
}

void FetchLoop::finish_transfer(CURL* easy, CURLcode code)
{
    void* owner = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
    Flight& flight = *static_cast<Flight*>(owner);
    auto answer = flight.transfer->outcome(code);
    drop_transfer(flight);
    leave_address(flight);
    if (!answer)
        return end(flight, std::unexpected(std::move(answer).error()));
    take_answer(flight, *std::move(answer));
}

void FetchLoop::drop_transfer(Flight& flight)
{
    if (!flight.transfer)
        return;
    bytes_ += flight.transfer->wire_bytes();
    curl_multi_remove_handle(multi_.get(), flight.transfer->easy());
    if (spare_.size() < spare_handles_max)
        spare_.push_back(flight.transfer->take_easy());
    flight.transfer.reset();
}

void FetchLoop::take_answer(Flight& flight, CurlTransfer::Answer answer)
{
    respect_retry_after(flight, answer);
    if (!flight.request.post && is_redirect(answer.status)) {
        std::string_view const location = trimmed(answer.headers.get("Location").value_or(""));
        if (!location.empty())
            return follow(flight, location);
    }
    Fetched fetched(flight.url);
    fetched.status = answer.status;
    fetched.headers = std::move(answer.headers);
    fetched.body = std::move(answer.body);
    fetched.truncated = answer.truncated;
    fetched.hops = std::move(flight.hops);
    end(flight, std::move(fetched));
}

void FetchLoop::follow(Flight& flight, std::string_view location)
{
    if (flight.hops.size() >= static_cast<std::size_t>(std::max(0, options_.max_redirects)))
        return end(flight, failure(ErrorCode::Refused, "more than " + std::to_string(options_.max_redirects) + " redirects"));
    auto next = flight.url.resolve(repaired_utf8(location));
    if (next)
        next = fetched_form(*next);
    if (!next)
        return end(flight, failure(ErrorCode::Refused, "redirects to what can not be fetched: " + next.error().text));
    if (auto const judged = rules_.judge_url(*next); !judged)
        return end(flight, failure(ErrorCode::Refused, "redirects where nothing may be fetched: " + judged.error().text));
    // The rate is for what we ask a host for, and half an answer is of no use to either side.
    auto const charge =
        next->host_and_port() == flight.url.host_and_port() ? Politeness::Charge::OnCredit : Politeness::Charge::WhenAffordable;
    flight.hops.push_back(std::exchange(flight.url, *std::move(next)));
    politeness_.leave(flight.id);
    start_hop(flight, charge);
}

void FetchLoop::respect_retry_after(Flight const& flight, CurlTransfer::Answer const& answer)
{
    if (answer.status != 429 && answer.status != 503)
        return;
    auto const wait = http::retry_after(answer.headers, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    if (!wait || *wait <= std::chrono::seconds(0))
        return;
    Time const now = std::chrono::steady_clock::now();
    politeness_.pause(flight.url.host_and_port(), now + std::min<std::chrono::seconds>(*wait, pause_max), now);
}

/// The flight is gone afterwards.
void FetchLoop::end(Flight& flight, Result<Fetched> result)
{
    drop_transfer(flight);
    leave_address(flight);
    politeness_.leave(flight.id);
    if (!flight.share_key.empty())
        shareable_.erase(flight.share_key);
    auto const shared = std::make_shared<Result<Fetched>>(std::move(result));
    bool const is_shared = flight.waiters.size() > 1;
    --flying_;
    std::vector<Waiter> waiters = std::move(flight.waiters);
    flights_.erase(flight.id);
    for (Waiter& each : waiters)
        deliver(each, shared, is_shared);
}

void FetchLoop::deliver(Waiter& waiter, std::shared_ptr<Result<Fetched>> result, bool is_shared)
{
    if (!result->has_value()) {
        ErrorCode const code = result->error().code;
        if (code == ErrorCode::Refused)
            ++refused_;
        else if (code == ErrorCode::Timeout)
            ++timeouts_;
        else if (code == ErrorCode::Unavailable)
            ++unavailable_;
    }
    waiter.receiver.deliver(FetchOutcome(std::move(result), is_shared));
}

/// Why a flight that runs out of time at this moment does.
Error FetchLoop::out_of_time(Flight const& flight) const
{
    std::string const host = flight.url.host_and_port();
    switch (flight.stage) {
    case Stage::WaitingForTurn:
    case Stage::WaitingForAddress: return Error(ErrorCode::Busy, "waited for the rate limit of " + host);
    case Stage::Resolving: return Error(ErrorCode::Timeout, "looking up " + host + " took too long");
    case Stage::Transferring: break;
    }
    return Error(ErrorCode::Timeout, host + " took too long to answer");
}

void FetchLoop::expire(Time now)
{
    while (!alarms_.empty() && alarms_.top().at <= now) {
        Alarm const alarm = alarms_.top();
        alarms_.pop();
        auto const found = flights_.find(alarm.flight);
        if (found == flights_.end())
            continue;
        Flight& flight = *found->second;
        if (alarm.waiter == 0) {
            end(flight, std::unexpected(out_of_time(flight)));
            continue;
        }
        auto const waiter = std::ranges::find(flight.waiters, alarm.waiter, &Waiter::id);
        if (waiter == flight.waiters.end())
            continue;
        if (flight.waiters.size() == 1) {
            end(flight, std::unexpected(out_of_time(flight)));
            continue;
        }
        Waiter late = std::move(*waiter);
        flight.waiters.erase(waiter);
        deliver(late, std::make_shared<Result<Fetched>>(std::unexpected(out_of_time(flight))), false);
    }
}

std::chrono::milliseconds FetchLoop::time_to_next_event() const
{
    Time const now = std::chrono::steady_clock::now();
    Time next = now + std::chrono::seconds(60);
    if (!alarms_.empty())
        next = std::min(next, alarms_.top().at);
    if (auto const change = politeness_.next_change())
        next = std::min(next, *change);
    return std::chrono::ceil<std::chrono::milliseconds>(std::max(next, now) - now);
}

void FetchLoop::end_everything()
{
    auto left = inbox_->close();
    for (FetchInbox::Job& job : left)
        job();  // fetches hear that we have stopped
    while (!flights_.empty())
        end(*flights_.begin()->second, failure(ErrorCode::Unavailable, "the fetcher has stopped"));
    spare_.clear();
}

}  // namespace backtalk
