#pragma once

#include <cstddef>
#include <string_view>

namespace backtalk::importers {

class MovableTypeSink;
class ReportedOnce;
struct MovableTypeOptions;

/// Makes a record of the text between two record separators (line feeds only, no control characters) and hands it to the
/// sink; `line` is the number of its first line. Hands out nothing but a problem if there is no entry in it, and nothing at all if it is
/// blank.
void parse_movable_type_record(
    std::string_view text, std::size_t line, MovableTypeOptions const& options, ReportedOnce& reported, MovableTypeSink& sink);

}  // namespace backtalk::importers
