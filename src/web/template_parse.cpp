#include "web/template_parse.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::web {

namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_name(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) { return is_ascii_alnum(c) || c == '_' || c == '-' || c == '.'; });
}

class TemplateParser {
public:
    TemplateParser(std::string_view file, std::string_view source) : file_(file), source_(source) { }

    Result<std::vector<TemplateToken>> parse()
    {
        for (;;) {
            std::size_t const open = source_.find(open_, position_);
            if (open == std::string_view::npos)
                break;
            TRY_DONE(tag(open));
        }
        add_text(source_.size());
        return std::move(tokens_);
    }

private:
    Result<void> tag(std::size_t open)
    {
        std::size_t const line = line_ + newlines(position_, open);
        std::size_t inside = open + open_.size();
        char const sigil = inside < source_.size() ? source_[inside] : '\0';
        std::string ending(close_);
        if (sigil == '{')
            ending.insert(0, "}");
        if (sigil == '=')
            ending.insert(0, "=");
        bool const has_sigil = std::string_view("{&#^/!>=").contains(sigil) && sigil != '\0';
        if (has_sigil)
            ++inside;
        std::size_t const close = source_.find(ending, inside);
        if (close == std::string_view::npos)
            return template_failure(file_, line, fmt::format("this tag is not closed by {}", ending));
        std::string_view const content = trimmed(source_.substr(inside, close - inside));
        std::size_t const end = close + ending.size();

        if (!has_sigil || sigil == '{' || sigil == '&') {
            add_text(open);
            TRY_DONE(add(has_sigil ? TemplateToken::Kind::RawValue : TemplateToken::Kind::Value, content, line, {}));
            skip_to(end);
            return {};
        }

        // A tag that stands alone takes its whole line with it.
        std::size_t line_start = open;
        while (line_start > position_ && is_blank(source_[line_start - 1]))
            --line_start;
        std::size_t line_end = end;
        while (line_end < source_.size() && is_blank(source_[line_end]))
            ++line_end;
        if (source_.substr(line_end, 2) == "\r\n")
            line_end += 2;
        else if (line_end < source_.size() && source_[line_end] == '\n')
            line_end += 1;
        else if (line_end < source_.size())
            line_end = 0;
        bool const starts_line = line_start == 0 || source_[line_start - 1] == '\n';
        bool const alone = starts_line && line_end != 0;
        add_text(alone ? line_start : open);

        switch (sigil) {
        case '#': TRY_DONE(add(TemplateToken::Kind::Section, content, line, {})); break;
        case '^': TRY_DONE(add(TemplateToken::Kind::Inverted, content, line, {})); break;
        case '/': TRY_DONE(add(TemplateToken::Kind::Close, content, line, {})); break;
        case '>':
            TRY_DONE(add(
                TemplateToken::Kind::Partial, content, line, alone ? source_.substr(line_start, open - line_start) : std::string_view()));
            break;
        case '=': TRY_DONE(set_delimiters(content, line)); break;
        default: break;  // a comment
        }
        skip_to(alone ? line_end : end);
        return {};
    }

    Result<void> add(TemplateToken::Kind kind, std::string_view name, std::size_t line, std::string_view indent)
    {
        if (!is_name(name))
            return template_failure(file_, line, fmt::format("\"{}\" is not a name (letters, digits, _ - .)", name.substr(0, 40)));
        tokens_.push_back({kind, name, line, indent});
        return {};
    }

    Result<void> set_delimiters(std::string_view content, std::size_t line)
    {
        std::size_t const open_end = std::min(content.find_first_of(" \t\r\n"), content.size());
        std::string_view const close = trimmed(content.substr(open_end));
        if (open_end == 0 || close.empty() || close.find_first_of(" \t\r\n=") != std::string_view::npos ||
            content.substr(0, open_end).contains('='))
            return template_failure(file_, line, "delimiters are set as {{=<% %>=}}: two of them, without blanks or = in them");
        open_ = content.substr(0, open_end);
        close_ = close;
        return {};
    }

    void add_text(std::size_t end)
    {
        if (end > position_) {
            tokens_.push_back({TemplateToken::Kind::Text, source_.substr(position_, end - position_), line_, {}});
            skip_to(end);
        }
    }

    void skip_to(std::size_t position)
    {
        line_ += newlines(position_, position);
        position_ = position;
    }

    std::size_t newlines(std::size_t begin, std::size_t end) const
    {
        return static_cast<std::size_t>(std::ranges::count(source_.substr(begin, end - begin), '\n'));
    }

    std::string_view file_;
    std::string_view source_;
    std::string_view open_ = "{{";
    std::string_view close_ = "}}";
    std::size_t position_ = 0;  // What is before is in tokens_.
    std::size_t line_ = 1;      // Of position_
    std::vector<TemplateToken> tokens_;
};

}  // namespace

Result<std::vector<TemplateToken>> parse_template(std::string_view file, std::string_view source)
{
    return TemplateParser(file, source).parse();
}

std::unexpected<Error> template_failure(std::string_view file, std::size_t line, std::string_view what)
{
    return failure(ErrorCode::Malformed, fmt::format("{}:{}: {}", file, line, what));
}

}  // namespace backtalk::web
