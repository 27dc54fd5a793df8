#include "web/admin_inbox_query.h"

#include <algorithm>

#include "base/text.h"

namespace backtalk::web {

namespace {

constexpr std::size_t page_max = 100'000;

template <class Key> std::optional<Key> key_of(std::string_view text)
{
    auto const number = parse_integer<std::int64_t>(text);
    return number && *number > 0 ? std::optional(Key(*number)) : std::nullopt;
}

}  // namespace

InboxQuery InboxQuery::parse(std::string_view query)
{
    InboxQuery parsed;
    for (auto const& [name, value] : parse_form(query)) {
        if (name == "state")
            parsed.state = value == "refused" ? std::nullopt : std::optional(mention_state_named(value).value_or(MentionState::Held));
        else if (name == "site")
            parsed.filter.site = key_of<SiteId>(value);
        else if (name == "entry")
            parsed.filter.entry = key_of<EntryId>(value);
        else if (name == "origin")
            parsed.filter.origin = origin_named(value);
        else if (name == "host")
            parsed.filter.host = ascii_lower(trimmed(repaired_utf8(value))).substr(0, 253);
        else if (name == "page")
            parsed.page = std::clamp<std::size_t>(parse_integer<std::size_t>(value).value_or(1), 1, page_max);
    }
    return parsed;
}

std::string InboxQuery::str() const
{
    FormFields fields{{"state", std::string(state_word())}};
    if (filter.site)
        fields.emplace_back("site", std::to_string(filter.site->value));
    if (filter.entry)
        fields.emplace_back("entry", std::to_string(filter.entry->value));
    if (filter.origin)
        fields.emplace_back("origin", std::string(to_word(*filter.origin)));
    if (!filter.host.empty())
        fields.emplace_back("host", filter.host);
    if (page > 1)
        fields.emplace_back("page", std::to_string(page));
    return form_encoded(fields);
}

InboxQuery InboxQuery::in(std::optional<MentionState> other) const
{
    InboxQuery query = *this;
    query.state = other;
    query.page = 1;
    return query;
}

InboxQuery InboxQuery::at_page(std::size_t number) const
{
    InboxQuery query = *this;
    query.page = number;
    return query;
}

}  // namespace backtalk::web
