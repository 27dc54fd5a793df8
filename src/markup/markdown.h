#pragma once

#include <string>
#include <string_view>

namespace backtalk::markup {

/// The HTML of a text in Markdown: CommonMark with tables, strikethrough, task lists, bare addresses as links, footnotes
/// (`[^name]` and `[^name]: text`, further paragraphs indented by four) and an id for each heading.
///
/// Raw HTML passes through, since the text is the owner's own; texts of others belong behind the sanitiser. Links to
/// `javascript:`, `vbscript:` and `data:` lose their href.
///
/// Input:  UTF-8. Ill-formed bytes pass through unchanged.
/// Output: fragments for the body of a page; each element that we write is closed. `id_prefix` (letters, digits, "-") stands
///         before every id, so that several texts can share a page.
/// Limits: linear in the size of the text. A text that asks for far more output than it has bytes (a table of thousands of
///         empty columns, a long link definition used thousands of times), or of more than 64 MiB, is shown as it was typed.
/// Spec:   https://spec.commonmark.org/0.30/ and https://github.github.com/gfm/
std::string markdown_to_html(std::string_view utf8, std::string_view id_prefix = {});

}  // namespace backtalk::markup
