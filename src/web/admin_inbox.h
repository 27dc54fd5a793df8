#pragma once

#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct InboxPageSchema final : AdminPageSchema {
    InboxPageSchema() : AdminPageSchema("inbox") { }
};

/// The mentions that wait for a decision, and those that were decided.
class AdminInbox {
public:
    explicit AdminInbox(AdminFrame& frame) : frame_(frame) { }
    void add_to(AdminTable& table);

private:
    http::Response show(AdminVisit const& visit);

    AdminFrame& frame_;
};

}  // namespace backtalk::web
