#include "weblog/sent.h"

#include "weblog/words.h"

namespace backtalk {

namespace {
constexpr WordTable<SentState, 5> states = {{{{SentState::Queued, "queued"}, {SentState::Accepted, "accepted"},
    {SentState::Refused, "refused"}, {SentState::NoEndpoint, "no endpoint"}, {SentState::Failed, "failed"}}}};
}  // namespace

std::string_view to_word(SentState state) { return states.word(state); }
std::optional<SentState> sent_state_named(std::string_view word) { return states.named(word); }

}  // namespace backtalk
