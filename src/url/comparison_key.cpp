#include <algorithm>

#include "base/text.h"
#include "url/host.h"
#include "url/percent.h"
#include "url/url.h"

namespace backtalk {
namespace {

/// What servers answer with for the folder itself.
constexpr std::string_view index_files[] = {
    "index.html",
    "index.htm",
    "index.xhtml",
    "index.shtml",
    "index.php",
    "index.php3",
    "index.cgi",
    "index.pl",
    "index.asp",
    "index.aspx",
    "index.jsp",
    "default.html",
    "default.htm",
    "default.asp",
    "default.aspx",
    "home.html",
    "home.htm",
};

/// Parameters that tell where a reader came from and do not choose the page. Lower case.
constexpr std::string_view tracking_parameters[] = {
    "fbclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fb_ref",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "_ga",
    "_gl",
    "msclkid",
    "mc_cid",
    "mc_eid",
    "igshid",
    "igsh",
    "twclid",
    "ttclid",
    "li_fat_id",
    "yclid",
    "ysclid",
    "_openstat",
    "_hsenc",
    "_hsmi",
    "__hssc",
    "__hstc",
    "__hsfp",
    "hsctatracking",
    "mkt_tok",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "vero_conv",
    "wickedid",
    "s_kwcid",
    "rb_clickid",
    "ref_src",
    "pk_campaign",
    "pk_kwd",
    "pk_keyword",
    "pk_source",
    "pk_medium",
    "pk_content",
};

constexpr std::string_view tracking_prefixes[] = {"utm_", "mtm_", "matomo_", "piwik_", "hsa_"};

bool is_index_file(std::string_view segment)
{
    return std::any_of(
        std::begin(index_files), std::end(index_files), [&](std::string_view file) { return equal_ignoring_case(segment, file); });
}

bool is_tracking(std::string_view parameter)
{
    std::string_view const name = parameter.substr(0, parameter.find('='));
    return std::any_of(std::begin(tracking_prefixes), std::end(tracking_prefixes),
               [&](std::string_view prefix) { return starts_with_ignoring_case(name, prefix); }) ||
        std::any_of(std::begin(tracking_parameters), std::end(tracking_parameters),
            [&](std::string_view tracking) { return equal_ignoring_case(name, tracking); });
}

/// Without trailing slashes and index files; empty for the root.
std::string_view folded_path(std::string_view path)
{
    for (;;) {
        while (path.ends_with('/'))
            path.remove_suffix(1);
        std::size_t const slash = path.rfind('/');
        if (slash == std::string_view::npos || !is_index_file(path.substr(slash + 1)))
            return path;
        path.remove_suffix(path.size() - slash);
    }
}

}  // namespace

std::string comparison_key(Url const& url)
{
    std::string key(without_root_dot(url.host()));
    key += url.authority().substr(url.host().size());
    std::string const path = percent_normalised(url.path());
    std::string_view const folded = folded_path(path);
    key += folded.empty() ? "/" : folded;
    std::string const query = percent_normalised(url.query().value_or(""));
    char separator = '?';
    for (std::string_view const parameter : split(query, '&')) {
        if (parameter.empty() || is_tracking(parameter))
            continue;
        key += separator;
        key += parameter;
        separator = '&';
    }
    return key;
}

}  // namespace backtalk
