#include "web/decided_message.h"

#include <chrono>

#include <fmt/format.h>

#include "base/counted.h"

namespace backtalk::web {

namespace {

/// Of what many others changed meanwhile, one has to look at the list again.
constexpr std::size_t decided_all_the_same_max = 50;

std::string_view verb_of(Decision decision)
{
    switch (decision) {
    case Decision::Approve: return "Approve";
    case Decision::Reject: return "Reject";
    case Decision::Spam: return "Mark as spam";
    case Decision::Delete: break;
    }
    return "Delete";
}

/// "approved this", "marked this as spam"
std::string done_to(Decision decision, std::string_view what)
{
    if (decision == Decision::Spam)
        return fmt::format("marked {} as spam", what);
    return fmt::format("{} {}", past_of(decision), what);
}

std::string ago(std::chrono::seconds time)
{
    using namespace std::chrono;
    if (time < 1min)
        return "a moment ago";
    if (time < 1h)
        return counted(duration_cast<minutes>(time).count(), "a minute", "minutes") + " ago";
    if (time < days(1))
        return counted(duration_cast<hours>(time).count(), "an hour", "hours") + " ago";
    return counted(duration_cast<days>(time).count(), "a day", "days") + " ago";
}

std::string withdrawn_sentence(Decided const& decided)
{
    if (decided.mentions == 1)
        return " Its source did not link here any more when it was last read, though: it is read again now, and shown if it does.";
    return fmt::format(
        " {} of the sources did not link here any more when they were last read: they are read again now, and shown if they do.",
        decided.withdrawn);
}

std::string overtaken_sentence(Decided const& decided)
{
    Overtaken const& first = decided.overtaken.front();
    bool const is_one = decided.overtaken.size() == 1;
    if (!is_one) {
        std::string_view const rest = decided.mentions == 0 ? "Nothing was changed: " : "";
        std::string const who =
            first.by ? fmt::format(" {} {} {}.", first.by->actor, done_to(first.by->decision, "one of them"), ago(first.by->ago)) : "";
        return fmt::format("{}{} are not as the page showed them.{}{}", rest, decided.overtaken.size(), who,
            decided.mentions == 0 ? "" : " They were left alone.");
    }
    std::string_view const end = decided.mentions == 0 ? "nothing was changed" : "that was left alone";
    if (first.by)
        return fmt::format("{} {} {}; {}.", first.by->actor, done_to(first.by->decision, decided.mentions == 0 ? "this" : "one of them"),
            ago(first.by->ago), end);
    return fmt::format(
        "{} is not as the page showed it; {}. {}", decided.mentions == 0 ? "This" : "One of them", end, what_it_is_now(first.state));
}

}  // namespace

std::string_view past_of(Decision decision)
{
    switch (decision) {
    case Decision::Approve: return "approved";
    case Decision::Reject: return "rejected";
    case Decision::Spam: return "marked as spam";
    case Decision::Delete: break;
    }
    return "deleted";
}

std::string_view what_it_is_now(MentionState state)
{
    switch (state) {
    case MentionState::Held: return "It waits for a decision.";
    case MentionState::Published: return "It is published.";
    case MentionState::Spam: return "It is in the spam.";
    case MentionState::Gone: return "Its source is gone, or does not link here any more.";
    case MentionState::Deleted: break;
    }
    return "It was rejected.";
}

AdminMessage decided_message(AdminPlace const& place, Decided const& decided, Decision decision, std::string_view back)
{
    AdminMessage message(decided.id ? AdminMessage::Kind::Done : AdminMessage::Kind::Problem, "");
    if (decided.mentions == 1)
        message.text = fmt::format("The mention is {}.", past_of(decision));
    else if (decided.mentions > 1)
        message.text = fmt::format("{} mentions are {}.", decided.mentions, past_of(decision));
    if (decided.withdrawn > 0)
        message.text += withdrawn_sentence(decided);
    if (decided.id) {
        AdminMessage::Button& undo = message.buttons.emplace_back("Undo", place.at("inbox/undo"));
        undo.is_undo = true;
        undo.fields = {{"decision", std::to_string(decided.id->value)}, {"back", std::string(back)}};
    }
    if (decided.overtaken.empty())
        return message;
    message.text += fmt::format("{}{}", message.text.empty() ? "" : " ", overtaken_sentence(decided));
    if (decided.overtaken.size() <= decided_all_the_same_max) {
        AdminMessage::Button& again = message.buttons.emplace_back(fmt::format("{} all the same", verb_of(decision)), place.at("inbox"));
        again.fields = {{"do", std::string(to_word(decision))}, {"back", std::string(back)}, {"anyway", "yes"}};
        for (Overtaken const& each : decided.overtaken)
            again.fields.emplace_back("pick", fmt::format("m{}", each.mention.value));
    }
    return message;
}

}  // namespace backtalk::web
