#include "trackback/rdf_block.h"

#include <string_view>

#include "base/text.h"
#include "markup/xml_text.h"

namespace backtalk::trackback {

namespace {

/// Runs of "-" squeezed to one: "--" would end the comment for some readers.
std::string squeezed(std::string_view text)
{
    std::string out;
    for (char c : text)
        if (c != '-' || out.empty() || out.back() != '-')
            out += c;
    return out;
}

std::size_t fragment_size(Url const& url) { return url.fragment() ? url.fragment()->size() + 1 : 0; }

/// The same URL without "--" behind its host: the second dash in percent-encoding names the same page. (A host in Punycode keeps its
/// own: only "-->" and "--!>" end a comment in HTML, and ">" is escaped.)
std::string without_double_dash(Url const& url)
{
    std::string out(url.str().substr(0, url.str().size() - url.path_and_query().size() - fragment_size(url)));
    for (char c : std::string_view(url.str()).substr(out.size())) {
        if (c == '-' && !out.empty() && out.back() == '-')
            out += "%2D";
        else
            out += c;
    }
    return out;
}

void append_attribute(std::string& out, std::string_view name, std::string_view value)
{
    out += "\n    ";
    out += name;
    out += "=\"";
    append_xml_text(out, value);
    out += '"';
}

std::string line_of(std::string_view text) { return squeezed(folded_space(without_controls(repaired_utf8(text)))); }

}  // namespace

std::string rdf_block(EntryRdf const& entry)
{
    std::string const permalink = without_double_dash(entry.permalink);
    std::string out = "<!--\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"\n"
                      "         xmlns:trackback=\"http://madskills.com/public/xml/rss/module/trackback/\"\n"
                      "         xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<rdf:Description";
    append_attribute(out, "rdf:about", permalink);
    append_attribute(out, "trackback:ping", without_double_dash(entry.ping_url));
    append_attribute(out, "dc:title", line_of(entry.title));
    append_attribute(out, "dc:identifier", permalink);
    append_attribute(out, "dc:subject", line_of(entry.subject));
    append_attribute(out, "dc:description", line_of(entry.description));
    append_attribute(out, "dc:creator", line_of(entry.creator));
    if (entry.date)
        append_attribute(out, "dc:date", rfc3339(entry.date->instant, entry.date->offset));
    out += " />\n</rdf:RDF>\n-->\n";
    return out;
}

}  // namespace backtalk::trackback
