#pragma once

#include <span>
#include <string>

namespace backtalk::trackback {

/// The entry whose pings are listed.
struct ChannelInfo {
    std::string title;
    std::string link;
    std::string description;
    std::string language = "en";
};

struct ListedPing {
    std::string title;
    std::string link;
    std::string description;
};

/// The answer to GET ?__mode=rss: `response` with error 0 and an RSS 0.91 channel, one item each. Only what is shown to readers
/// belongs in it. Well-formed whatever the values hold.
///
/// Spec: T7
std::string listing_rss(ChannelInfo const& channel, std::span<ListedPing const> pings);

}  // namespace backtalk::trackback
