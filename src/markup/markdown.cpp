#include "markup/markdown.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "markup/markdown_footnotes.h"
#include "markup/markdown_renderer.h"
#include "markup/markdown_text.h"

namespace backtalk::markup {

namespace {

constexpr std::size_t text_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t back_links_max = 20;  ///< A reader goes back to where he came from, not to the 21st place.
constexpr unsigned flags = MD_DIALECT_GITHUB;

std::string as_typed(std::string_view text)
{
    std::string html = "<pre>";
    append_prose(html, text);
    return html + "</pre>\n";
}

/// Numbers the footnotes in the order of their first references and puts references, text and notes together.
class FootnoteAssembly {
public:
    FootnoteAssembly(MarkdownRenderer& rendered, std::size_t definitions, std::string_view id_prefix)
        : rendered_(rendered), numbers_(definitions, 0), id_prefix_(id_prefix)
    {
    }

    std::string run()
    {
        MarkdownPiece const body = rendered_.take_body();
        count(body);
        // A note may refer to further notes: they are appended while we go.
        for (std::size_t i = 0; i < notes_.size(); ++i)
            count(notes_[i].piece);

        std::string html;
        append_with_references(html, body);
        if (notes_.empty())
            return html;
        html += "<section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n";
        for (std::size_t i = 0; i < notes_.size(); ++i)
            append_note(html, i + 1);
        html += "</ol>\n</section>\n";
        return html;
    }

private:
    struct Note {
        MarkdownPiece piece;
        std::size_t references = 0;  ///< How often it is referred to.
        std::size_t written = 0;     ///< How many of those are written.
    };

    void count(MarkdownPiece const& piece)
    {
        for (FootnoteReference const& reference : piece.references) {
            std::size_t& number = numbers_[reference.definition];
            if (number == 0) {
                notes_.push_back({rendered_.take_footnote(reference.definition), 0, 0});
                number = notes_.size();
            }
            ++notes_[number - 1].references;
        }
    }

    std::string reference_id(std::size_t number, std::size_t occurrence) const
    {
        return occurrence == 1 ? fmt::format("{}fnref:{}", id_prefix_, number)
                               : fmt::format("{}fnref:{}:{}", id_prefix_, number, occurrence);
    }

    void append_with_references(std::string& html, MarkdownPiece const& piece)
    {
        std::size_t written = 0;
        for (FootnoteReference const& reference : piece.references) {
            html.append(piece.html, written, reference.offset - written);
            written = reference.offset;
            std::size_t const number = numbers_[reference.definition];
            fmt::format_to(std::back_inserter(html),
                "<sup id=\"{}\"><a href=\"#{}fn:{}\" class=\"footnote-ref\" role=\"doc-noteref\">{}</a></sup>",
                reference_id(number, ++notes_[number - 1].written), id_prefix_, number, number);
        }
        html.append(piece.html, written);
    }

    void append_note(std::string& html, std::size_t number)
    {
        constexpr std::string_view paragraph_end = "</p>\n";
        fmt::format_to(std::back_inserter(html), "<li id=\"{}fn:{}\">\n", id_prefix_, number);
        append_with_references(html, notes_[number - 1].piece);
        bool const ends_with_paragraph = html.ends_with(paragraph_end);
        if (ends_with_paragraph)
            html.resize(html.size() - paragraph_end.size());
        else
            html += "<p>";
        std::size_t const links = std::min(notes_[number - 1].references, back_links_max);
        for (std::size_t occurrence = 1; occurrence <= links; ++occurrence)
            fmt::format_to(std::back_inserter(html), "{}<a href=\"#{}\" class=\"footnote-backref\" role=\"doc-backlink\">↩\uFE0E</a>",
                ends_with_paragraph || occurrence > 1 ? " " : "", reference_id(number, occurrence));
        html += paragraph_end;
        html += "</li>\n";
    }

    MarkdownRenderer& rendered_;
    std::vector<std::size_t> numbers_;  ///< By definition; 0: not referred to so far.
    std::string_view id_prefix_;
    std::deque<Note> notes_;  ///< By number less one.
};

}  // namespace

std::string markdown_to_html(std::string_view utf8, std::string_view id_prefix)
{
    if (utf8.size() > text_bytes_max)
        return as_typed(utf8);
    // md4c 0.4.8 looks one character past the end of its input, and takes a ")" there for the end of a link: here stands a NUL.
    std::string const terminated(utf8);
    FootnotedText footnoted;
    std::string_view text = terminated;
    if (auto found = take_out_footnotes(text, flags)) {
        footnoted = std::move(*found);
        text = footnoted.text;
    }
    MarkdownRenderer renderer(text, footnoted.definitions, id_prefix);
    if (!renderer.run(flags))
        return as_typed(utf8);
    if (footnoted.definitions.empty())
        return renderer.take_body().html;
    return FootnoteAssembly(renderer, footnoted.definitions.size(), id_prefix).run();
}

}  // namespace backtalk::markup
