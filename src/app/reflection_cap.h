#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/settings.h"
#include "base/clock.h"
#include "base/result.h"
#include "url/url.h"

namespace backtalk {

/// Keeps us from being used to flood others: whoever forges pings in another site's name makes us fetch that site. So fetches for
/// pings not yet found true are counted by registrable domain, each redirect too, and each domain is asked a few times an hour only.
/// A page that proves true is given back, so honest sites never come near it. For several threads.
class ReflectionCap {
public:
    ReflectionCap(Settings::Fetch const& fetch, Clock const& clock) : clock_(clock) { set(fetch); }
    void set(Settings::Fetch const& fetch);

    /// What one ping has cost so far.
    class Charges {
    private:
        friend class ReflectionCap;
        std::mutex mutex_;
        std::vector<std::string> domains_;
    };
    /// For FetchRequest::may_ask. Errors: Busy.
    std::function<Result<void>(Url const&)> guard(std::shared_ptr<Charges> charges);
    /// The page at this address told the truth. NB: only what its own domain was asked is given back: a redirector on the way proved
    /// nothing.
    void give_back(Charges& charges, Url const& proved);
    /// When the domain may be asked again; nothing: now.
    std::optional<Instant> free_at(Url const& url);

private:
    static constexpr std::size_t domains_max = 50'000;
    static constexpr std::chrono::hours window{1};

    bool is_exempt(Url const& url) const;
    bool take(std::string const& domain);
    void make_room(Instant now);

    Clock const& clock_;
    std::mutex mutex_;
    std::size_t per_hour_ = 0;
    std::vector<std::string> named_;  ///< "b.test:80": exempt.
    std::unordered_map<std::string, std::deque<Instant>> asked_;
};

}  // namespace backtalk
