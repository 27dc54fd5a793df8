#include "web/admin_inbox.h"

namespace backtalk::web {

void AdminInbox::add_to(AdminTable& table) { table.get("inbox", Action::ReadInbox, *this, &AdminInbox::show); }

http::Response AdminInbox::show(AdminVisit const& visit) { return frame_.page(visit, View(schema<InboxPageSchema>()), "Inbox"); }

}  // namespace backtalk::web
