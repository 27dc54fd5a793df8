#pragma once

#include <string>
#include <vector>

#include "app/entry_html.h"
#include "app/store.h"
#include "web/page_schema.h"
#include "web/theme.h"

namespace backtalk::web {

// From what the store holds to what a theme shows.

/// Where a site's own pages are, relative to the host: "/blog/archives/".
std::string local_path(Site const& site, std::string_view relative);
std::string category_path(Site const& site, std::string_view slug);
std::string tag_path(Site const& site, std::string_view slug);
/// "2007/", "2007/03/", "2007/03/08/"; zero for what is left out.
std::string date_path(Site const& site, int year, int month = 0, int day = 0);

View site_view(Site const& site, Theme const& theme);
enum class ShowBody { No, Yes };
void fill_entry(View& view, Site const& site, Entry const& entry, ShowBody show_body, std::int64_t mention_count);
void fill_comment(View& view, Site const& site, Entry const& entry, Comment const& comment, std::int64_t number);
/// The head of an entry's page: canonical, Open Graph, JSON-LD, RDF, link to its ping URL.
void fill_entry_head(View& head, Site const& site, Entry const& entry);

}  // namespace backtalk::web
