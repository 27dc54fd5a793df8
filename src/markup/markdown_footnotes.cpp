#include "markup/markdown_footnotes.h"

#include <algorithm>
#include <functional>

#include <md4c.h>

#include "base/text.h"
#include "markup/markdown_budget.h"

namespace backtalk::markup {

namespace {

struct Candidate {
    std::size_t line;   ///< Where its line starts.
    std::size_t label;  ///< Where "[^" stands.
    bool is_code = false;
};

/// "[^label]:" where it may stand in a line. Each line is looked at once.
std::vector<Candidate> candidates_in(std::string_view text)
{
    std::vector<Candidate> found;
    for (std::size_t at = text.find("[^"); at != std::string_view::npos; at = text.find("[^", at + 2)) {
        std::size_t line = at;
        while (line > 0 && at - line < 4 && text[line - 1] == ' ')
            --line;
        if (at - line > 3 || (line > 0 && text[line - 1] != '\n' && text[line - 1] != '\r'))
            continue;
        auto const label = footnote_label(text.substr(at));
        if (label && text.substr(at + 2 + label->size()).starts_with("]:"))
            found.push_back({line, at});
    }
    return found;
}

/// Asks md4c which candidates stand in code blocks or raw HTML: the texts that it reports of those are parts of its input.
class CodeFinder {
public:
    CodeFinder(std::string_view text, std::vector<Candidate>& candidates) : text_(text), candidates_(candidates), budget_(text.size()) { }

    bool run(unsigned flags)
    {
        MD_PARSER parser{};
        parser.flags = flags & ~static_cast<unsigned>(MD_FLAG_TABLES);
        parser.enter_block = [](MD_BLOCKTYPE type, void*, void* self) noexcept {
            return static_cast<CodeFinder*>(self)->block(type, true);
        };
        parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) noexcept {
            return static_cast<CodeFinder*>(self)->block(type, false);
        };
        parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) noexcept {
            return static_cast<CodeFinder*>(self)->budget_.take_span(type, detail) ? 0 : md4c_stop;
        };
        parser.leave_span = [](MD_SPANTYPE, void*, void*) noexcept { return 0; };
        parser.text = [](MD_TEXTTYPE, MD_CHAR const* text, MD_SIZE size, void* self) noexcept {
            static_cast<CodeFinder*>(self)->mark({text, size});
            return 0;
        };
        return md_parse(text_.data(), static_cast<MD_SIZE>(text_.size()), &parser, this) == 0;
    }

private:
    int block(MD_BLOCKTYPE type, bool is_entered)
    {
        if (type == MD_BLOCK_CODE || type == MD_BLOCK_HTML)
            in_code_ = is_entered;
        return 0;
    }
    void mark(std::string_view part)
    {
        std::less<char const*> const before;
        if (!in_code_ || before(part.data(), text_.data()) || !before(part.data(), text_.data() + text_.size()))
            return;  // Line feeds and indentation come from constants of md4c.
        auto const start = static_cast<std::size_t>(part.data() - text_.data());
        auto at = std::lower_bound(candidates_.begin(), candidates_.end(), start,
            [](Candidate const& candidate, std::size_t position) { return candidate.label < position; });
        for (; at != candidates_.end() && at->label < start + part.size(); ++at)
            at->is_code = true;
    }

    std::string_view text_;
    std::vector<Candidate>& candidates_;
    MarkdownBudget budget_;
    bool in_code_ = false;
};

/// A line without its end, and where the next one starts.
struct Line {
    std::string_view text;
    std::size_t next;
};

Line line_at(std::string_view text, std::size_t start)
{
    std::size_t const end = std::min(text.find_first_of("\r\n", start), text.size());
    bool const is_pair = text.substr(end, 2) == "\r\n";
    return {text.substr(start, end - start), std::min(end + (is_pair ? 2 : 1), text.size())};
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

/// The line with four columns of indentation less, if it has them.
std::optional<std::string_view> dedented(std::string_view line)
{
    for (std::size_t blanks = 0; blanks < line.size() && blanks < 4; ++blanks) {
        if (line[blanks] == '\t')
            return line.substr(blanks + 1);
        if (line[blanks] != ' ')
            return std::nullopt;
    }
    return line.size() < 4 ? std::nullopt : std::optional(line.substr(4));
}

/// Whether a line could begin something else than more of the paragraph above it (quote, list, heading, code, rule, HTML).
bool begins_block(std::string_view line)
{
    line = trimmed(line);
    if (line.empty())
        return true;
    std::size_t const run = std::min(line.find_first_not_of(line.front()), line.size());
    bool const run_stands_alone = run == line.size() || line[run] == ' ' || line[run] == '\t';
    switch (line.front()) {
    case '>':
    case '=': return true;
    case '#': return run_stands_alone;
    case '<': return !line.starts_with("<http");
    case '`':
    case '~': return run >= 3;
    case '*':
    case '-':
    case '+': return run_stands_alone;
    case '_': return run_stands_alone && line.find_first_not_of("_ \t") == std::string_view::npos;
    default: break;
    }
    std::size_t digits = 0;
    while (digits < line.size() && is_ascii_digit(line[digits]))
        ++digits;
    return digits > 0 && digits < line.size() && (line[digits] == '.' || line[digits] == ')');
}

/// Splits the text into quotes and the rest, definition by definition.
class Separator {
public:
    Separator(std::string_view text, std::vector<Candidate> const& candidates) : text_(text), candidates_(candidates) { }

    FootnotedText run()
    {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            Candidate const& candidate = candidates_[i];
            if (candidate.is_code || candidate.line < kept)
                continue;
            rest_.append(text_, kept, candidate.line - kept);
            rest_ += '\n';  // What stood above and below stay apart.
            kept = take_definition(candidate, i + 1);
        }
        rest_.append(text_, kept);
        result_.text += rest_;
        return std::move(result_);
    }

private:
    std::size_t take_definition(Candidate const& candidate, std::size_t next_candidate)
    {
        std::string_view const label = *footnote_label(text_.substr(candidate.label));
        is_first_ = result_.definitions.try_emplace(ascii_lower(label), result_.definitions.size()).second;

        std::size_t const start = candidate.label + label.size() + 4;
        Line line = line_at(text_, start);
        quote(trimmed(line.text));
        std::size_t blank_lines = 0;
        bool in_first_paragraph = true;
        std::size_t end = line.next;
        for (std::size_t at = line.next; at < text_.size(); at = line.next) {
            line = line_at(text_, at);
            if (is_blank(line.text)) {
                ++blank_lines;
                in_first_paragraph = false;
                continue;
            }
            auto const indented = dedented(line.text);
            if (!indented) {
                while (next_candidate < candidates_.size() && candidates_[next_candidate].line < at)
                    ++next_candidate;
                bool const is_definition = next_candidate < candidates_.size() && candidates_[next_candidate].line == at;
                if (!in_first_paragraph || is_definition || begins_block(line.text))
                    break;
            }
            for (; blank_lines > 0; --blank_lines)
                quote({});
            quote(indented ? *indented : line.text);
            end = line.next;
        }
        if (is_first_)
            result_.text += '\n';
        return end;
    }

    void quote(std::string_view line)
    {
        if (!is_first_)
            return;
        result_.text += '>';
        if (!line.empty())
            result_.text += ' ';
        result_.text += line;
        result_.text += '\n';
    }

    std::string_view text_;
    std::vector<Candidate> const& candidates_;
    FootnotedText result_;
    std::string rest_;
    bool is_first_ = true;  ///< The definition is the first of its label.
};

/// False spares the question to md4c: without a fence or a tag before them, lines that are hardly indented are never code.
bool may_have_code(std::string_view text)
{
    return text.find("```") != std::string_view::npos || text.find("~~~") != std::string_view::npos ||
        text.find('<') != std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> footnote_label(std::string_view text)
{
    if (!text.starts_with("[^"))
        return std::nullopt;
    std::string_view const rest = text.substr(2, footnote_label_bytes_max + 1);
    std::size_t const end = rest.find_first_of(std::string_view("[] \t\r\n\f\0", 8));
    if (end == std::string_view::npos || end == 0 || rest[end] != ']')
        return std::nullopt;
    return rest.substr(0, end);
}

std::optional<FootnotedText> take_out_footnotes(std::string_view text, unsigned flags)
{
    std::vector<Candidate> candidates = candidates_in(text);
    if (candidates.empty())
        return std::nullopt;
    if (may_have_code(text.substr(0, candidates.back().label)) && !CodeFinder(text, candidates).run(flags))
        return std::nullopt;
    if (std::all_of(candidates.begin(), candidates.end(), [](Candidate const& candidate) { return candidate.is_code; }))
        return std::nullopt;
    return Separator(text, candidates).run();
}

}  // namespace backtalk::markup
