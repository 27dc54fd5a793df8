#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "markup/html_tokenizer.h"

namespace backtalk::markup {

/// Appends `raw` as the input stream preprocessing has it: CR and CRLF become LF; NUL becomes U+FFFD.
void append_normalised(std::string& out, std::string_view raw);

/// Where a name or a value lies, counted from the start of its tag, so that it survives a move of the buffer.
struct RawSpan {
    std::size_t start = 0;
    std::size_t end = 0;
    bool plain = true;  ///< As it is in the source; else letter case, references, NUL or CR must be seen to.
};

/// One tag while it is read. Holds no text itself; its memory is used again for the next tag.
class RawTag {
public:
    /// NB: attributes after these are read and dropped, so that a hostile tag stays linear and small.
    static constexpr std::size_t attributes_max = 1000;

    void begin(bool is_end_tag);
    bool is_end_tag() const { return is_end_tag_; }
    RawSpan& name() { return name_; }
    /// The next attribute, without value, its name starting and ending at `at`. Those of end tags are dropped.
    void add_attribute(std::size_t at);
    RawSpan& attribute_name() { return attribute_->name; }
    RawSpan& attribute_value() { return attribute_->value; }

    /// The tag as the sink shall see it; `source` is the text that the spans count from. Valid while the source lives
    /// and until the next tag begins. Call once a tag.
    HtmlStartTag resolve(std::string_view source, bool self_closing);

private:
    struct Attribute {
        RawSpan name;
        RawSpan value;
    };

    std::string_view resolve_by_copy(std::string_view source);
    void drop_duplicates();

    bool is_end_tag_ = false;
    RawSpan name_;
    Attribute dropped_;
    Attribute* attribute_ = &dropped_;
    std::vector<Attribute> attributes_;
    std::vector<HtmlAttribute> resolved_;
    std::string scratch_;
};

}  // namespace backtalk::markup
