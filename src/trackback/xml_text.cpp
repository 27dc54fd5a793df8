#include "trackback/xml_text.h"

#include "base/text.h"

namespace backtalk::trackback {

namespace {

/// https://www.w3.org/TR/xml/#charsets
bool is_xml_character(char32_t c) { return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF); }

}  // namespace

void append_xml_text(std::string& out, std::string_view text)
{
    std::string const repaired = is_valid_utf8(text) ? std::string() : repaired_utf8(text);
    std::string_view const valid = repaired.empty() ? text : repaired;
    for (std::size_t i = 0; i < valid.size();) {
        std::size_t const start = i;
        char32_t const c = next_code_point(valid, i);
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default:
            if (is_xml_character(c))
                out += valid.substr(start, i - start);
        }
    }
}

}  // namespace backtalk::trackback
