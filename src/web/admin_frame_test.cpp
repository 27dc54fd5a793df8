#include <catch2/catch.hpp>

#include "base/log.h"
#include "web/admin_frame.h"

using namespace backtalk;
using namespace backtalk::web;

namespace {

/// A frame and somebody who is signed in.
struct Desk {
    Desk()
    {
        User ada(UserId(1), accounts::UserName::parse("ada").value(), Role::Owner);
        visit.who = std::make_shared<SignedIn const>(Session(SessionId(1), ada.id), ada);
    }
    std::string next_page()
    {
        View view(schema<NoticePageSchema>());
        return frame.page(visit, std::move(view), "Title").body;
    }

    SilentLog log;
    AdminFrame frame{AdminTheme::load().value(), log};
    AdminVisit visit{http::Request(), AdminPlace(), "inbox", SecretToken::random()};
};

}  // namespace

TEST_CASE("what was done is said once", "[web]")
{
    Desk desk;
    CHECK(desk.frame.done(desk.visit, "/admin/inbox", "The mention is approved.").status == 303);
    CHECK(desk.next_page().find("The mention is approved.") != std::string::npos);
    CHECK(desk.next_page().find("The mention is approved.") == std::string::npos);
}

TEST_CASE("of what nobody looks at little is kept", "[web]")
{
    Desk desk;
    for (int i = 0; i < 200; ++i) {
        AdminMessage message(AdminMessage::Kind::Done, "Deed " + std::to_string(i) + ". " + std::string(250'000, 'x'));
        AdminMessage::Button undo("Undo", "/admin/inbox/undo");
        undo.fields.emplace_back("decision", "17");
        undo.fields.emplace_back("back", std::string(250'000, 'y'));
        message.buttons.push_back(std::move(undo));
        (void)desk.frame.done(desk.visit, "/admin/inbox", std::move(message));
    }
    std::string const page = desk.next_page();
    CHECK(page.size() < 50'000);
    CHECK(page.find("Deed 194.") == std::string::npos);
    for (std::string_view const deed : {"Deed 195.", "Deed 199.", "value=\"17\""})
        CHECK(page.find(deed) != std::string::npos);
}
