#pragma once

#include <string>
#include <string_view>

namespace backtalk::trackback {

/// `text` as XML text or an attribute value in double quotes, escaped as Movable Type does: & < > ". What XML 1.0 forbids (controls,
/// U+FFFE, U+FFFF) is left out, ill-formed UTF-8 becomes U+FFFD.
void append_xml_text(std::string& out, std::string_view text);

}  // namespace backtalk::trackback
