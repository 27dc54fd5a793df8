#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace backtalk::feed {

/// Writes an XML 1.0 document that is always well-formed: what XML forbids is dropped, ill-formed UTF-8 repaired, and elements
/// close in the order in which they were opened.
///
/// Spec: https://www.w3.org/TR/xml/#charsets
class XmlWriter {
public:
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n") { }

    void open(std::string_view name, Attributes attributes = {});
    void close(std::string_view name);
    void empty(std::string_view name, Attributes attributes);
    /// An element with text in it.
    void element(std::string_view name, std::string_view text, Attributes attributes = {});
    /// The same, left out if there is no text.
    void optional_element(std::string_view name, std::string_view text);

    std::string take() { return std::move(out_); }

private:
    void start(std::string_view name, Attributes attributes);

    std::string out_;
    int depth_ = 0;
};

}  // namespace backtalk::feed
