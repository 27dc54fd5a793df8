#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/import_problem.h"
#include "importers/movable_type_record.h"

namespace backtalk::importers {

class MovableTypeSink;
class ReportedOnce;

/// Reads the values of headers, and reports what it had to make up. The safe side is never to publish and never to open.
class FieldReader {
public:
    FieldReader(ReportedOnce& reported, MovableTypeSink& sink) : reported_(reported), sink_(sink) { }

    MovableTypeStatus status(std::string_view value, std::size_t line);
    AllowComments allow_comments(std::string_view value, std::size_t line);
    bool allow_pings(std::string_view value, std::size_t line);
    /// Nothing and a problem if no day can be read.
    std::optional<ImportDate> date(std::string_view value, std::size_t line);

    void report(std::size_t line, ImportProblem::Kind kind, std::string text);
    /// "`What` `is` …", the first time that `what` is met in a file.
    void report_once(std::size_t line, ImportProblem::Kind kind, std::string_view what, std::string_view is);

private:
    ReportedOnce& reported_;
    MovableTypeSink& sink_;
};

/// A COMMENT or PING section without its name: headers in any order, each once; the first other line begins the text.
MovableTypeComment read_comment(std::string_view section, std::size_t line, FieldReader& fields);
MovableTypePing read_ping(std::string_view section, std::size_t line, FieldReader& fields);

/// A list with commas; a tag that holds one or blanks is put in "…" or '…'. Each tag once, at most `tags_max`.
std::vector<std::string> split_tags(std::string_view list, std::size_t tags_max);

}  // namespace backtalk::importers
