#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "weblog/ping.h"

namespace backtalk::judge {

// All that is known of a ping when it is judged. Plain values, gathered by others.

/// What the ping says, or the page where it says it better; and where it comes from.
struct PingEvidence {
    std::string title;
    std::string blog_name;
    std::string excerpt;
    std::string host;  ///< Of the source.
    std::string path;  ///< Of the source, with its query.
    Origin origin = Origin::Trackback;
};

/// The entry that the ping is for.
struct TargetEvidence {
    std::string title;
    std::string language;  ///< Tag; empty: not known.
};

enum class LinkPlace {
    NotChecked,   ///< The source was not fetched: experiments only.
    NotThere,     ///< The page was read and does not link to the entry.
    RunningText,  ///< Among words.
    Alone,        ///< In a block of its own, as in a reply's context or a short list.
    LongList,     ///< One of a hundred and more on the page that have no words around them.
    Hidden,       ///< No reader sees it.
};

/// What the source page shows of itself. Where nothing was fetched, all of it is empty.
struct PageEvidence {
    LinkPlace link = LinkPlace::NotChecked;
    std::size_t links_out = 0;    ///< To other hosts.
    std::size_t domains_out = 0;  ///< How many registrable domains these lead to.
    std::size_t text_bytes = 0;   ///< Of its text, the words of its links with it.
    double copied_share = 0;      ///< 0 to 1: how much of its text is the entry's.
    std::string language;         ///< Tag; empty: not known.
    bool has_author = false;
    bool has_feed = false;
    std::size_t own_posts = 0;      ///< Other pages of its host that it links to.
    std::size_t archive_years = 0;  ///< From how many years these are, as far as their addresses say ("/2009/03/…").
};

/// What the site's owner decided before, decayed to now: 1 for a decision of today.
struct MemoryEvidence {
    struct Decisions {
        double good = 0;
        double bad = 0;
    };
    Decisions domain;               ///< By registrable domain.
    bool domain_is_shared = false;  ///< Its authors have pages below it, so one says little of the others.
    Decisions author;
    Decisions network;  ///< /24 or /48 of the sender.
    /// Since the first mention from its host was listed here that still is, on any site.
    std::chrono::days listed_for{0};
};

/// Others like it within the last day, on all sites of the server, this one counted in.
struct CrowdEvidence {
    std::size_t same_text = 1;          ///< Pages with this text.
    std::size_t same_text_sources = 1;  ///< How many hosts these are on.
    std::size_t same_text_targets = 1;  ///< How many entries they were announced to; 1 if it is the same page each time.
    std::size_t same_source = 1;        ///< Entries that this source's domain announced itself to.
};
/// From so many entries on, the same text is a campaign, and one domain a flood.
inline constexpr std::size_t campaign_min = 4;
inline constexpr std::size_t flood_min = 10;

/// What it hit in the owner's lists, and in the DNS lists that the owner has asked.
struct ListEvidence {
    std::string host;
    std::string author;
    std::string word;
    std::vector<std::string> dns_of_domain;  ///< Zones of the lists that its registrable domain is on.
    std::vector<std::string> dns_of_sender;  ///< And of those that the sender's address is on.
};

struct Evidence {
    PingEvidence ping;
    TargetEvidence target;
    PageEvidence page;
    MemoryEvidence memory;
    CrowdEvidence crowd;
    ListEvidence lists;
    double wording = 0;  ///< text_score() of the ping's words.
};

}  // namespace backtalk::judge
