#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/send_ping.h"
#include "weblog/sent.h"

namespace backtalk::web {

/// What publishing an entry means for one target.
struct AnnouncedTarget {
    enum class Change {
        New,        ///< Is asked for an endpoint, and told.
        Again,      ///< Was tried before; is told again, since the text is another.
        Same,       ///< Was tried with this very text: nothing is sent.
        TakenBack,  ///< No longer a target: told to look again.
        LeftAlone,  ///< No longer a target, but nothing can be sent.
    };
    AnnouncedTarget(Url the_target, Change the_change, std::optional<Sent> the_last)
        : target(std::move(the_target)), change(the_change), last(std::move(the_last))
    {
    }
    Url target;
    Change change;
    std::optional<Sent> last;  ///< What was sent there before.
};

/// Whether it is a target still. These come first.
constexpr bool is_told(AnnouncedTarget::Change change) { return change <= AnnouncedTarget::Change::Same; }

/// Who will be told of an entry whose targets_of() and text_version() are these, and who was, by what was sent before; without asking the
/// network.
std::vector<AnnouncedTarget> announcement(std::vector<Url> const& targets, std::vector<Sent> const& sent, std::string const& text_version);

/// "new", "again", "no change", "link removed"
std::string_view word_of(AnnouncedTarget::Change change);
/// What that means, for people.
std::string sentence_of(AnnouncedTarget const& target);

/// "Webmention", "Pingback", "TrackBack"; empty for none.
std::string_view protocol_name(std::string_view word);

}  // namespace backtalk::web
