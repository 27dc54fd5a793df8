#include "web/template_compile.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::web {

namespace {

constexpr std::size_t source_bytes_max = 1024 * 1024;
constexpr std::size_t literal_bytes_max = 8 * 1024 * 1024;
constexpr std::size_t steps_max = 100'000;
constexpr std::size_t nesting_max = 32;

/// Edits (insert, delete, replace) from one name to the other; names are short.
std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            std::size_t const replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
        }
    }
    return row.back();
}

/// " (nearest: title)", or nothing where no name is near.
template <class Names> std::string nearest(std::string_view wanted, Names const& names)
{
    wanted = wanted.substr(0, 64);
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(wanted.size() / 2, 2) + 1;
    for (std::string_view name : names) {
        std::size_t const distance = edit_distance(wanted, name);
        if (distance < best_distance) {
            best = name;
            best_distance = distance;
        }
    }
    return best.empty() ? std::string() : fmt::format(" (nearest: {})", best);
}

std::string indented(std::string_view source, std::string_view indent)
{
    std::string out;
    bool at_line_start = true;
    for (char c : source) {
        if (at_line_start && c != '\n' && c != '\r')
            out += indent;
        at_line_start = c == '\n';
        out += c;
    }
    return out;
}

}  // namespace

TemplateCompiler::TemplateCompiler(TemplateSources const& sources, Schema const& schema) : sources_(sources), template_(schema)
{
    scopes_.push_back({&schema, 0, {}, nullptr});
}

Result<Template> TemplateCompiler::compile(std::string_view name)
{
    TRY_DONE(include(name, {}, name, 0));
    if (!place_.is_at_rest())
        return failure(ErrorCode::Malformed, fmt::format("{}.mustache: the page ends in {}", name, place_.words()));
    return std::move(template_);
}

// Partials are compiled in place, each time they are included: the names and the HTML around them differ. Depth is bounded.
Result<void> TemplateCompiler::include(std::string_view name, std::string_view indent, std::string_view from_file, std::size_t line)
{
    auto const found = sources_.find(name);
    if (found == sources_.end()) {
        std::vector<std::string_view> names;
        for (auto const& [known, source] : sources_)
            names.push_back(known);
        return template_failure(from_file, line, fmt::format("there is no template \"{}\"{}", name, nearest(name, names)));
    }
    if (std::ranges::find(including_, name) != including_.end())
        return template_failure(from_file, line, fmt::format("{{{{>{}}}}} includes itself", name));
    if (including_.size() == nesting_max)
        return template_failure(from_file, line, fmt::format("more than {} partials within each other", nesting_max));
    if (found->second.size() > source_bytes_max)
        return template_failure(from_file, line, fmt::format("\"{}\" is over {} bytes", name, source_bytes_max));

    std::string_view source = found->second;
    if (!indent.empty())
        source = indented_.emplace_back(indented(source, indent));
    File file{fmt::format("{}.mustache", name), {}};
    TRY(file.tokens, parse_template(file.name, source));
    including_.push_back(found->first);
    std::vector<Section> sections;
    for (TemplateToken const& each : file.tokens)
        TRY_DONE(token(file, each, sections));
    if (!sections.empty())
        return template_failure(file.name, sections.back().line, fmt::format("the section \"{}\" is not closed", sections.back().name));
    including_.pop_back();
    if (!indent.empty())
        indented_.pop_back();
    return {};
}

Result<void> TemplateCompiler::token(File const& file, TemplateToken const& token, std::vector<Section>& sections)
{
    switch (token.kind) {
    case TemplateToken::Kind::Text: return literal(file, token);
    case TemplateToken::Kind::Section:
    case TemplateToken::Kind::Inverted: return open(file, token, sections);
    case TemplateToken::Kind::Close: return close(file, token, sections);
    case TemplateToken::Kind::Partial: return include(token.text, token.indent, file.name, token.line);
    case TemplateToken::Kind::Value:
    case TemplateToken::Kind::RawValue: break;
    }
    TRY(Found found, find(file, token));
    auto const code = place_.value(*found.field, token.kind == TemplateToken::Kind::RawValue);
    if (!code)
        return template_failure(file.name, token.line, code.error().text);
    found.step.code = *code;
    return add(file, token.line, found.step);
}

Result<void> TemplateCompiler::open(File const& file, TemplateToken const& token, std::vector<Section>& sections)
{
    TRY(Found found, find(file, token));
    if (auto border = place_.border(); !border)
        return template_failure(file.name, token.line, border.error().text);
    if (section_depth_ == nesting_max)
        return template_failure(file.name, token.line, fmt::format("more than {} sections within each other", nesting_max));
    bool const is_inverted = token.kind == TemplateToken::Kind::Inverted;
    bool const is_view = found.field->kind == FieldKind::List || found.field->kind == FieldKind::Object;
    Template::Step step = found.step;
    step.code = is_inverted ? Template::Code::Unless : is_view ? Template::Code::Each : Template::Code::If;
    sections.push_back({token.text, token.line, template_.steps_.size(), place_, !is_inverted});
    if (!is_inverted) {
        Scope const& outer = scopes_.back();
        if (is_view)
            scopes_.push_back({found.field->of, static_cast<std::uint8_t>(outer.depth + 1), {}, found.field});
        else
            scopes_.push_back({nullptr, outer.depth, found.step, found.field});
    }
    ++section_depth_;
    TRY_DONE(add(file, token.line, step));
    merge_barrier_ = template_.steps_.size();
    return {};
}

Result<void> TemplateCompiler::close(File const& file, TemplateToken const& token, std::vector<Section>& sections)
{
    if (sections.empty())
        return template_failure(file.name, token.line, fmt::format("\"{}\" is closed but was not opened", token.text));
    Section const section = std::move(sections.back());
    sections.pop_back();
    if (section.name != token.text)
        return template_failure(
            file.name, token.line, fmt::format("\"{}\" is closed where \"{}\" (line {}) is open", token.text, section.name, section.line));
    bool const repeats = template_.steps_[section.step].code == Template::Code::Each;
    auto joined = place_.border();
    if (joined)
        joined = place_.join(section.place, repeats);
    if (!joined)
        return template_failure(file.name, token.line, joined.error().text);
    if (section.has_scope)
        scopes_.pop_back();
    --section_depth_;
    if (repeats) {
        Template::Step end;
        end.code = Template::Code::End;
        end.at = static_cast<std::uint32_t>(section.step);
        TRY_DONE(add(file, token.line, end));
    }
    template_.steps_[section.step].at = static_cast<std::uint32_t>(template_.steps_.size());
    merge_barrier_ = template_.steps_.size();
    return {};
}

Result<void> TemplateCompiler::literal(File const& file, TemplateToken const& token)
{
    if (auto walked = place_.walk(token.text); !walked)
        return template_failure(file.name, token.line, walked.error().text);
    std::string& pool = template_.literals_;
    if (pool.size() + token.text.size() > literal_bytes_max)
        return template_failure(file.name, token.line, "the page with its partials is too large");
    auto const size = static_cast<std::uint32_t>(token.text.size());
    bool const extends = template_.steps_.size() > merge_barrier_ && template_.steps_.back().code == Template::Code::Literal;
    if (extends) {
        template_.steps_.back().size += size;
    } else {
        Template::Step step;
        step.at = static_cast<std::uint32_t>(pool.size());
        step.size = size;
        TRY_DONE(add(file, token.line, step));
    }
    pool += token.text;
    return {};
}

/// The first part of a dotted name is looked for from the innermost scope outwards, the others only inside it (as the language
/// has it), so what a name means does not depend on the values.
Result<TemplateCompiler::Found> TemplateCompiler::find(File const& file, TemplateToken const& token)
{
    std::string_view const name = token.text;
    if (name == ".") {
        if (scopes_.back().schema)
            return template_failure(
                file.name, token.line, fmt::format("{{{{.}}}} is a {}: name one of its fields", scopes_.back().schema->name()));
        return Found{scopes_.back().value, scopes_.back().field};
    }
    std::vector<std::string_view> const parts = split(name, '.');
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (!scope->schema)
            continue;
        std::optional<std::size_t> index = scope->schema->find(parts[0]);
        if (!index)
            continue;
        Found found{{}, &scope->schema->fields()[*index]};
        found.step.depth = scope->depth;
        found.step.path_at = static_cast<std::uint16_t>(template_.paths_.size());
        for (std::string_view part : std::span(parts).subspan(1)) {
            Schema const* inner = found.field->of;
            if (found.field->kind != FieldKind::Object)
                return template_failure(file.name, token.line, fmt::format("\"{}\" in \"{}\" is not an object", found.field->name, name));
            template_.paths_.push_back(static_cast<std::uint16_t>(*index));
            ++found.step.path_size;
            index = inner->find(part);
            if (!index) {
                std::vector<std::string_view> names;
                for (Schema::Field const& field : inner->fields())
                    names.push_back(field.name);
                return template_failure(file.name, token.line,
                    fmt::format("\"{}\": {} has no field \"{}\"{}", name, inner->name(), part, nearest(part, names)));
            }
            found.field = &inner->fields()[*index];
        }
        found.step.index = static_cast<std::uint16_t>(*index);
        if (template_.paths_.size() > 60'000)
            return template_failure(file.name, token.line, "the page with its partials is too large");
        return found;
    }
    return template_failure(file.name, token.line, unknown_name(parts[0]));
}

std::string TemplateCompiler::unknown_name(std::string_view name) const
{
    std::vector<std::string_view> names;
    std::string_view innermost;
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (!scope->schema)
            continue;
        if (innermost.empty())
            innermost = scope->schema->name();
        for (Schema::Field const& field : scope->schema->fields())
            names.push_back(field.name);
    }
    return fmt::format("neither {} nor what it stands in has a field \"{}\"{}", innermost, name, nearest(name, names));
}

Result<void> TemplateCompiler::add(File const& file, std::size_t line, Template::Step step)
{
    if (template_.steps_.size() == steps_max)
        return template_failure(file.name, line, "the page with its partials is too large");
    template_.steps_.push_back(step);
    return {};
}

Result<Template> Template::compile(std::string_view name, TemplateSources const& sources, Schema const& schema)
{
    return TemplateCompiler(sources, schema).compile(name);
}

}  // namespace backtalk::web
