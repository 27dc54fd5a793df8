#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/log.h"
#include "http/response.h"
#include "web/admin_schema.h"
#include "web/admin_theme.h"
#include "web/admin_visit.h"

namespace backtalk::web {

/// What the next page says about what was just done.
struct AdminMessage {
    enum class Kind { Done, Problem };
    AdminMessage(Kind the_kind, std::string the_text) : kind(the_kind), text(std::move(the_text)) { }

    Kind kind;
    std::string text;    ///< A sentence.
    std::string secret;  ///< Shown once, to be copied.
    /// What can be done about it.
    struct Button {
        Button(std::string the_label, std::string the_url) : label(std::move(the_label)), url(std::move(the_url)) { }
        std::string label;
        std::string url;  ///< Where it is posted to: AdminPlace::at().
        FormFields fields;
        bool is_undo = false;
    };
    std::vector<Button> buttons;
};

/// What all of the owner's pages share: head, navigation, messages, and how a form is answered.
class AdminFrame {
public:
    AdminFrame(AdminTheme theme, Log& log) : theme_(std::move(theme)), log_(log) { }

    /// A page: `view` is of a Schema derived from AdminPageSchema, filled but for its frame.
    http::Response page(AdminVisit const& visit, View view, std::string_view title, int status = 200);
    /// The answer to a form that was obeyed: go on at that page (AdminPlace::at()), which then says so. NB: of what no page has shown yet
    /// the last five messages are kept, cut where they are long, and without long fields of their buttons.
    http::Response done(AdminVisit const& visit, std::string const& next, std::string sentence);
    http::Response done(AdminVisit const& visit, std::string const& next, AdminMessage message);
    /// The same where it could not be done: an Error of a story, told to people. What is out of order is logged, not told.
    http::Response failed(AdminVisit const& visit, std::string const& next, Error const& error);
    /// A page that says only this.
    http::Response notice(AdminVisit const& visit, int status, std::string_view heading, std::string_view message);
    http::Response not_found(AdminVisit const& visit);
    /// A read that failed: a page that says so.
    http::Response out_of_order(AdminVisit const& visit, Error const& error);

    /// What waits in the inbox, shown in the navigation; asked for each page, so it should be cheap.
    void set_waiting(std::function<std::int64_t()> count) { waiting_ = std::move(count); }
    AdminTheme const& theme() const { return theme_; }

private:
    void fill(View& frame, AdminVisit const& visit, std::string_view title);
    std::deque<AdminMessage> taken_messages(AdminVisit const& visit);
    std::string sentence_of(Error const& error);

    static constexpr std::size_t sessions_with_messages_max = 1000;
    static constexpr std::size_t messages_of_session_max = 5;

    AdminTheme theme_;
    Log& log_;
    std::function<std::int64_t()> waiting_;
    std::mutex mutex_;
    std::map<SessionId, std::deque<AdminMessage>> messages_;
};

/// "8 Mar 2007, 11:41 UTC"
std::string shown_time(Instant instant);

}  // namespace backtalk::web
