#include <catch2/catch.hpp>

#include "web/template.h"
#include "web/template_place.h"

using namespace backtalk;
using namespace backtalk::web;

namespace {

struct PersonSchema : Schema {
    PersonSchema() : Schema("person") { }
    TextField const name{*this, "name"};
    UrlField const url{*this, "url"};
};

struct BookSchema : Schema {
    BookSchema() : Schema("book") { }
    TextField const title{*this, "title"};
    TextField const subtitle{*this, "subtitle"};
    UrlField const url{*this, "url"};
    HtmlField const blurb{*this, "blurb"};
    JsonField const data{*this, "data"};
    FlagField const is_new{*this, "is_new"};
    NumberField const pages{*this, "pages"};
    ListField const readers{*this, "readers", schema<PersonSchema>()};
    ObjectField const writer{*this, "writer", schema<PersonSchema>()};
};

BookSchema const& book() { return schema<BookSchema>(); }
PersonSchema const& person() { return schema<PersonSchema>(); }

View sample()
{
    View view(book());
    view.set(book().title, "Tom & \"Ann\"").set(book().url, "http://a.example/?x=1&y=2").set(book().blurb, "<b>bold</b>");
    view.set(book().is_new, true).set(book().pages, 12).set(book().data, "{\"a\":\"</script>\"}");
    view.add(book().readers).set(person().name, "Ida").set(person().url, "/ida");
    view.add(book().readers).set(person().name, "Ole").set(person().url, "/ole");
    view.make(book().writer).set(person().name, "Wren").set(person().url, "http://wren.example/");
    return view;
}

std::string rendered(std::string source, View const& view, TemplateSources partials = {})
{
    partials["page"] = std::move(source);
    auto const compiled = Template::compile("page", partials, book());
    if (!compiled)
        return "error: " + compiled.error().text;
    auto const result = compiled->render(view);
    return result ? *result : "error: " + result.error().text;
}

std::string rendered(std::string source, TemplateSources partials = {})
{
    return rendered(std::move(source), sample(), std::move(partials));
}

std::string refusal(std::string source, TemplateSources partials = {})
{
    partials["page"] = std::move(source);
    auto const compiled = Template::compile("page", partials, book());
    if (compiled)
        return "compiled";
    CHECK(compiled.error().code == ErrorCode::Malformed);
    return compiled.error().text;
}

}  // namespace

TEST_CASE("variables are escaped, markup is not", "[template]")
{
    CHECK(
        rendered("{{title}}, {{ pages }}: {{{blurb}}}{{&blurb}}{{subtitle}}.") == "Tom &amp; &quot;Ann&quot;, 12: <b>bold</b><b>bold</b>.");
}

TEST_CASE("sections repeat for lists, enter objects, and ask flags, numbers and texts", "[template]")
{
    CHECK(rendered("{{#readers}}[{{name}} of {{pages}}]{{/readers}}") == "[Ida of 12][Ole of 12]");
    CHECK(rendered("{{#writer}}{{name}}{{/writer}} {{writer.name}}") == "Wren Wren");
    CHECK(rendered("{{#is_new}}new{{/is_new}}{{^is_new}}old{{/is_new}}") == "new");
    CHECK(rendered("{{#pages}}{{.}}{{/pages}}{{#title}}[{{.}}]{{/title}}") == "12[Tom &amp; &quot;Ann&quot;]");
    CHECK(rendered("{{#subtitle}}no{{/subtitle}}{{^subtitle}}none{{/subtitle}}") == "none");
    CHECK(rendered("{{#readers}}{{#readers}}{{name}}{{/readers}};{{/readers}}") == "IdaOle;IdaOle;");
    View const empty(book());
    CHECK(rendered("{{#readers}}x{{/readers}}{{^readers}}nobody{{/readers}}{{#writer}}x{{/writer}}{{^writer}}nobody{{/writer}}"
                   "{{writer.name}}{{#writer.name}}x{{/writer.name}}{{^pages}}0{{/pages}}{{pages}}",
              empty) == "nobodynobody00");
}

TEST_CASE("a section inside a section inside a list finds its way back", "[template]")
{
    CHECK(rendered("{{#readers}}{{#is_new}}{{#url}}{{name}}{{^subtitle}}!{{/subtitle}}{{/url}}{{/is_new}}, {{/readers}}end") ==
        "Ida!, Ole!, end");
    CHECK(rendered("{{#writer}}{{#readers}}{{name}}{{/readers}}{{name}}{{/writer}}") == "IdaOleWren");
}

TEST_CASE("comments leave no trace", "[template]")
{
    CHECK(rendered("a{{! not\nthis }}b") == "ab");
    CHECK(rendered("a\n  {{! this line goes }}\nb\n") == "a\nb\n");
    CHECK(rendered("a\r\n{{!\n  gone\n}}\r\nb") == "a\r\nb");
}

TEST_CASE("a tag that stands alone takes its line with it", "[template]")
{
    CHECK(rendered("one\n  {{#is_new}}\ntwo\n\t{{/is_new}}  \nthree") == "one\ntwo\nthree");
    CHECK(rendered("{{#is_new}}\nx\n{{/is_new}}") == "x\n");
    CHECK(rendered("  {{#is_new}}x{{/is_new}}\n") == "  x\n");
    CHECK(rendered("{{#is_new}} {{/is_new}}\n.") == " \n.");
    CHECK(rendered("a\n  {{pages}}\nb") == "a\n  12\nb");
    CHECK(rendered("{{#is_new}}\r\nx\r\n{{/is_new}}\r\ny") == "x\r\ny");
    CHECK(rendered("a\n{{^is_new}}\nx\n{{/is_new}}\nb") == "a\nb");
}

TEST_CASE("delimiters can be set, and partials start with the usual ones", "[template]")
{
    CHECK(rendered("{{=<% %>=}}<%pages%> {{pages}} <%={{ }}=%>{{pages}}") == "12 {{pages}} 12");
    CHECK(rendered("x\n {{=| |=}} \n|pages|\n|>part|", {{"part", "{{pages}}|pages|"}}) == "x\n12\n12|pages|");
    CHECK(rendered("{{=<% %>=}}<%{blurb}%><%& blurb %>") == "<b>bold</b><b>bold</b>");
}

TEST_CASE("partials see the names around them and keep their indentation", "[template]")
{
    CHECK(rendered("{{#readers}}{{>who}}{{/readers}}", {{"who", "{{name}};"}}) == "Ida;Ole;");
    CHECK(rendered(" {{>part}}\n.", {{"part", "a\n\nb\n{{blurb_line}}"}}) ==
        "error: part.mustache:4: neither book nor what it stands in has a field \"blurb_line\" (nearest: blurb)");
    CHECK(rendered("  {{>part}}\n.", {{"part", "a\n\n{{{blurb}}}\n"}}) == "  a\n\n  <b>bold</b>\n.");
    CHECK(rendered("  {{>outer}}\n", {{"outer", "o\n {{>inner}}\n"}, {"inner", "i\n"}}) == "  o\n   i\n");
    CHECK(rendered("a {{>part}} b", {{"part", "x\ny"}}) == "a x\ny b");
}

TEST_CASE("a value is escaped for where it stands", "[template]")
{
    CHECK(rendered("<p class='a {{title}}'>") == "<p class='a Tom &amp; &quot;Ann&quot;'>");
    CHECK(rendered("<a href=\"{{url}}\">") == "<a href=\"http://a.example/?x=1&amp;y=2\">");
    CHECK(rendered("<a href=\"/find?q={{title}}&amp;p={{pages}}#{{url}}\">") ==
        "<a href=\"/find?q=Tom%20%26%20%22Ann%22&amp;p=12#http%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D2\">");
    CHECK(rendered("<script type=\"application/ld+json\">{{data}}</script>") ==
        "<script type=\"application/ld+json\">{\"a\":\"\\u003c/script>\"}</script>");
    CHECK(rendered("<title>{{title}}</title><!-- {{title}} -->") ==
        "<title>Tom &amp; &quot;Ann&quot;</title><!-- Tom &amp; &quot;Ann&quot; -->");
    CHECK(rendered("<p{{#is_new}} class=\"new\"{{/is_new}}>{{#is_new}}<b>{{/is_new}}</p>") == "<p class=\"new\"><b></p>");
    CHECK(rendered("<style>b{}</style><script>1<2</script>{{pages}}") == "<style>b{}</style><script>1<2</script>12");
}

TEST_CASE("in a URL attribute no foreign scheme comes through", "[template]")
{
    for (std::string_view bad : {"javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:x", "\x01javascript:x", "data:text/html,x",
             "vbscript:x", ":x", "ftp://a.example/"}) {
        INFO(bad);
        View view(book());
        view.set(book().url, bad);
        CHECK(rendered("<a href='{{url}}'>", view) == "<a href='#'>");
        CHECK_FALSE(is_safe_reference(bad));
    }
    for (std::string_view good :
        {"http://a.example/", "HTTPS://a.example", "mailto:a@a.example", "/a:b", "?a:b", "#a:b", "a/b:c", "//a.example/", "", "a"})
        CHECK(is_safe_reference(good));
    // Two values cannot make a scheme together either.
    CHECK(refusal("<a href='{{url}}:{{title}}'>") == "page.mustache:1: behind a value at the start of a URL only / ? # & may come");
    View split(book());
    split.set(book().url, "javascript");
    split.make(book().writer).set(person().url, ":alert(1)");
    CHECK(rendered("<a href='{{url}}{{writer.url}}'>", split) == "<a href='javascript#'>");
}

TEST_CASE("a wrong name is an error that names file, line, name and the nearest known one", "[template]")
{
    CHECK(refusal("\n\n{{titel}}") == "page.mustache:3: neither book nor what it stands in has a field \"titel\" (nearest: title)");
    CHECK(refusal("{{#readers}}\n{{nam}}{{/readers}}") ==
        "page.mustache:2: neither person nor what it stands in has a field \"nam\" (nearest: name)");
    CHECK(refusal("{{writer.nmae}}") == "page.mustache:1: \"writer.nmae\": person has no field \"nmae\" (nearest: name)");
    CHECK(refusal("{{title.name}}") == "page.mustache:1: \"title\" in \"title.name\" is not an object");
    CHECK(refusal("{{readers.name}}") == "page.mustache:1: \"readers\" in \"readers.name\" is not an object");
    CHECK(refusal("{{zzzzzzzzzz}}") == "page.mustache:1: neither book nor what it stands in has a field \"zzzzzzzzzz\"");
    CHECK(refusal("{{>foof}}", {{"foot", ""}}) == "page.mustache:1: there is no template \"foof\" (nearest: foot)");
    CHECK(refusal("{{.}}") == "page.mustache:1: {{.}} is a book: name one of its fields");
}

TEST_CASE("a template that is not Mustache is an error", "[template]")
{
    CHECK(refusal("a\n{{title") == "page.mustache:2: this tag is not closed by }}");
    CHECK(refusal("{{{blurb}}") == "page.mustache:1: this tag is not closed by }}}");
    CHECK(refusal("{{}}") == "page.mustache:1: \"\" is not a name (letters, digits, _ - .)");
    CHECK(refusal("{{a b}}") == "page.mustache:1: \"a b\" is not a name (letters, digits, _ - .)");
    CHECK(refusal("{{$block}}") == "page.mustache:1: \"$block\" is not a name (letters, digits, _ - .)");
    CHECK(refusal("{{#is_new}}") == "page.mustache:1: the section \"is_new\" is not closed");
    CHECK(refusal("\n{{/is_new}}") == "page.mustache:2: \"is_new\" is closed but was not opened");
    CHECK(refusal("{{#is_new}}\n{{#title}}\n{{/is_new}}") == "page.mustache:3: \"is_new\" is closed where \"title\" (line 2) is open");
    CHECK(refusal("{{= x =}}") == "page.mustache:1: delimiters are set as {{=<% %>=}}: two of them, without blanks or = in them");
    CHECK(refusal("{{>a}}", {{"a", "{{>b}}"}, {"b", "\n{{>a}}"}}) == "b.mustache:2: {{>a}} includes itself");
}

TEST_CASE("a value where no escaping is safe is an error", "[template]")
{
    CHECK(refusal("<a href={{url}}>") == "page.mustache:1: the value of the attribute href needs quotes");
    CHECK(refusal("<a class=x{{title}}>") == "page.mustache:1: the value of the attribute class needs quotes");
    CHECK(refusal("<a onclick=\"f('{{title}}')\">") == "page.mustache:1: no value can stand in the event handler onclick");
    CHECK(refusal("<a style='{{title}}'>") == "page.mustache:1: no value can stand in the attribute style");
    CHECK(refusal("<style>\n{{title}}</style>") == "page.mustache:2: no value can stand in a script or style sheet");
    CHECK(refusal("<script>{{title}}</script>") == "page.mustache:1: no value can stand in a script or style sheet");
    CHECK(refusal("<script>{{data}}</script>") == "page.mustache:1: data is JSON: it belongs into <script type=\"application/ld+json\">");
    CHECK(refusal("<script type='application/ld+json'>{{title}}</script>") == "page.mustache:1: no value can stand in a JSON script");
    CHECK(refusal("<script src=\"{{url}}\">") == "page.mustache:1: no value can stand in a script's tag");
    CHECK(refusal("<iframe src=\"{{url}}\">") == "page.mustache:1: no value can choose what <iframe> loads");
    CHECK(refusal("<{{title}}>") == "page.mustache:1: no value can stand in a tag's name");
    CHECK(refusal("<a {{title}}>") == "page.mustache:1: no value can stand in a tag");
    CHECK(refusal("<meta http-equiv=\"refresh\">") == "page.mustache:1: http-equiv is not for themes: the server sends the headers");
    CHECK(refusal("<a href='javascript:{{url}}'>") ==
        "page.mustache:1: a URL of the scheme \"javascript\": themes use http, https and mailto");
    CHECK(refusal("<a href='java{{url}}'>") == "page.mustache:1: in a URL a value stands at the start, or behind a / ? or #");
    CHECK(refusal("<a href='{{title}}'>") == "page.mustache:1: href starts with title, which is not a url");
    CHECK(refusal("<!-- {{title}}-->") == "page.mustache:1: a value must not stand directly before - or > in a comment");
    CHECK(refusal("<title><{{title}}</title>") == "page.mustache:1: a value must not stand directly behind <");
}

TEST_CASE("a kind of field where it does not belong is an error", "[template]")
{
    CHECK(refusal("{{blurb}}") == "page.mustache:1: blurb is markup: write {{{blurb}}}");
    CHECK(refusal("{{{title}}}") == "page.mustache:1: title is not markup: write {{title}}, it will be escaped");
    CHECK(refusal("<p class=\"{{{blurb}}}\">") == "page.mustache:1: blurb is markup and cannot stand in an attribute's value");
    CHECK(refusal("{{is_new}}") == "page.mustache:1: is_new is a flag: write {{#is_new}}…{{/is_new}}");
    CHECK(refusal("{{readers}}") == "page.mustache:1: readers is a list of person: open it with {{#readers}}");
    CHECK(refusal("{{writer}}") == "page.mustache:1: writer is an object of person: open it with {{#writer}}");
}

TEST_CASE("a section ends in the HTML where it began", "[template]")
{
    CHECK(
        refusal("{{#is_new}}<p class=\"{{/is_new}}\">") == "page.mustache:1: the section begins in text and ends in an attribute's value");
    CHECK(refusal("{{#is_new}}<!--{{/is_new}}-->") == "page.mustache:1: the section begins in text and ends in a comment");
    CHECK(refusal("<a{{#is_new}}b{{/is_new}}>") == "page.mustache:1: a blank is missing before this attribute");
    CHECK(refusal("<p class=\"") == "page.mustache: the page ends in an attribute's value");
    CHECK(refusal("<!-- {{#readers}}>{{name}}{{/readers}} -->") ==
        "page.mustache:1: a repeated section in a comment ends with some text, so that no value stands before - or >");
}

TEST_CASE("partials within partials do not grow without end", "[template]")
{
    TemplateSources partials;
    for (char name = 'a'; name < 'z'; ++name)
        partials[std::string(1, name)] =
            "{{>" + std::string(1, static_cast<char>(name + 1)) + "}}{{>" + std::string(1, static_cast<char>(name + 1)) + "}}";
    partials["z"] = "{{pages}}";
    CHECK(refusal("{{>a}}", partials) == "z.mustache:1: the page with its partials is too large");
}

TEST_CASE("a page has a largest size", "[template]")
{
    View view(book());
    std::string const large(Template::output_bytes_max / 2 + 1, 'x');
    view.hold(book().title, large);
    auto const compiled = Template::compile("page", {{"page", "{{title}}{{title}}"}}, book());
    REQUIRE(compiled);
    auto const result = compiled->render(view);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::TooLarge);
}
