#include "trackback/listing.h"

#include <string_view>

#include "markup/xml_text.h"

namespace backtalk::trackback {

namespace {

void append_element(std::string& out, std::string_view name, std::string_view text)
{
    out += '<';
    out += name;
    out += '>';
    append_xml_text(out, text);
    out += "</";
    out += name;
    out += ">\n";
}

}  // namespace

std::string listing_rss(ChannelInfo const& channel, std::span<ListedPing const> pings)
{
    std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>\n<error>0</error>\n<rss version=\"0.91\"><channel>\n";
    append_element(out, "title", channel.title);
    append_element(out, "link", channel.link);
    append_element(out, "description", channel.description);
    append_element(out, "language", channel.language);
    for (ListedPing const& ping : pings) {
        out += "<item>\n";
        append_element(out, "title", ping.title);
        append_element(out, "link", ping.link);
        append_element(out, "description", ping.description);
        out += "</item>\n";
    }
    out += "</channel>\n</rss></response>\n";
    return out;
}

}  // namespace backtalk::trackback
