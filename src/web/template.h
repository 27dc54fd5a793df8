#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "web/template_view.h"

namespace backtalk::web {

/// Template sources by name, without ".mustache": what {{>name}} finds.
using TemplateSources = std::map<std::string, std::string, std::less<>>;

/// A Mustache template, compiled once against the Schema of its page into steps for a small machine.
///
/// The language: https://mustache.github.io/mustache.5.html (variables, sections, inverted sections, comments, partials, set
/// delimiters, the rules for lines that hold only a tag). NB: no lambdas, no inheritance; a name that the Schema does not have,
/// a partial that does not exist and a partial within itself are errors here, not empty strings.
///
/// Escaping follows from where a value stands in the HTML: text, quoted attribute, URL attribute, comment, JSON script. A
/// value in a place where no escaping is safe (unquoted attribute, event handler, style, script) is an error.
///
/// Limits: 1 MiB of source, 32 partials and 32 sections within each other, 100,000 steps.
class Template {
public:
    /// Errors: Malformed, with "file:line: what is wrong"; a wrong name comes with the nearest known one.
    static Result<Template> compile(std::string_view name, TemplateSources const& sources, Schema const& schema);

    /// `view` is of the Schema that the template was compiled against. Errors: TooLarge (over output_bytes_max).
    Result<std::string> render(View const& view) const;

    static constexpr std::size_t output_bytes_max = 32 * 1024 * 1024;

    enum class Code : std::uint8_t {
        Literal,   ///< literals_[at, at + size)
        Escaped,   ///< A text for HTML text, quoted attributes and comments.
        Raw,       ///< Trusted markup.
        WholeUrl,  ///< A text at the start of a URL attribute: its scheme is judged.
        UrlPart,   ///< A text further on in a URL attribute: percent-encoded.
        Json,      ///< A JSON text in a script element.
        Number,
        Each,    ///< Repeats the steps up to `at` for each of a list or object.
        If,      ///< Goes on at `at` if the value is false.
        Unless,  ///< Goes on at `at` if the value is true.
        End,     ///< The end of an Each, which is at `at`.
    };

    /// One step. A value is found by walking `path_size` objects from the View `depth` levels from the outermost, then `index`.
    struct Step {
        Code code = Code::Literal;
        std::uint8_t depth = 0;
        std::uint16_t index = 0;
        std::uint16_t path_at = 0;
        std::uint16_t path_size = 0;
        std::uint32_t at = 0;
        std::uint32_t size = 0;
    };

private:
    friend class TemplateCompiler;
    explicit Template(Schema const& schema) : schema_(&schema) { }

    Schema const* schema_;
    std::vector<Step> steps_;
    std::vector<std::uint16_t> paths_;
    std::string literals_;
};

}  // namespace backtalk::web
