#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "weblog/ids.h"

namespace backtalk {

using HookId = Id<struct HookTag>;

/// What became of a mention that is shown, or was.
enum class HookEvent {
    Published,  ///< It is shown from now on.
    Updated,    ///< It is shown, and says something else.
    Deleted,    ///< It is no longer shown: withdrawn by its source, or taken away by the owner.
};
std::string_view to_word(HookEvent event);
std::optional<HookEvent> hook_event_named(std::string_view word);

enum class HookState {
    Waiting,    ///< For its turn or its next try.
    Delivered,  ///< The receiver said yes.
    Failed,     ///< Given up.
    Replaced,   ///< A newer change of the same mention came before it was delivered, and is told instead.
};
std::string_view to_word(HookState state);
std::optional<HookState> hook_state_named(std::string_view word);

/// A change of a mention that the site's receiver is told.
struct Hook {
    Hook(HookId the_id, SiteId the_site, MentionId the_mention) : id(the_id), site(the_site), mention(the_mention) { }

    HookId id;  ///< Grows: what changed later has the larger one.
    SiteId site;
    MentionId mention;
    std::string source;  ///< As first announced; with the path, what the receiver knows the mention by.
    std::string path;    ///< Of the entry's permalink, below the site's base.
    HookEvent event = HookEvent::Published;
    std::string delivery;  ///< Names it to the receiver; the same at each try.
    HookState state = HookState::Waiting;
    Instant queued;
    Instant next_try;  ///< While waiting.
    int attempts = 0;
    Instant updated;
    std::string note;  ///< What the receiver answered, or what went wrong.
};

/// One try's result.
struct HookOutcome {
    HookState state = HookState::Failed;
    std::string note;
    std::optional<Instant> pause;  ///< Nothing is sent to the site's receiver before.
    bool counts = true;            ///< As an attempt: false where a limit of ours was the reason.
};

}  // namespace backtalk
