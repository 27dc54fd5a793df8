#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "web/template.h"
#include "web/template_parse.h"
#include "web/template_place.h"

namespace backtalk::web {

/// From tokens to the steps of a Template: resolves names, includes partials, chooses the escaping.
class TemplateCompiler {
public:
    TemplateCompiler(TemplateSources const& sources, Schema const& schema);
    Result<Template> compile(std::string_view name);

private:
    /// What a name may mean at this point: the fields of a View, or "." inside a section over a single value.
    struct Scope {
        Schema const* schema;  ///< Null for a single value.
        std::uint8_t depth;    ///< Of the View
        Template::Step value;  ///< Of the single value: where it is.
        Schema::Field const* field;
    };
    struct Section {
        std::string_view name;
        std::size_t line;
        std::size_t step;
        HtmlPlace place;  ///< Where it began
        bool has_scope;
    };
    struct File {
        std::string name;  ///< "entry.mustache"
        std::vector<TemplateToken> tokens;
    };
    struct Found {
        Template::Step step;  ///< depth, path, index
        Schema::Field const* field;
    };

    Result<void> include(std::string_view name, std::string_view indent, std::string_view from_file, std::size_t line);
    Result<void> token(File const& file, TemplateToken const& token, std::vector<Section>& sections);
    Result<void> open(File const& file, TemplateToken const& token, std::vector<Section>& sections);
    Result<void> close(File const& file, TemplateToken const& token, std::vector<Section>& sections);
    Result<void> literal(File const& file, TemplateToken const& token);
    Result<Found> find(File const& file, TemplateToken const& token);
    Result<void> add(File const& file, std::size_t line, Template::Step step);
    std::string unknown_name(std::string_view name) const;

    TemplateSources const& sources_;
    Template template_;
    HtmlPlace place_;
    std::vector<Scope> scopes_;
    std::vector<std::string_view> including_;
    std::deque<std::string> indented_;  ///< Keeps what tokens point into.
    std::size_t merge_barrier_ = 0;     ///< Steps from here on may be extended: nothing jumps between.
    std::size_t section_depth_ = 0;
};

}  // namespace backtalk::web
