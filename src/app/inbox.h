#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "weblog/ids.h"
#include "weblog/mention.h"
#include "weblog/ping.h"

namespace backtalk {

/// What somebody who moderates wants to see.
struct InboxFilter {
    std::optional<SiteId> site;
    std::optional<EntryId> entry;
    std::optional<Origin> origin;
    std::string host;  ///< Of the source, and all below it: "friend.example" finds "www.friend.example". In lower case; empty: any.
};

struct InboxPart {
    std::size_t limit = 50;
    std::size_t offset = 0;  ///< Newest first: of what is published, by when it came to be shown, else by when it was received.
};

/// One thing to decide: a mention, or a campaign, of which the newest stands for all.
struct InboxItem {
    explicit InboxItem(StoredMention the_mention) : mention(std::move(the_mention)) { }
    StoredMention mention;
    std::int64_t campaign = 0;  ///< 0: of none.
    std::int64_t mentions = 1;  ///< Of the campaign, in the same state and as the filter says.
    MentionId newest;           ///< Of these, the one with the highest id.
};

/// Things to decide, a campaign counted once.
struct InboxCounts {
    std::int64_t held = 0;
    std::int64_t published = 0;
    std::int64_t spam = 0;
    std::int64_t gone = 0;
    std::int64_t deleted = 0;
    std::int64_t refused = 0;  ///< Pings
};

/// What the inbox asks of the store.
class InboxStore {
public:
    virtual ~InboxStore() = default;

    virtual Result<std::vector<InboxItem>> inbox(MentionState state, InboxFilter const& filter, InboxPart part) = 0;
    /// Pings that were refused when they were checked.
    virtual Result<std::vector<Ping>> refused_pings(InboxFilter const& filter, InboxPart part) = 0;
    virtual Result<InboxCounts> inbox_counts(InboxFilter const& filter) = 0;
    /// What waits for a decision: held, a campaign counted once. Cheap.
    virtual Result<std::int64_t> count_held() = 0;
    /// Those that an InboxItem stood for: `up_to` is its `newest`. What came since is not among them.
    virtual Result<std::vector<MentionId>> campaign_mentions(
        std::int64_t campaign, MentionState state, InboxFilter const& filter, MentionId up_to) = 0;
    /// What is decided together with this mention, as far as it is held: all of its campaign, else itself alone. The newest first.
    virtual Result<std::vector<MentionId>> held_alike(MentionId mention) = 0;
};

}  // namespace backtalk
