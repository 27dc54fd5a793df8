#include "web/admin_frame.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "web/sentence.h"

namespace backtalk::web {

namespace {

struct Section {
    std::string_view name;
    std::string_view path;
    Action needs;
};
constexpr std::array sections = {
    Section{"Inbox", "inbox", Action::ReadInbox},
    Section{"Entries", "entries", Action::WriteEntries},
    Section{"Sent", "sent", Action::ReadSent},
    Section{"Sites", "sites", Action::ManageSites},
    Section{"People", "people", Action::ManagePeople},
    Section{"Settings", "settings", Action::ChangeSettings},
    Section{"Activity", "activity", Action::ReadActivity},
};

std::string_view section_of(AdminVisit const& visit)
{
    std::string_view const first = std::string_view(visit.path).substr(0, visit.path.find('/'));
    return first == "blocks" ? "inbox" : first;
}

void fill_message(View& view, AdminMessage const& message)
{
    auto const& fields = schema<AdminMessageSchema>();
    view.set(fields.text, message.text).set(fields.is_problem, message.kind == AdminMessage::Kind::Problem);
    view.set(fields.secret, message.secret);
    auto const& shown = schema<MessageButtonSchema>();
    auto const& hidden = schema<HiddenFieldSchema>();
    for (AdminMessage::Button const& button : message.buttons) {
        View& form = view.add(fields.buttons).set(shown.label, button.label).set(shown.url, button.url).set(shown.is_undo, button.is_undo);
        for (auto const& [name, value] : button.fields)
            form.add(shown.fields).set(hidden.name, name).set(hidden.value, value);
    }
}

constexpr std::size_t message_characters_max = 1000;
constexpr std::size_t button_field_bytes_max = 1000;

/// What a message keeps in memory until somebody looks: forms may be as long as their sender likes.
AdminMessage bounded(AdminMessage message)
{
    message.text = cut_at_word(message.text, message_characters_max);
    for (AdminMessage::Button& button : message.buttons)
        std::erase_if(button.fields, [](auto const& field) { return field.first.size() + field.second.size() > button_field_bytes_max; });
    return message;
}

}  // namespace

void AdminFrame::fill(View& frame, AdminVisit const& visit, std::string_view title)
{
    auto const& fields = schema<FrameSchema>();
    AdminPlace const& place = visit.place;
    frame.set(fields.title, title).set(fields.site_title, place.site_title).set(fields.home_url, place.home_url);
    frame.set(fields.start_url, place.at("")).set(fields.style_url, place.at(theme_.style_name()));
    frame.set(fields.script, fmt::format("<script src=\"{}\" defer></script>", escaped(place.at(theme_.script_name()))));
    frame.set(fields.csrf, accounts::csrf_token(visit.cookie));
    frame.set(fields.sign_in_url, place.at("sign-in"));
    if (!visit.who)
        return;
    frame.set(fields.is_signed_in, true).set(fields.user, visit.user().name.str()).set(fields.role, to_word(visit.user().role));
    frame.set(fields.account_url, place.at("account")).set(fields.account_is_current, section_of(visit) == "account");
    frame.set(fields.sign_out_url, place.at("sign-out"));
    auto const& link = schema<AdminLinkSchema>();
    for (Section const& section : sections) {
        if (!visit.may(section.needs))
            continue;
        View& shown = frame.add(fields.navigation).set(link.name, section.name).set(link.url, place.at(section.path));
        shown.set(link.is_current, section_of(visit) == section.path);
        if (section.path == "inbox")
            shown.set(link.is_inbox, true).set(link.count, waiting_ ? waiting_() : 0);
    }
    for (AdminMessage const& message : taken_messages(visit))
        fill_message(frame.add(fields.messages), message);
}

http::Response AdminFrame::page(AdminVisit const& visit, View view, std::string_view title, int status)
{
    View frame(schema<FrameSchema>());
    fill(frame, visit, title);
    // Every page derives from AdminPageSchema, whose first and only field is the frame.
    view.hold(static_cast<AdminPageSchema const&>(view.schema()).frame, frame);
    Result<std::string> html = theme_.render(view);
    if (!html) {
        log_.error(fmt::format("the page {} of the owner: {}", visit.path, html.error().text));
        return http::text(500, "This page cannot be shown. The log says why.\n");
    }
    return http::html(status, *std::move(html));
}

http::Response AdminFrame::done(AdminVisit const& visit, std::string const& next, std::string sentence)
{
    return done(visit, next, AdminMessage(AdminMessage::Kind::Done, std::move(sentence)));
}

http::Response AdminFrame::done(AdminVisit const& visit, std::string const& next, AdminMessage message)
{
    if (visit.program)
        return http::text(message.kind == AdminMessage::Kind::Done ? 200 : 400, message.text + "\n");
    if (visit.who) {
        std::scoped_lock const lock(mutex_);
        if (messages_.size() >= sessions_with_messages_max)
            messages_.clear();
        std::deque<AdminMessage>& waiting = messages_[visit.who->session.id];
        waiting.push_back(bounded(std::move(message)));
        if (waiting.size() > messages_of_session_max)
            waiting.pop_front();
    }
    return http::redirect(303, next);
}

http::Response AdminFrame::failed(AdminVisit const& visit, std::string const& next, Error const& error)
{
    return done(visit, next, AdminMessage(AdminMessage::Kind::Problem, sentence_of(error)));
}

std::string AdminFrame::sentence_of(Error const& error)
{
    if (error.code == ErrorCode::Internal || error.code == ErrorCode::Unavailable) {
        log_.error(fmt::format("the owner's pages: {}", error.text));
        return "Something is out of order here, and nothing was changed. The log says what.";
    }
    return as_sentence(error.text);
}

http::Response AdminFrame::notice(AdminVisit const& visit, int status, std::string_view heading, std::string_view message)
{
    auto const& fields = schema<NoticePageSchema>();
    View view(fields);
    view.set(fields.heading, heading).set(fields.message, message);
    view.set(fields.next_url, visit.place.at(visit.who ? "" : "sign-in")).set(fields.next, visit.who ? "To the first page" : "Sign in");
    return page(visit, std::move(view), heading, status);
}

http::Response AdminFrame::not_found(AdminVisit const& visit)
{
    return notice(visit, 404, "Nothing is here", "None of the owner’s pages has this address, or what it was about is gone.");
}

http::Response AdminFrame::out_of_order(AdminVisit const& visit, Error const& error)
{
    log_.error(fmt::format("{}: {}", visit.path, error.text));
    return notice(
        visit, error.may_pass() ? 503 : 500, "Something is out of order", "This page cannot be shown for the moment. The log says why.");
}

std::deque<AdminMessage> AdminFrame::taken_messages(AdminVisit const& visit)
{
    std::scoped_lock const lock(mutex_);
    auto const found = messages_.find(visit.who->session.id);
    if (found == messages_.end())
        return {};
    std::deque<AdminMessage> messages = std::move(found->second);
    messages_.erase(found);
    return messages;
}

std::string shown_time(Instant instant)
{
    CivilTime const time = civil_time(instant);
    return fmt::format("{} {} {}, {:02}:{:02} UTC", time.day, month_name(time.month).substr(0, 3), time.year, time.hour, time.minute);
}

}  // namespace backtalk::web
