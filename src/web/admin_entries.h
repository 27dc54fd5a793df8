#pragma once

#include "app/desk.h"
#include "app/people.h"
#include "app/publish_entry.h"
#include "web/admin_entries_schema.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

/// The list of entries, and the page that asks before one is deleted. Writing them: AdminEntryEditor.
class AdminEntries {
public:
    static constexpr std::size_t entries_a_page = 40;

    AdminEntries(AdminFrame& frame, Store& store, DeskStore& desk, SiteDirectory const& sites, Publisher& publisher, People& people)
        : frame_(frame), store_(store), desk_(desk), sites_(sites), publisher_(publisher), people_(people)
    {
    }
    void add_to(AdminTable& table);

private:
    http::Response list(AdminVisit const& visit);
    http::Response ask(AdminVisit const& visit);
    Task<http::Response> remove(AdminVisit visit);

    void fill_filter(View& view, AdminVisit const& visit, Site const& site);
    void fill_entry(View& row, AdminVisit const& visit, Site const& site, DeskEntry const& entry);

    AdminFrame& frame_;
    Store& store_;
    DeskStore& desk_;
    SiteDirectory const& sites_;
    Publisher& publisher_;
    People& people_;
};

}  // namespace backtalk::web
