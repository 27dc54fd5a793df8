#pragma once

#include <string>
#include <string_view>

#include "url/url.h"

namespace backtalk::markup {

/// What a stranger's HTML may hold. Nothing of it can run, load or leave its place.
enum class SanitizerRules {
    Comment,  ///< Paragraphs, lists, quotations, preformatted text, inline markup, links.
    Line,     ///< Inline markup and links only; blocks become blanks.
};

/// HTML that holds only what the rules allow, written anew from tokens; no byte of markup is copied. Links are http, https
/// or mailto, absolute (against `base`, which may be null: then relative ones lose their link and keep their text), with
/// rel="nofollow ugc". Every element that is opened is closed, in order; nesting deeper than 32 is flattened. Headings, divisions
/// and table cells become paragraphs. The content of script, style, template and the like is dropped.
/// sanitized(sanitized(x)) is sanitized(x).
///
/// Input: UTF-8; ill-formed bytes become U+FFFD, control characters and bidi overrides are dropped.
std::string sanitized(std::string_view html, Url const* base, SanitizerRules rules = SanitizerRules::Comment);

}  // namespace backtalk::markup
