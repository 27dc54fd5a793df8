#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/result.h"
#include "url/url.h"
#include "weblog/ids.h"

namespace backtalk {

/// By which door a claim came in.
enum class Origin { Trackback, Pingback, Webmention, Imported };
std::string_view to_word(Origin origin);
std::optional<Origin> origin_named(std::string_view word);

enum class PingState {
    Queued,    ///< On disk, not yet checked.
    Verified,  ///< Its source links to its target.
    Refused,   ///< It does not, or cannot be fetched; `reason` says why.
};
std::string_view to_word(PingState state);
std::optional<PingState> ping_state_named(std::string_view word);

/// A claim, by any protocol, that `source` mentions an entry: what the sender said, before anyone looked.
struct PingClaim {
    PingClaim(EntryId the_entry, Origin the_origin, Url the_source)
        : entry(the_entry), origin(the_origin), source(std::move(the_source)) { }

    EntryId entry;
    Origin origin;
    Url source;
    std::string source_as_received;
    std::string target_as_received;
    std::string title;  ///< As claimed; what the page says outranks it.
    std::string excerpt;
    std::string blog_name;
    std::string vouch;       ///< Of a Webmention: a page that the owner may trust and that links to the source's site; may be empty.
    std::string status_key;  ///< Of a Webmention: names the ping at its status URL; cannot be guessed. Empty: it has none.
    std::string sender;      ///< Network address.
    Instant received;
};

struct Ping : PingClaim {
    Ping(PingId the_id, PingClaim claim) : PingClaim(std::move(claim)), id(the_id) { }

    PingId id;
    PingState state = PingState::Queued;
    std::string reason;  ///< Why it was refused, or why it still waits.
    int attempts = 0;
    Instant next_try;  ///< Of a queued ping.
    std::optional<MentionId> mention;
};

}  // namespace backtalk
