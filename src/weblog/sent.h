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
    Refused,     ///< The other side said no, in its protocol; or its endpoint is one that we may not ask.
    NoEndpoint,  ///< The target names none.
    Failed,      ///< Given up.
};
std::string_view to_word(SentState state);
std::optional<SentState> sent_state_named(std::string_view word);

/// What there is to tell of an entry, as hashes.
struct SentVersion {
    SentVersion() = default;
    SentVersion(std::string the_text, std::string the_responses) : text(std::move(the_text)), responses(std::move(the_responses)) { }

    std::string text;       ///< Of its title, text and permalink; another one: every target is told.
    std::string responses;  ///< Of the responses shown under it (S13); another one: those told by Webmention are told again.
    bool operator==(SentVersion const&) const = default;
};

/// One try's result.
struct SentOutcome {
    SentState state = SentState::Failed;
    std::string endpoint;
    std::string protocol;    ///< "webmention", "pingback", "trackback", or empty.
    std::string message;     ///< The other side's words, or what went wrong.
    std::string status_url;  ///< Where the other side says how it goes on; may be empty.
    Instant next_try;        ///< While queued.
    /// Of the entry that was told; if it is no longer the one to tell, the ping stays queued. Empty: whichever.
    SentVersion version;
    bool counts = true;  ///< As an attempt: false where a limit of ours was the reason.
};

/// What we told, or want to tell, a target that an entry links to. One for each (entry, target).
struct Sent {
    Sent(SentId the_id, EntryId the_entry, Url the_target) : id(the_id), entry(the_entry), target(std::move(the_target)) { }

    SentId id;
    EntryId entry;
    Url target;
    SentOutcome last;
    SentVersion version;  ///< Of the entry that the target is to be told, see SentVersion.
    bool linked = true;   ///< False once the entry no longer links there, or was deleted: only who can take a ping back is told.
    int attempts = 0;
    Instant updated;
};

}  // namespace backtalk
