#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/date.h"
#include "judge/evidence.h"

namespace backtalk::judge {

/// A hash that differs in few bits for texts that differ in few words (simhash over pairs of folded words); 0 of texts that are too
/// short to be told apart from other people's short texts.
std::uint64_t text_fingerprint(std::string_view text);

/// A ping that was found true, as far as it is compared with others.
struct Arrival {
    std::uint64_t text = 0;  ///< text_fingerprint()
    std::string source;      ///< Which page; a page that comes again is not counted again.
    std::string host;        ///< Of the source.
    std::string domain;      ///< Registrable.
    std::string target;      ///< The entry; whatever tells it from others.
    Instant at{};
    std::int64_t token = 0;  ///< Names the ping to the caller.
};

/// Looks for campaigns: the same text, or the same domain, over many entries within a day. In memory, of all sites together: after a
/// restart it must be told what came before. One thread at a time.
class CampaignWatch {
public:
    static constexpr std::chrono::hours window{24};

    struct Earlier {
        std::int64_t token;
        /// Its page came first, stood alone for a while, and none of the others is of its domain: they may have taken its text.
        bool may_be_copied;
    };
    struct Seen {
        CrowdEvidence crowd;
        std::int64_t campaign = 0;     ///< Above 0: it is of this one.
        std::vector<Earlier> earlier;  ///< What belongs to it as well, told once: when it comes to be one.
    };
    Seen note(Arrival const& arrival);

private:
    static constexpr std::chrono::minutes time_to_copy{10};  ///< Campaigns come faster; who copies must have seen it.
    static constexpr std::size_t crowds_max = 10'000;
    static constexpr std::size_t members_max = 1000;  ///< Of one crowd that are told apart.

    /// Pings that have something in common.
    struct Crowd {
        std::uint64_t text = 0;
        std::string domain;
        std::set<std::uint64_t> sources;  ///< Hashed.
        std::set<std::string> hosts;
        std::set<std::string> targets;
        std::vector<Earlier> members;  ///< Until it is a campaign.
        std::uint64_t first_source = 0;
        std::string first_domain;
        Instant first{};
        bool first_stands_apart = true;  ///< As Earlier::may_be_copied: its page is not counted with the others.
        Instant last{};
    };
    using Number = std::int64_t;

    void forget(Instant before);
    void drop(Number number);
    Number crowd_with_text(Arrival const& arrival);
    Number crowd_of_domain(Arrival const& arrival);
    Crowd& joined(Number number, Arrival const& arrival);

    std::unordered_map<Number, Crowd> crowds_;
    std::unordered_map<std::string, Number> by_domain_;
    std::unordered_map<std::uint64_t, std::vector<Number>> by_quarter_;  ///< Of the fingerprint, with its place.
    std::deque<Number> order_;                                           ///< As they were made.
};

}  // namespace backtalk::judge
