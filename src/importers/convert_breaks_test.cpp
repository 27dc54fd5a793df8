#include "importers/convert_breaks.h"

#include <catch2/catch.hpp>

using namespace backtalk::importers;

TEST_CASE("blank lines part paragraphs and single line ends become br", "[convert_breaks]")
{
    CHECK(converted_breaks("one\ntwo\n\nthree") == "<p>one<br />\ntwo</p>\n\n<p>three</p>");
    CHECK(converted_breaks("one\r\ntwo\r\n\r\n\r\nthree\r\n") == "<p>one<br />\ntwo</p>\n\n<p>three</p>");
    CHECK(converted_breaks("one\n \t\ntwo") == "<p>one</p>\n\n<p>two</p>");
    CHECK(converted_breaks("\n\n  an indented line\n") == "<p>  an indented line</p>");
    CHECK(converted_breaks("").empty());
    CHECK(converted_breaks("\n \n\n").empty());
}

TEST_CASE("a paragraph that begins with a block element stays as it is", "[convert_breaks]")
{
    for (std::string const name :
        {"p", "div", "h1", "h6", "table", "ol", "ul", "li", "pre", "blockquote", "form", "hr", "dl", "center", "fieldset"}) {
        INFO(name);
        std::string const text = "<" + name + " class=\"x\">one\ntwo</" + name + ">";
        CHECK(converted_breaks(text) == text);
    }
    CHECK(converted_breaks("<UL>\n<li>a</li>\n</UL>\n\nb") == "<UL>\n<li>a</li>\n</UL>\n\n<p>b</p>");
    CHECK(converted_breaks("</blockquote>\nafter") == "</blockquote>\nafter");
}

TEST_CASE("a paragraph that begins with an inline element or a sign is wrapped", "[convert_breaks]")
{
    CHECK(converted_breaks("<b>one</b>\ntwo") == "<p><b>one</b><br />\ntwo</p>");
    CHECK(converted_breaks("<param>x") == "<p><param>x</p>");
    CHECK(converted_breaks("< p>") == "<p>< p></p>");
    CHECK(converted_breaks("a <p b") == "<p>a <p b</p>");
    CHECK(converted_breaks("<") == "<p><</p>");
}

TEST_CASE("line ends inside pre, script, style and textarea are text", "[convert_breaks]")
{
    CHECK(converted_breaks("<pre>\na\n\n\nb\n</pre>\n\nc") == "<pre>\na\n\n\nb\n</pre>\n\n<p>c</p>");
    CHECK(converted_breaks("see:\n<pre>a\nb</pre>\nend") == "<p>see:<br />\n<pre>a\nb</pre><br />\nend</p>");
    CHECK(converted_breaks("<script>\na;\n\nb;\n</SCRIPT>") == "<script>\na;\n\nb;\n</SCRIPT>");
    CHECK(converted_breaks("<pre>a\n\nnever closed") == "<pre>a\n\nnever closed");
}

TEST_CASE("a block that ends with a paragraph ends after it", "[convert_breaks]")
{
    CHECK(converted_breaks("<blockquote>one\n\ntwo\nthree</blockquote>") == "<blockquote>one\n\n<p>two<br />\nthree</p></blockquote>");
    CHECK(converted_breaks("one </div> </div>") == "<p>one </p></div> </div>");
    CHECK(converted_breaks("one</b>") == "<p>one</b></p>");
}

TEST_CASE("CONVERT BREAKS names the filter", "[convert_breaks]")
{
    for (std::string_view const html : {"0", "", "none", "richtext", "wysiwyg", " RichText "})
        CHECK((text_filter(html).filter == TextFilter::Html && text_filter(html).known));
    for (std::string_view const breaks : {"1", "__default__", "__default__, 0"})
        CHECK((text_filter(breaks).filter == TextFilter::ConvertBreaks && text_filter(breaks).known));
    for (std::string_view const markdown : {"markdown", "markdown_with_smartypants", "smarty, Markdown"})
        CHECK((text_filter(markdown).filter == TextFilter::Markdown && text_filter(markdown).known));
    for (std::string_view const unknown : {"textile_2", "2", "our_own"})
        CHECK((text_filter(unknown).filter == TextFilter::ConvertBreaks && !text_filter(unknown).known));
    CHECK(text_filter({}).filter == TextFilter::ConvertBreaks);
}
