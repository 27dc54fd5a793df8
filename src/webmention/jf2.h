#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "weblog/mention.h"

namespace backtalk::webmention {

/// What webmention.io calls the relation of a source to its target: "in-reply-to", "like-of", "mention-of", "rsvp" …
std::string_view wm_property(MentionType type);
std::optional<MentionType> mention_type_of_property(std::string_view wm_property);
/// What webmention.io calls the type in its older form and in its counts: "reply", "like", "link", "rsvp" …
std::string_view activity_type(MentionType type);

/// A mention as an entry of JF2, with the members that webmention.io gives it. `target`: the absolute address of the entry, which
/// becomes wm-target; always the permalink, whatever address of it was announced, so that programs find all of one page.
///
/// NB: wm-received is when the mention came to be listed, not when it was announced: what waited for its owner would lie before what a
/// program has read already. Words around the link stand for a content that the source does not mark. The texts are those of the
/// source, and content.html is sanitised; nothing else is to be put into a page without escaping it.
/// Spec: the API of webmention.io, .jf2; https://jf2.spec.indieweb.org/
boost::json::object jf2_object(StoredMention const& mention, std::string_view target);

/// The same in webmention.io's older form, with the sentences that it had in 2022. data.content and activity.sentence_html are HTML that
/// cannot harm a page.
///
/// Spec: the API of webmention.io, .json
boost::json::object classic_object(StoredMention const& mention, std::string_view target);

/// JSON that stays data wherever it is put, be it into a script: no "<", ">", "&", U+2028 or U+2029; always valid UTF-8.
std::string script_safe_json(boost::json::value const& value);

}  // namespace backtalk::webmention
