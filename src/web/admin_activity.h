#pragma once

#include "app/people.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct DeedSchema : Schema {
    DeedSchema() : Schema("deed") { }
    TextField const at{*this, "at"};
    TextField const at_iso{*this, "at_iso"};
    TextField const who{*this, "who"};
    TextField const what{*this, "what"};
    TextField const subject{*this, "subject"};
    TextField const address{*this, "address"};
};

struct ActivityPageSchema final : AdminPageSchema {
    ActivityPageSchema() : AdminPageSchema("activity") { }
    ListField const deeds{*this, "deeds", schema<DeedSchema>()};
    FlagField const is_empty{*this, "is_empty"};
    UrlField const newer_url{*this, "newer_url"};
    UrlField const older_url{*this, "older_url"};
};

/// Who did what, newest first.
class AdminActivity {
public:
    AdminActivity(AdminFrame& frame, People& people) : frame_(frame), people_(people) { }
    void add_to(AdminTable& table);

private:
    http::Response list(AdminVisit const& visit);

    static constexpr std::size_t deeds_a_page = 50;

    AdminFrame& frame_;
    People& people_;
};

}  // namespace backtalk::web
