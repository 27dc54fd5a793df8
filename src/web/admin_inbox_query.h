#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/inbox.h"
#include "url/form.h"

namespace backtalk::web {

/// What a page of the inbox shows, as its address says it: `state=spam&host=shop.example&page=2`.
struct InboxQuery {
    /// Unknown words and numbers that are none count as not said.
    static InboxQuery parse(std::string_view query);
    std::string str() const;  ///< The query again, without "?".

    /// Nothing: refused pings.
    std::optional<MentionState> state = MentionState::Held;
    InboxFilter filter;
    std::size_t page = 1;

    bool is_filtered() const { return filter.site || filter.entry || filter.origin || !filter.host.empty(); }
    std::string_view state_word() const { return state ? to_word(*state) : "refused"; }
    InboxQuery in(std::optional<MentionState> other) const;  ///< Another part, its first page, the same filter.
    InboxQuery at_page(std::size_t number) const;
};

}  // namespace backtalk::web
