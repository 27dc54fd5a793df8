#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace backtalk::web {

/// A piece of a Mustache source. Comments and delimiters are gone, and so are the lines that held only a tag.
struct TemplateToken {
    enum class Kind { Text, Value, RawValue, Section, Inverted, Close, Partial };

    Kind kind;
    std::string_view text;    ///< The text, or the name.
    std::size_t line;         ///< Of its start, from 1.
    std::string_view indent;  ///< Of a partial that stands alone on its line.
};

/// Views are into `source`.
/// Spec:   https://mustache.github.io/mustache.5.html; a tag "stands alone" as the language's public specification says.
/// Errors: Malformed, "file:line: …".
Result<std::vector<TemplateToken>> parse_template(std::string_view file, std::string_view source);

/// "file:line: what"
std::unexpected<Error> template_failure(std::string_view file, std::size_t line, std::string_view what);

}  // namespace backtalk::web
