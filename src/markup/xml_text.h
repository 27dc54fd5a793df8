#pragma once

#include <string>
#include <string_view>

namespace backtalk {

/// Without what XML 1.0 forbids: C0 controls but tab and line ends, U+FFFE, U+FFFF; ill-formed UTF-8 becomes U+FFFD.
///
/// Spec: https://www.w3.org/TR/xml/#charsets
std::string xml_characters(std::string_view text);

/// `text` as XML text or an attribute value in double quotes: the characters above, with & < > " escaped as Movable Type did, and a
/// carriage return as a reference, since readers take a plain one for a line feed.
void append_xml_text(std::string& out, std::string_view text);

}  // namespace backtalk
