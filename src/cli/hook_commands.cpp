#include <fmt/format.h>

#include "async/task_group.h"
#include "base/text.h"
#include "cli/commands.h"

namespace backtalk::cli {

namespace {

constexpr std::size_t shown_characters_max = 500;

std::string target_of(Home& home, Hook const& hook)
{
    auto const site = home.sites.find(hook.site);
    return site ? site->base.at(hook.path).str() : hook.path;
}

JsonLine json_of(Home& home, Hook const& hook)
{
    auto const site = home.sites.find(hook.site);
    JsonLine line;
    line.add("id", hook.id.value).add("site", site ? site->base.url().str() : "").add("mention", hook.mention.value);
    line.add("event", to_word(hook.event))
        .add("state", to_word(hook.state))
        .add("source", hook.source)
        .add("target", target_of(home, hook));
    line.add("delivery", hook.delivery).add("attempts", std::int64_t(hook.attempts)).add("note", hook.note);
    line.add("queued", rfc3339(hook.queued)).add("updated", rfc3339(hook.updated));
    if (hook.state == HookState::Waiting)
        line.add("next_try", rfc3339(hook.next_try));
    else
        line.add_null("next_try");
    return line;
}

Result<void> list_hooks(Home& home, Options const& options, Streams& streams)
{
    HookQuery query;
    query.state = hook_state_named(options.state);
    query.limit = options.limit.value_or(SIZE_MAX);
    if (!options.site.empty()) {
        TRY(auto const site, chosen_site(home, options));
        query.site = site->id;
    }
    TRY(std::vector<Hook> const hooks, home.store.hooks(query));
    for (Hook const& hook : hooks) {
        if (options.json)
            streams.print(json_of(home, hook).str());
        else
            streams.print(fmt::format("{:>6}  {:<9}  {:<9}  {} -> {}{}{}{}\n", hook.id.value, to_word(hook.state), to_word(hook.event),
                hook.source, target_of(home, hook), hook.note.empty() ? "" : "  ", hook.note,
                hook.state == HookState::Waiting && hook.next_try > home.clock.now() ? "  next try " + rfc3339(hook.next_try) : ""));
    }
    return {};
}

Result<void> test_hook(Home& home, Options const& options, Streams& streams)
{
    TRY(auto const site, chosen_site(home, options));
    TRY(Fetched const answer, run_blocking(home.pool, home.hooks.test(*site, Deadline::in(std::chrono::minutes(1)))));
    HookOutcome const outcome = outcome_of_hook_answer(answer, home.clock.now());
    std::string_view const verdict = outcome.state == HookState::Delivered ? "delivered"
        : outcome.state == HookState::Waiting                              ? "would be tried again"
                                                                           : "refused";
    std::string const words = cut_at_word(without_controls(repaired_utf8(answer.body)), shown_characters_max);
    if (options.json)
        streams.print(JsonLine()
                .add("url", site->hook_url)
                .add("status", std::int64_t(answer.status))
                .add("outcome", verdict)
                .add("answer", words)
                .str());
    else
        streams.print(
            fmt::format("sent to {}\nHTTP {}: {}\n{}{}", site->hook_url, answer.status, verdict, words, words.empty() ? "" : "\n"));
    if (outcome.state != HookState::Delivered)
        return failure(ErrorCode::Refused, fmt::format("the receiver answered {}", outcome.note));
    return {};
}

}  // namespace

Result<void> run_hooks_command(Home& home, Options const& options, Streams& streams)
{
    if (options.command == "hooks list")
        return list_hooks(home, options, streams);
    if (options.command == "hooks test")
        return test_hook(home, options, streams);
    std::vector<HookId> ids;
    for (std::int64_t const id : options.ids)
        ids.emplace_back(id);
    return run_blocking(home.pool, home.store.retry_hooks(std::move(ids)));
}

}  // namespace backtalk::cli
