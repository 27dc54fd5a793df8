#include "importers/movable_type_parser.h"

#include <fmt/format.h>

#include "base/text.h"
#include "importers/movable_type.h"
#include "importers/movable_type_fields.h"
#include "importers/movable_type_headers.h"
#include "importers/movable_type_lines.h"
#include "importers/shown.h"

namespace backtalk::importers {

namespace {

using Kind = ImportProblem::Kind;

std::string_view without_blank_end(std::string_view text)
{
    while (!text.empty() && is_ascii_space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// A body as it came, without the tab that protects a line of dashes in it.
std::string body_text(std::string_view text)
{
    text = without_blank_end(text);
    if (text.find("-----\t") == std::string_view::npos)
        return std::string(text);
    std::string out;
    out.reserve(text.size());
    for (Lines lines(text, 0); lines.next();) {
        std::string_view line = lines.line();
        if (line == "-----\t" || line == "--------\t")
            line.remove_suffix(1);
        if (lines.begin() > 0)
            out += '\n';
        out += line;
    }
    return out;
}

class RecordParser {
public:
    RecordParser(std::string_view text, std::size_t line, MovableTypeOptions const& options, ReportedOnce& reported, MovableTypeSink& sink)
        : text_(text), lines_(text, line), options_(options), sink_(sink), fields_(reported, sink), headers_(record_, fields_, options)
    {
    }

    void parse()
    {
        read_headers();
        read_sections();
        finish();
    }

private:
    struct Section {
        SectionKind kind = SectionKind::None;  ///< None: text without a name.
        std::string_view name{};
        std::size_t line = 0;
        std::size_t begin = 0;
        std::size_t end = std::string_view::npos;
    };

    void read_headers()
    {
        while (lines_.next() && !is_section_separator(lines_.line())) {
            std::string_view const line = lines_.line();
            if (is_blank(line))
                continue;
            if (record_.line == 0)
                record_.line = lines_.number();
            if (trimmed(line) == "START BODY" || trimmed(line) == "START BODY:") {
                start_body_ = true;
                open({SectionKind::Body, "START BODY", lines_.number(), lines_.after()});
                return;
            }
            headers_.take(line, lines_.number());
        }
    }

    void open(Section const& section)
    {
        close();
        if (record_.line == 0)
            record_.line = section.line;
        section_ = section;
        is_open_ = true;
    }

    void close()
    {
        if (!is_open_)
            return;
        is_open_ = false;
        std::size_t const end = std::min(section_.end, text_.size());
        take_section(section_, text_.substr(section_.begin, end - section_.begin));
    }

    void read_sections()
    {
        bool after_separator = !start_body_;
        while (lines_.next()) {
            std::string_view const line = lines_.line();
            if (is_section_separator(line)) {
                separator_line_ = lines_.number();
                // A second separator in a row closes nothing: the section already ends at the first.
                if (is_open_ && !after_separator)
                    section_.end = lines_.begin();
                after_separator = true;
            } else if (after_separator && !is_blank(line)) {
                after_separator = false;
                begin_block(line);
            }
        }
        close();
    }

    /// The first line behind five dashes: a section's name, or the dashes were text.
    void begin_block(std::string_view line)
    {
        SectionLine const name = section_line(line);
        if (name.kind == SectionKind::None) {
            if (is_open_) {
                section_.end = std::string_view::npos;
                fields_.report(separator_line_, Kind::Mended, "A line of five dashes without a section behind it was kept as text.");
            } else {
                open({SectionKind::None, {}, lines_.number(), lines_.begin()});
            }
            return;
        }
        std::size_t begin = lines_.after();
        if (name.text_offset != std::string_view::npos) {
            begin = lines_.begin() + name.text_offset;
            fields_.report(lines_.number(), Kind::Mended, fmt::format("Text on the line of {} was taken into its section.", name.name));
        }
        open({name.kind, name.name, lines_.number(), begin});
    }

    void take_section(Section const& section, std::string_view text)
    {
        switch (section.kind) {
        case SectionKind::None: take_nameless(section, text); return;
        case SectionKind::Body: take_text(record_.body, has_body_, section, body_text(text)); return;
        case SectionKind::ExtendedBody: take_text(record_.extended_body, has_extended_body_, section, body_text(text)); return;
        case SectionKind::Excerpt: take_text(record_.excerpt, has_excerpt_, section, body_text(trimmed(text))); return;
        case SectionKind::Keywords: take_text(record_.keywords, has_keywords_, section, body_text(trimmed(text))); return;
        case SectionKind::Comment: take_comment(section, text); return;
        case SectionKind::Ping: take_ping(section, text); return;
        case SectionKind::Other: take_other_section(section, text); return;
        }
    }

    void take_text(std::string& field, bool& has_field, Section const& section, std::string text)
    {
        has_section_ = true;
        if (has_field && field != text)
            fields_.report(section.line, Kind::Mended, fmt::format("A second {} took the place of the first.", section.name));
        has_field = true;
        field = std::move(text);
    }

    void take_nameless(Section const& section, std::string_view text)
    {
        // Whether it may stand for the body is known only when all sections have been seen.
        nameless_ = text;
        nameless_line_ = section.line;
    }

    void take_comment(Section const& section, std::string_view text)
    {
        has_section_ = true;
        if (record_.comments.size() >= options_.feedback_max) {
            if (comments_left_out_++ == 0)
                first_comment_left_out_ = section.line;
            return;
        }
        MovableTypeComment comment = read_comment(text, section.line, fields_);
        comment.text = body_text(comment.text);
        if (comment.author.empty() && comment.email.empty() && comment.url.empty() && comment.text.empty())
            fields_.report(section.line, Kind::LeftOut, "A comment with neither author nor text was left out.");
        else
            record_.comments.push_back(std::move(comment));
    }

    void take_ping(Section const& section, std::string_view text)
    {
        has_section_ = true;
        if (record_.pings.size() >= options_.feedback_max) {
            if (pings_left_out_++ == 0)
                first_ping_left_out_ = section.line;
            return;
        }
        MovableTypePing ping = read_ping(text, section.line, fields_);
        ping.excerpt = body_text(ping.excerpt);
        if (ping.url.empty())
            fields_.report(section.line, Kind::LeftOut, fmt::format("A ping without URL (title {}) was left out.", shown(ping.title)));
        else
            record_.pings.push_back(std::move(ping));
    }

    void take_other_section(Section const& section, std::string_view text)
    {
        if (is_blank(text))
            return;
        fields_.report_once(
            section.line, Kind::LeftOut, fmt::format("The section {}", shown(section.name)), "is not known and was left out");
        if (record_.others.size() < options_.labels_max)
            record_.others.push_back({section.line, std::string(section.name), body_text(text)});
    }

    void finish()
    {
        if (record_.line == 0)
            return;
        take_nameless_text();
        if (!is_record()) {
            fields_.report(record_.line, Kind::LeftOut, "What begins here is no entry (no section, no title) and was left out.");
            return;
        }
        headers_.finish();
        report_feedback_left_out();
        if (!has_section_ && !record_.no_entry)
            fields_.report(record_.line, Kind::Mended, "The record has no section and was taken as an entry with an empty body.");
        sink_.on_record(std::move(record_));
    }

    void take_nameless_text()
    {
        if (nameless_line_ == 0)
            return;
        if (!has_body_ && headers_.any_known()) {
            record_.body = body_text(nameless_);
            has_section_ = has_body_ = true;
            fields_.report(nameless_line_, Kind::Mended, "Text without a section's name was taken as the body.");
        } else if (headers_.any_known() || has_section_) {
            fields_.report(nameless_line_, Kind::LeftOut, "Text without a section's name was left out: the record has a body.");
        }
    }

    bool is_record() const
    {
        if (record_.no_entry)
            return true;
        return has_section_ || (record_.title && !record_.title->empty()) || !record_.basename.empty() || !record_.unique_url.empty();
    }

    void report_feedback_left_out()
    {
        if (comments_left_out_ > 0)
            fields_.report(first_comment_left_out_, Kind::LeftOut,
                fmt::format("{} comments beyond {} of one entry were left out.", comments_left_out_, options_.feedback_max));
        if (pings_left_out_ > 0)
            fields_.report(first_ping_left_out_, Kind::LeftOut,
                fmt::format("{} pings beyond {} of one entry were left out.", pings_left_out_, options_.feedback_max));
    }

    std::string_view text_;
    Lines lines_;
    MovableTypeOptions const& options_;
    MovableTypeSink& sink_;
    FieldReader fields_;
    MovableTypeRecord record_;
    RecordHeaders headers_;

    Section section_;
    bool is_open_ = false;
    bool start_body_ = false;
    std::size_t separator_line_ = 0;
    bool has_section_ = false;
    bool has_body_ = false;
    bool has_extended_body_ = false;
    bool has_excerpt_ = false;
    bool has_keywords_ = false;
    std::string_view nameless_;
    std::size_t nameless_line_ = 0;
    std::size_t comments_left_out_ = 0;
    std::size_t first_comment_left_out_ = 0;
    std::size_t pings_left_out_ = 0;
    std::size_t first_ping_left_out_ = 0;
};

}  // namespace

void parse_movable_type_record(
    std::string_view text, std::size_t line, MovableTypeOptions const& options, ReportedOnce& reported, MovableTypeSink& sink)
{
    RecordParser(text, line, options, reported, sink).parse();
}

}  // namespace backtalk::importers
