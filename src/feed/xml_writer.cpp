#include "feed/xml_writer.h"

#include <cassert>

#include "base/text.h"

namespace backtalk::feed {

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

void XmlWriter::start(std::string_view name, Attributes attributes)
{
    out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
    out_ += '<';
    out_ += name;
    for (auto const& [attribute, value] : attributes) {
        out_ += ' ';
        out_ += attribute;
        out_ += "=\"";
        append_escaped(out_, xml_characters(value));
        out_ += '"';
    }
}

void XmlWriter::open(std::string_view name, Attributes attributes)
{
    start(name, attributes);
    out_ += ">\n";
    ++depth_;
}

void XmlWriter::close(std::string_view name)
{
    assert(depth_ > 0);
    --depth_;
    out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
    out_ += "</";
    out_ += name;
    out_ += ">\n";
}

void XmlWriter::empty(std::string_view name, Attributes attributes)
{
    start(name, attributes);
    out_ += "/>\n";
}

// Escaping ">" as well keeps "]]>" out of text, where XML does not allow it.
void XmlWriter::element(std::string_view name, std::string_view text, Attributes attributes)
{
    start(name, attributes);
    out_ += '>';
    append_escaped(out_, xml_characters(text));
    out_ += "</";
    out_ += name;
    out_ += ">\n";
}

void XmlWriter::optional_element(std::string_view name, std::string_view text)
{
    if (!text.empty())
        element(name, text);
}

}  // namespace backtalk::feed
