#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backtalk::trackback {

/// What comes next in an XML document. Views are valid until the next call.
struct XmlToken {
    enum class Kind {
        Start,   ///< `name`; attributes are skipped.
        End,     ///< `name`; comes for <a/> as well.
        Text,    ///< `text`, decoded; one run may come in several.
        Finish,  ///< The end of the document.
        Broken,  ///< Not XML from here on.
    };

    Kind kind;
    std::string_view name;
    std::string text;
};

/// A small pull reader for the replies of other servers. It forgives what is no danger: an unknown entity is text, end tags need not
/// match, HTML's references are known. No DTD is ever read, so there are no entities to expand. Linear, without recursion.
///
/// Input: UTF-8. A byte order mark and blanks in front are skipped, so are comments and processing instructions.
class XmlReader {
public:
    explicit XmlReader(std::string_view document);
    XmlToken next();

private:
    XmlToken tag();
    bool skip_past(std::string_view end);
    bool skip_doctype();
    std::string_view read_name();

    std::string_view document_;
    std::size_t position_ = 0;
    std::string_view empty_element_;  ///< Its end is still to be reported.
};

}  // namespace backtalk::trackback
