#include "markup/markdown.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "markup/markdown_footnotes.h"
#include "markup/markdown_heading_ids.h"

using namespace backtalk;
using namespace backtalk::markup;

namespace {

std::size_t count_of(std::string_view text, std::string_view what)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
        ++count;
    return count;
}

std::string repeated(std::string_view text, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

}  // namespace

TEST_CASE("Markdown becomes the HTML that CommonMark asks for", "[markdown]")
{
    CHECK(markdown_to_html("") == "");
    CHECK(markdown_to_html("Don't *stop* **now** & `a<b`\n") ==
        "<p>Don't <em>stop</em> <strong>now</strong> &amp; <code>a&lt;b</code></p>\n");
    CHECK(markdown_to_html("one  \ntwo\nthree") == "<p>one<br>\ntwo\nthree</p>\n");
    CHECK(markdown_to_html("> said\n\n---\n") == "<blockquote>\n<p>said</p>\n</blockquote>\n<hr>\n");
    CHECK(markdown_to_html("- a\n- b\n  1. c\n") == "<ul>\n<li>a</li>\n<li>b\n<ol>\n<li>c</li>\n</ol>\n</li>\n</ul>\n");
    CHECK(markdown_to_html("3. a\n\n4. b\n") == "<ol start=\"3\">\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ol>\n");
    CHECK(markdown_to_html("[the *pier*](/pier \"Old & \\\"new\\\"\")") ==
        "<p><a href=\"/pier\" title=\"Old &amp; &quot;new&quot;\">the <em>pier</em></a></p>\n");
    CHECK(markdown_to_html("![a *b* <i>c</i>](/x.png 'T')") == "<p><img src=\"/x.png\" alt=\"a b c\" title=\"T\"></p>\n");
    CHECK(markdown_to_html(std::string_view("a\0b", 3)) == "<p>a\uFFFDb</p>\n");
}

TEST_CASE("code keeps its text and names its language", "[markdown]")
{
    CHECK(markdown_to_html("```c++ linenos\nif (a < b && c) {}\n```\n") ==
        "<pre><code class=\"language-c++\">if (a &lt; b &amp;&amp; c) {}\n</code></pre>\n");
    CHECK(markdown_to_html("    a\n\n    b\n") == "<pre><code>a\n\nb\n</code></pre>\n");
    CHECK(markdown_to_html("```\"><script>\nx\n```\n").find("<script>") == std::string::npos);
}

TEST_CASE("tables, struck text, tasks and bare addresses are understood", "[markdown]")
{
    CHECK(markdown_to_html("a | b\n:-: | ---\n1 | 2\n") ==
        "<table>\n<thead>\n<tr>\n<th align=\"center\">a</th>\n<th>b</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td align=\"center\">1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n");
    CHECK(markdown_to_html("~~gone~~") == "<p><del>gone</del></p>\n");
    CHECK(markdown_to_html("- [x] done\n- [ ] to do\n") ==
        "<ul>\n<li class=\"task\"><input type=\"checkbox\" checked disabled> done</li>\n"
        "<li class=\"task\"><input type=\"checkbox\" disabled> to do</li>\n</ul>\n");
    CHECK(markdown_to_html("see http://square.example/a?b=1&c=2.") ==
        "<p>see <a href=\"http://square.example/a?b=1&amp;c=2\">http://square.example/a?b=1&amp;c=2</a>.</p>\n");
}

TEST_CASE("raw HTML passes through", "[markdown]")
{
    CHECK(markdown_to_html("<div class=x>\n*a*\n</div>\n\n<b>c</b> d") == "<div class=x>\n*a*\n</div>\n<p><b>c</b> d</p>\n");
}

TEST_CASE("entities are decoded once, and unknown ones stay as typed", "[markdown]")
{
    CHECK(markdown_to_html("caf&eacute; &amp; &lt;b&gt; &#x2603; &nosuch; &notit;") ==
        "<p>café &amp; &lt;b&gt; ☃ &amp;nosuch; &amp;notit;</p>\n");
    CHECK(markdown_to_html("[a](/?x=1&amp;y=2&nosuch;)") == "<p><a href=\"/?x=1&amp;y=2&amp;nosuch;\">a</a></p>\n");
    CHECK(markdown_to_html("[a](<ä b\"c>)") == "<p><a href=\"%C3%A4%20b%22c\">a</a></p>\n");
}

TEST_CASE("a link that would run a script has no href", "[markdown]")
{
    for (std::string_view address : {"javascript:alert(1)", "JavaScript:alert(1)", "&#106;avascript&colon;alert(1)",
             "java&Tab;script:alert(1)", "vbscript:x", "data:text/html,x", "&#1;javascript:x", "<  javascript:x>"}) {
        CAPTURE(address);
        CHECK(markdown_to_html(fmt::format("[a]({})", address)) == "<p><a>a</a></p>\n");
    }
    CHECK(markdown_to_html("![a](javascript:x)") == "<p><img alt=\"a\"></p>\n");
    CHECK(markdown_to_html("![a](data:image/gif;base64,R0lG)") == "<p><img src=\"data:image/gif;base64,R0lG\" alt=\"a\"></p>\n");
    CHECK(markdown_to_html("[a](javascripts/x:y)") == "<p><a href=\"javascripts/x:y\">a</a></p>\n");
    CHECK(markdown_to_html("[a](mailto:a@b.example)") == "<p><a href=\"mailto:a@b.example\">a</a></p>\n");
}

TEST_CASE("an address inside a link is only text", "[markdown]")
{
    CHECK(count_of(markdown_to_html("[http://a.example/](http://b.example/)"), "<a ") == 1);
    CHECK(count_of(markdown_to_html("[a ![b [c](/c)](/b.png) d](/d)"), "<a ") <= 1);
}

TEST_CASE("each heading has an id of its own", "[markdown]")
{
    CHECK(markdown_to_html("# The *harbour* at night!\n") == "<h1 id=\"the-harbour-at-night\">The <em>harbour</em> at night!</h1>\n");
    CHECK(markdown_to_html("Über uns\n---\n") == "<h2 id=\"über-uns\">Über uns</h2>\n");
    CHECK(markdown_to_html("# A & B &copy; `c_d`\n") == "<h1 id=\"a-b-c_d\">A &amp; B © <code>c_d</code></h1>\n");
    std::string const html = markdown_to_html("# a\n# a\n# a-1\n# a\n#\n# 港\n");
    for (std::string_view id : {"a", "a-1", "a-1-1", "a-2", "section", "港"}) {
        CAPTURE(id);
        CHECK(count_of(html, fmt::format("id=\"{}\"", id)) == 1);
    }
    CHECK(markdown_to_html("# a\n", "e17-") == "<h1 id=\"e17-a\">a</h1>\n");
}

TEST_CASE("a heading's id has at most 80 characters of its words", "[markdown]")
{
    HeadingIds ids;
    CHECK(code_point_count(ids.next(repeated("ü", 200))) == 80);
    CHECK(ids.next("\xFF\xC3") == "section");
}

TEST_CASE("footnotes are numbered in the order of their references and link back", "[markdown]")
{
    CHECK(markdown_to_html("One[^b] and two[^a].\n\n[^a]: First *written*.\n[^b]: Second.\n") ==
        "<p>One<sup id=\"fnref:1\"><a href=\"#fn:1\" class=\"footnote-ref\" role=\"doc-noteref\">1</a></sup>"
        " and two<sup id=\"fnref:2\"><a href=\"#fn:2\" class=\"footnote-ref\" role=\"doc-noteref\">2</a></sup>.</p>\n"
        "<section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n"
        "<li id=\"fn:1\">\n<p>Second. <a href=\"#fnref:1\" class=\"footnote-backref\" role=\"doc-backlink\">↩\uFE0E</a></p>\n</li>\n"
        "<li id=\"fn:2\">\n<p>First <em>written</em>. <a href=\"#fnref:2\" class=\"footnote-backref\" "
        "role=\"doc-backlink\">↩\uFE0E</a></p>\n"
        "</li>\n</ol>\n</section>\n");
}

TEST_CASE("a footnote that is referred to twice has two links back", "[markdown]")
{
    std::string const html = markdown_to_html("a[^n] b[^N]\n\n[^n]: text", "e1-");
    CHECK(count_of(html, "id=\"e1-fnref:1\"") == 1);
    CHECK(count_of(html, "id=\"e1-fnref:1:2\"") == 1);
    CHECK(count_of(html, "href=\"#e1-fn:1\"") == 2);
    CHECK(count_of(html, "href=\"#e1-fnref:1\"") == 1);
    CHECK(count_of(html, "href=\"#e1-fnref:1:2\"") == 1);
    CHECK(count_of(html, "<li id=\"e1-fn:1\">") == 1);
}

TEST_CASE("a footnote holds paragraphs, lists and code that are indented", "[markdown]")
{
    std::string const html =
        markdown_to_html("a[^n]\n\n[^n]: one\n  still one\nand lazily one\n\n    two\n\n    ```\n    [^n]: code\n    ```\n\n"
                         "\t- item\n\nafter\n");
    CHECK(html.find("<p>one\nstill one\nand lazily one</p>\n<p>two</p>\n<pre><code>[^n]: "
                    "code\n</code></pre>\n<ul>\n<li>item</li>\n</ul>\n<p><a ") != std::string::npos);
    CHECK(html.find("<p>after</p>\n<section") != std::string::npos);
}

TEST_CASE("a definition that nobody refers to is dropped, with those that only it refers to", "[markdown]")
{
    CHECK(markdown_to_html("text\n\n[^a]: unused [^b]\n[^b]: unused too\n") == "<p>text</p>\n");
}

TEST_CASE("a footnote may refer to others and to itself", "[markdown]")
{
    std::string const html = markdown_to_html("x[^a]\n\n[^b]: beta [^a]\n[^a]: alpha [^b] [^a]\n");
    CHECK(html.find("alpha <sup id=\"fnref:2\">") != std::string::npos);
    CHECK(html.find("<sup id=\"fnref:1:2\"><a href=\"#fn:1\"") < html.find("<li id=\"fn:2\">"));
    CHECK(count_of(html, "<li id=") == 2);
    CHECK(count_of(html, "footnote-backref") == 4);
}

TEST_CASE("what looks like a footnote in code, raw HTML or behind a backslash is none", "[markdown]")
{
    CHECK(markdown_to_html("```\n[^a]: x\n```\n") == "<pre><code>[^a]: x\n</code></pre>\n");
    CHECK(markdown_to_html("- ```\n  [^a]: x\n  ```\n\n    [^b]: y\n").find("[^a]: x\n</code>") != std::string::npos);
    CHECK(markdown_to_html("<pre>\n[^a]: x\n</pre>\n") == "<pre>\n[^a]: x\n</pre>\n");
    CHECK(markdown_to_html("\\[^a] `[^a]` [^none] [^a](/x) ![^a](/y)\n\n[^a]: x\n") ==
        "<p>[^a] <code>[^a]</code> [^none] <a href=\"/x\">^a</a> <img src=\"/y\" alt=\"^a\"></p>\n");
    CHECK(count_of(markdown_to_html("\\\\[^a]\n\n[^a]: x\n"), "footnote-ref\"") == 1);
}

TEST_CASE("an open fence or comment in a footnote ends with it", "[markdown]")
{
    std::string const html = markdown_to_html("[^a]: ```\n\n[^b]: <!-- open\n\nText[^a] and[^b].\n");
    CHECK(html.find("<p>Text<sup") == 0);
    CHECK(count_of(html, "<li id=") == 2);
}

TEST_CASE("links defined in the text hold in its footnotes and the other way round", "[markdown]")
{
    std::string const html = markdown_to_html("x[^a] [there]\n\n[^a]: see [here]\n\n    [there]: /there\n\n[here]: /here\n");
    CHECK(html.find("<a href=\"/there\">there</a>") != std::string::npos);
    CHECK(html.find("<a href=\"/here\">here</a>") != std::string::npos);
}

TEST_CASE("definitions do not join what stands above and below them", "[markdown]")
{
    CHECK(markdown_to_html("text\n[^a]: note\n---\nmore").find("<h2") == std::string::npos);
    CHECK(markdown_to_html("one\r\n[^a]: note\r\n\r\ntwo [^a]\r\n").find("<p>one</p>\n<p>two <sup") != std::string::npos);
    CHECK(markdown_to_html("a[^n]\n\n[^n]:\n\nb\n").find("<li id=\"fn:1\">\n<p><a href") != std::string::npos);
}

TEST_CASE("footnotes work in headings, lists and tables but not inside links", "[markdown]")
{
    CHECK(markdown_to_html("# Title[^a] *x*\n\n[^a]: n").find("<h1 id=\"title-x\">Title<sup id=\"fnref:1\">") == 0);
    CHECK(count_of(markdown_to_html("- a[^a]\n\n|b[^a]|\n|-|\n|c[^a]|\n\n[^a]: n"), "doc-noteref") == 3);
    CHECK(markdown_to_html("[x [^a] y](/z)\n\n[^a]: n") == "<p><a href=\"/z\">x [^a] y</a></p>\n");
}

TEST_CASE("quotes and lists nested without end are closed and not deeper than browsers go", "[markdown]")
{
    for (std::string_view marker : {"> ", "- ", "1. "}) {
        std::string const html = markdown_to_html(repeated(marker, 5000) + "x");
        CAPTURE(marker);
        CHECK(count_of(html, "<blockquote>") + count_of(html, "<ul>") + count_of(html, "<ol>") == 100);
        CHECK(count_of(html, "</blockquote>") + count_of(html, "</ul>") + count_of(html, "</ol>") == 100);
        CHECK(count_of(html, "<li>") == count_of(html, "</li>"));
    }
}

TEST_CASE("a short text that asks for output of quadratic size is shown as it was typed", "[markdown]")
{
    std::string const wide = repeated("a|", 3000) + "\n" + repeated("---|", 3000) + "\n" + repeated("b\n", 3000);
    bool const wide_is_as_typed = markdown_to_html(wide) == "<pre>" + wide + "</pre>\n";
    CHECK(wide_is_as_typed);
    std::string const often = "[a]: /" + repeated("x", 20000) + "\n\n" + repeated("[a] ", 10000);
    bool const often_is_as_typed = markdown_to_html(often) == "<pre>" + often + "</pre>\n";
    CHECK(often_is_as_typed);
    bool const with_footnote_as_well = markdown_to_html(often + "\n\n[^a]: n").starts_with("<pre>[a]: ");
    CHECK(with_footnote_as_well);
}

TEST_CASE("output grows with the input, whatever is repeated", "[markdown]")
{
    for (std::string_view piece : {"[^a]", "[^", "[^a]: x\n", "[^a]: x\n\n", "[", "![", "[a](", "![[]()", "a@b.", "*a _", "`", "``a`",
             "<!--", "<a ", "<?", "&amp;", "# a\n", "- a\n\n", "> a\n\n", "|", "|a\n|-\n", "\\", "~~", "http://a.b/", "www.", "[a]: b\n",
             "```\n", "  - ", "\t", "[^a]\n\n    ", "<b>", "[^\xC3\xA9]"}) {
        CAPTURE(piece);
        std::string const text = repeated(piece, 20000) + "\n\n[^a]: note\n";
        CHECK(markdown_to_html(text).size() < 200 * text.size() + 10000);
    }
}

TEST_CASE("labels of footnotes are short and hold no blank or bracket", "[markdown]")
{
    CHECK(footnote_label("[^a-1] b") == "a-1");
    CHECK_FALSE(footnote_label("[^]"));
    CHECK_FALSE(footnote_label("[^a b]"));
    CHECK_FALSE(footnote_label("[^a"));
    CHECK(footnote_label("[^" + std::string(100, 'x') + "]"));
    CHECK_FALSE(footnote_label("[^" + std::string(101, 'x') + "]"));
}

TEST_CASE("what stands in memory behind a text is no part of it", "[markdown]")
{
    std::string_view const longer = "[x](naxr)[^1]";
    CHECK(markdown_to_html(longer.substr(0, 8)) == "<p>[x](naxr</p>\n");
    CHECK(markdown_to_html(longer.substr(0, 1)) == "<p>[</p>\n");
}
