#pragma once

#include <functional>

#include "app/desk.h"
#include "app/people.h"
#include "app/site_directory.h"
#include "app/store.h"
#include "web/admin_entries_schema.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

/// What the targets of our entries answered, and telling them again.
class AdminSent {
public:
    static constexpr std::size_t sent_a_page = 50;

    /// `wake_sender`: after something was queued to be sent again.
    AdminSent(AdminFrame& frame, Store& store, DeskStore& desk, People& people, std::function<void()> wake_sender)
        : frame_(frame), store_(store), desk_(desk), people_(people), wake_sender_(std::move(wake_sender))
    {
    }
    void add_to(AdminTable& table);

private:
    http::Response list(AdminVisit const& visit);
    Task<http::Response> retry(AdminVisit visit);

    Result<void> fill(View& view, AdminVisit const& visit);
    void fill_sent(View& row, AdminVisit const& visit, DeskSent const& each);
    /// What was chosen and is of entries that the visitor may change. Errors: Malformed (nothing).
    Result<std::vector<SentId>> chosen(AdminVisit const& visit);

    AdminFrame& frame_;
    Store& store_;
    DeskStore& desk_;
    People& people_;
    std::function<void()> wake_sender_;
};

}  // namespace backtalk::web
