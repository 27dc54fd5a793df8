#include "weblog/hook.h"

#include "weblog/words.h"

namespace backtalk {

namespace {
constexpr WordTable<HookEvent, 3> events = {
    {{{HookEvent::Published, "published"}, {HookEvent::Updated, "updated"}, {HookEvent::Deleted, "deleted"}}}};
constexpr WordTable<HookState, 4> states = {{{{HookState::Waiting, "waiting"}, {HookState::Delivered, "delivered"},
    {HookState::Failed, "failed"}, {HookState::Replaced, "replaced"}}}};
}  // namespace

std::string_view to_word(HookEvent event) { return events.word(event); }
std::optional<HookEvent> hook_event_named(std::string_view word) { return events.named(word); }
std::string_view to_word(HookState state) { return states.word(state); }
std::optional<HookState> hook_state_named(std::string_view word) { return states.named(word); }

}  // namespace backtalk
