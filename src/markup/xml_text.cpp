#include "markup/xml_text.h"

#include "base/text.h"

namespace backtalk {

namespace {

/// What must be looked at more closely: a control, or the first byte of U+FFFE and U+FFFF.
bool is_suspect(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0xEF;
}

}  // namespace

std::string xml_characters(std::string_view text)
{
    std::string repaired;
    if (!is_valid_utf8(text)) {
        repaired = repaired_utf8(text);
        text = repaired;
    }
    std::string out;
    out.reserve(text.size());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_suspect(text[i]))
            continue;
        std::size_t drop = 0;
        if (text[i] == '\xEF')
            drop = text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF" ? 3 : 0;
        else if (text[i] != '\t' && text[i] != '\n' && text[i] != '\r')
            drop = 1;
        if (drop == 0)
            continue;
        out.append(text, kept, i - kept);
        kept = i + drop;
        i += drop - 1;
    }
    out.append(text, kept);
    return out;
}

void append_xml_text(std::string& out, std::string_view text)
{
    for (char const c : xml_characters(text)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\r': out += "&#13;"; break;
        default: out += c;
        }
    }
}

}  // namespace backtalk
