#include "feed/xml_writer.h"

#include <cassert>

#include "markup/xml_text.h"

namespace backtalk::feed {

void XmlWriter::start(std::string_view name, Attributes attributes)
{
    out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
    out_ += '<';
    out_ += name;
    for (auto const& [attribute, value] : attributes) {
        out_ += ' ';
        out_ += attribute;
        out_ += "=\"";
        append_xml_text(out_, value);
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
    append_xml_text(out_, text);
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
