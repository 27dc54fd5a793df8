#include "web/admin_announcement.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace backtalk::web {

namespace {

/// "accepted by Webmention", "refused by TrackBack", "names no endpoint"
std::string outcome_of(Sent const& sent)
{
    std::string_view const protocol = protocol_name(sent.last.protocol);
    std::string const by = protocol.empty() ? std::string() : fmt::format(" by {}", protocol);
    switch (sent.last.state) {
    case SentState::Queued: return sent.attempts == 0 ? "still waits for its turn" : "could not be told yet";
    case SentState::Accepted: return fmt::format("accepted{}", by);
    case SentState::Refused: return fmt::format("refused{}", by);
    case SentState::NoEndpoint: return "named no endpoint";
    case SentState::Failed: return "could not be told";
    }
    return {};
}

/// Only Webmention has a way to say that there is no link any more.
bool can_take_back(Sent const& sent) { return sent.last.protocol == "webmention" && !sent.last.endpoint.empty(); }

}  // namespace

std::vector<AnnouncedTarget> announcement(std::vector<Url> const& targets, std::vector<Sent> const& sent, std::string const& text_version)
{
    using enum AnnouncedTarget::Change;
    std::map<std::string, Sent const*> last;
    for (Sent const& each : sent)
        last.emplace(each.target.str(), &each);
    std::vector<AnnouncedTarget> all;
    for (Url const& target : targets) {
        auto const found = last.find(target.str());
        if (found == last.end()) {
            all.emplace_back(target, New, std::nullopt);
            continue;
        }
        bool const is_same = found->second->linked && found->second->version.text == text_version;
        all.emplace_back(target, is_same ? Same : Again, *found->second);
        last.erase(found);
    }
    for (Sent const& each : sent)
        if (each.linked && last.contains(each.target.str()))
            all.emplace_back(each.target, can_take_back(each) ? TakenBack : LeftAlone, each);
    return all;
}

std::string_view word_of(AnnouncedTarget::Change change)
{
    using enum AnnouncedTarget::Change;
    switch (change) {
    case New: return "new";
    case Again: return "again";
    case Same: return "no change";
    case TakenBack:
    case LeftAlone: return "link removed";
    }
    return {};
}

std::string sentence_of(AnnouncedTarget const& target)
{
    using enum AnnouncedTarget::Change;
    switch (target.change) {
    case New: return "Not told yet. It is asked whether it wants to hear of links, and told.";
    case Again: return fmt::format("Before: {}. It is told again, because the text is another now.", outcome_of(*target.last));
    case Same: return fmt::format("With this very text: {}. Nothing more is sent.", outcome_of(*target.last));
    case TakenBack: return "It was told by Webmention, and is told to look again: the link is gone.";
    case LeftAlone: return fmt::format("Before: {}. There is no way to take that back, so nothing is sent.", outcome_of(*target.last));
    }
    return {};
}

std::string_view protocol_name(std::string_view word)
{
    auto const protocol = protocol_named(word);
    if (!protocol)
        return {};
    switch (*protocol) {
    case Protocol::Webmention: return "Webmention";
    case Protocol::Pingback: return "Pingback";
    case Protocol::Trackback: return "TrackBack";
    }
    return {};
}

}  // namespace backtalk::web
