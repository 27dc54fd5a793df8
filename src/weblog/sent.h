#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "url/url.h"
#include "weblog/ids.h"

namespace backtalk {

enum class SentState {
    Queued,      ///< Waits for its turn or its next try.
    Accepted,    ///< The other side said yes.
    Refused,     ///< The other side said no, in its protocol.
    NoEndpoint,  ///< The target names none.
    Failed,      ///< Given up.
};
std::string_view to_word(SentState state);
std::optional<SentState> sent_state_named(std::string_view word);

/// One try's result.
struct SentOutcome {
    SentState state = SentState::Failed;
    std::string endpoint;
    std::string protocol;  ///< "trackback", or empty.
    std::string message;   ///< The other side's words, or what went wrong.
    Instant next_try;      ///< While queued.
    std::string
        version;  ///< Of the entry's text that was told; if it is no longer the one to tell, the ping stays queued. Empty: whichever.
    bool counts = true;  ///< As an attempt: false where a limit of ours was the reason.
};

/// What we told, or want to tell, a target that an entry links to. One for each (entry, target).
struct Sent {
    Sent(SentId the_id, EntryId the_entry, Url the_target) : id(the_id), entry(the_entry), target(std::move(the_target)) { }

    SentId id;
    EntryId entry;
    Url target;
    SentOutcome last;
    std::string version;  ///< Of the entry's text that the target is to be told.
    int attempts = 0;
    Instant updated;
};

}  // namespace backtalk
