#pragma once

#include <cstddef>
#include <string_view>

#include "base/text.h"

namespace backtalk::importers {

// The lines that give a Movable Type export its structure. Lines come without their line feed.

inline bool is_section_separator(std::string_view line) { return line == "-----"; }
inline bool is_record_separator(std::string_view line) { return line == "--------"; }
inline bool is_blank(std::string_view line) { return trimmed(line).empty(); }

/// Takes the lines off a text one by one and counts them.
class Lines {
public:
    /// `number` is that of the first line.
    Lines(std::string_view text, std::size_t number) : text_(text), next_number_(number) { }

    bool next()
    {
        if (next_ >= text_.size())
            return false;
        begin_ = next_;
        std::size_t const end = text_.find('\n', begin_);
        line_ = text_.substr(begin_, end - begin_);
        next_ = end == std::string_view::npos ? text_.size() : end + 1;
        number_ = next_number_++;
        return true;
    }

    std::string_view line() const { return line_; }
    std::size_t number() const { return number_; }
    std::size_t begin() const { return begin_; }  ///< Offset of the line.
    std::size_t after() const { return next_; }   ///< Offset of what follows it.

private:
    std::string_view text_;
    std::string_view line_;
    std::size_t begin_ = 0;
    std::size_t next_ = 0;
    std::size_t number_ = 0;
    std::size_t next_number_;
};

struct HeaderLine {
    std::string_view key;    ///< Empty if the line has no colon.
    std::string_view value;  ///< Both without blanks around.
};

/// "KEY: value", split at the first colon.
HeaderLine header_line(std::string_view line);
/// One of the keys that records begin with.
bool is_record_key(std::string_view key);
/// Short, and of letters, digits, blanks and a few signs: what somebody may have meant as a key.
bool could_be_key(std::string_view key);
/// Shaped like the format's keys: capitals, digits, blanks and a few signs.
bool looks_like_key(std::string_view key);

enum class SectionKind { None, Body, ExtendedBody, Excerpt, Keywords, Comment, Ping, Other };

struct SectionLine {
    SectionKind kind = SectionKind::None;  ///< None: the line is text.
    std::string_view name{};
    std::size_t text_offset = std::string_view::npos;  ///< Where text stands behind the name, which is against the format.
};

/// "NAME:" alone on its line: a section of the format, or of somebody else ("SUBTITLE:", "Plugin-name:").
SectionLine section_line(std::string_view line);

}  // namespace backtalk::importers
