#pragma once

#include <string>
#include <string_view>

#include "app/moderation_store.h"
#include "web/admin_frame.h"

namespace backtalk::web {

// How the owner's pages speak of decisions.

/// "approved", "marked as spam"
std::string_view past_of(Decision decision);
/// "It is published."
std::string_view what_it_is_now(MentionState state);

/// What came of a decision, with a button that takes it back, and one that decides all the same about what was left alone. `back`: the part
/// of the inbox that the buttons lead to (InboxQuery::str()).
AdminMessage decided_message(AdminPlace const& place, Decided const& decided, Decision decision, std::string_view back = "");

}  // namespace backtalk::web
