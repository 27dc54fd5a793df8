#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/site_directory.h"
#include "app/store.h"
#include "web/admin_frame.h"
#include "web/admin_visit.h"

namespace backtalk::web {

// What the pages of those who write have in common.

/// Whether they may change an entry: all, or only those that bear their own name as the author's.
bool may_edit(AdminVisit const& visit, std::string_view author);
/// As EntryQuery and the like have it: the only author whose entries they may see, empty for all.
std::string only_author(AdminVisit const& visit);

/// The entry with the number in the path, if they may change it. Errors: NotFound, Refused (somebody else's; a page of another program).
Result<Entry> entry_of(Store& store, SiteDirectory const& sites, AdminVisit const& visit);
/// The page that says so.
http::Response not_editable(AdminFrame& frame, AdminVisit const& visit, Error const& error);

/// The site with the number in the field, if there is one; else the one that the pages are seen at; else the first. Null: there is none.
std::shared_ptr<Site const> site_of(SiteDirectory const& sites, AdminVisit const& visit, std::string_view number);
/// Hosted ones, by their titles: where something can be written.
std::vector<std::shared_ptr<Site const>> hosted_sites(SiteDirectory const& sites);
std::string name_of(Site const& site);

/// What stands for an entry without a title.
std::string title_or_stand_in(std::string_view title);
/// "entry 12 “The harbour”", for the activity.
std::string subject_of(Entry const& entry);
/// "8 Mar 2007, 06:41", by the entry's own clock.
std::string local_time(Instant instant, std::chrono::minutes offset);
/// The page of a list that the query asks for, from 1.
std::size_t page_number(AdminVisit const& visit);

}  // namespace backtalk::web
