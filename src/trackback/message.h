#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "url/url.h"

namespace backtalk::trackback {

/// What answers carry as Content-Type, errors too (T6).
inline constexpr std::string_view xml_content_type = "text/xml; charset=utf-8";

inline constexpr std::size_t field_characters_max = 255;

/// A ping as its sender worded it: plain text in UTF-8 on one line, references decoded, no controls; title, excerpt and blog_name
/// cut on word borders at 255 characters. What looks like markup in them is text: it is escaped where it is shown.
struct PingFields {
    std::string url;  ///< As received but for white space at its ends; see repaired_source().
    std::string title;
    std::string excerpt;
    std::string blog_name;
};

/// Reads the fields url, title, excerpt and blog_name (the first of each name) of a form whose values are bytes. One charset
/// for all of them: the field `charset`, else the Content-Type's, else a guess; a name that is not on the list of the Encoding
/// standard, or that the bytes contradict, counts as none.
///
/// Spec: TrackBack 1.2, T2 and T3; Movable Type, 1.1 "Charset".
PingFields read_ping_fields(std::span<std::pair<std::string, std::string> const> form, std::string_view content_type);

/// T4: a missing title is the first five words of the excerpt, else the URL.
std::string title_or_substitute(PingFields const& fields);

/// The source that a ping names. Mends what people's programs get wrong: "http;//", "http//", a missing scheme.
/// NB: unlike Movable Type, another scheme is an error and not a host name ("http://javascript:…", "http://ftp://…").
///
/// Errors: Malformed (empty, no URL, blanks, quotes, controls, a name and password, over 2000 bytes), Refused (another scheme).
Result<Url> repaired_source(std::string_view url_field);

/// Why a ping is not accepted, in Movable Type's order of checks.
enum class Refusal {
    NotPost,
    NoId,
    UnknownId,  ///< Also an entry that is not published.
    Banned,
    Throttled,
    NoUrl,
    BadUrl,
    Disabled,
    Passphrase,
    TooLarge,    ///< The request's body. (NB: ours)
    Malformed,   ///< A body that is no form. (NB: ours)
    Overloaded,  ///< Too many pings wait to be written; may pass. (NB: ours)
    Internal,
};

struct Answer {
    int status;        ///< HTTP; 200 for most refusals, as Movable Type does.
    std::string body;  ///< XML, xml_content_type.
};

/// The answer to an accepted ping, and to a repeated one.
Answer accepted();
/// `subject`: the id or URL that the message quotes; for UnknownId and BadUrl.
Answer refused(Refusal refusal, std::string_view subject = {});

/// <response><error>0</error></response>, byte for byte as Movable Type writes it.
std::string success_xml();
std::string error_xml(std::string_view message);

}  // namespace backtalk::trackback
