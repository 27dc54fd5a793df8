#include "weblog/response.h"

#include "weblog/words.h"

namespace backtalk {

namespace {
constexpr WordTable<MentionType, 6> types = {{{{MentionType::Mention, "mention"}, {MentionType::Reply, "reply"},
    {MentionType::Like, "like"}, {MentionType::Repost, "repost"}, {MentionType::Bookmark, "bookmark"}, {MentionType::Rsvp, "rsvp"}}}};
}  // namespace

std::string_view to_word(MentionType type) { return types.word(type); }
std::optional<MentionType> mention_type_named(std::string_view word) { return types.named(word); }

}  // namespace backtalk
