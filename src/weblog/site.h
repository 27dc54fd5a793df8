#pragma once

#include <string>

#include "url/site_base.h"
#include "weblog/ids.h"

namespace backtalk {

enum class SiteKind { Hosted, External };

/// A weblog with a base URL.
struct Site {
    Site(SiteId the_id, SiteBase the_base) : id(the_id), base(std::move(the_base)) { }

    SiteId id;
    SiteBase base;
    SiteKind kind = SiteKind::Hosted;
    std::string title;
    std::string description;
    std::string author;
    std::string language = "en";
    std::string time_zone = "UTC";                             ///< IANA name; for dates that name no zone.
    std::string permalink_pattern = "{year}/{month}/{slug}/";  ///< See permalink.h.
    std::string feed_url;                                      ///< Of an external site: its feed or sitemap, watched for new entries.
    int feed_minutes = 0;                                      ///< How often; 0: never.
    std::string api_token;                                     ///< For asking the API about the whole site; empty: nobody may.
    std::string hook_url;                                      ///< Is told of each change of a mention; empty: none.
    std::string hook_secret;                                   ///< Key of the signatures.
};

}  // namespace backtalk
