#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "weblog/entry.h"
#include "weblog/sent.h"

namespace backtalk {

/// Which entries somebody who writes wants to see.
struct DeskEntryQuery {
    explicit DeskEntryQuery(SiteId the_site) : site(the_site) { }

    SiteId site;
    std::vector<EntryStatus> statuses;  ///< At least one.
    std::vector<std::string> words;     ///< All of them stand in the title, in whatever case (of ASCII). Empty: any.
    std::string author;                 ///< Only theirs, in whatever case (of ASCII). Empty: of all.
    std::size_t limit = 50;
    std::size_t offset = 0;  ///< Newest first.
};

/// An entry in a list, without its text.
struct DeskEntry {
    EntryId id;
    std::string title;
    EntryStatus status = EntryStatus::Draft;
    Instant published;
    std::chrono::minutes offset{};
    std::string author;
    std::string path;
    std::int64_t mentions = 0;     ///< Published ones.
    std::int64_t sent_failed = 0;  ///< Targets that could not be told, or refused.
};

/// Which of the targets somebody wants to see.
struct DeskSentQuery {
    std::optional<EntryId> entry;
    std::optional<SentState> state;
    std::string author;  ///< Of the entry, as above.
    std::size_t limit = 50;
    std::size_t offset = 0;  ///< What changed last comes first.
};

/// What was sent, and what it tells of.
struct DeskSent {
    DeskSent(Sent the_sent, std::string title, std::string author)
        : sent(std::move(the_sent)), entry_title(std::move(title)), entry_author(std::move(author))
    {
    }
    Sent sent;
    std::string entry_title;
    std::string entry_author;
};

/// What the desk of those who write asks of the store. Errors: as Store.
class DeskStore {
public:
    virtual ~DeskStore() = default;

    virtual Result<std::vector<DeskEntry>> desk_entries(DeskEntryQuery const& query) = 0;
    virtual Result<std::vector<DeskSent>> desk_sent(DeskSentQuery const& query) = 0;
};

}  // namespace backtalk
