#include "weblog/ping.h"

#include "weblog/words.h"

namespace backtalk {

namespace {
constexpr WordTable<Origin, 4> origins = {{{{Origin::Trackback, "trackback"}, {Origin::Pingback, "pingback"},
    {Origin::Webmention, "webmention"}, {Origin::Imported, "imported"}}}};
constexpr WordTable<PingState, 3> states = {
    {{{PingState::Queued, "queued"}, {PingState::Verified, "verified"}, {PingState::Refused, "refused"}}}};
}  // namespace

std::string_view to_word(Origin origin) { return origins.word(origin); }
std::optional<Origin> origin_named(std::string_view word) { return origins.named(word); }
std::string_view to_word(PingState state) { return states.word(state); }
std::optional<PingState> ping_state_named(std::string_view word) { return states.named(word); }

}  // namespace backtalk
