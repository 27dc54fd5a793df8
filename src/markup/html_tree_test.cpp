#include "markup/html_tree.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

using namespace backtalk::markup;

namespace {

/// "p(i(x)y)": what is in the body, text as it stands, without recursion.
std::string outline(HtmlTree const& tree)
{
    HtmlNode const* const body = tree.root()->first_child->next_sibling;
    std::string out;
    HtmlNode const* node = body->first_child;
    while (node != nullptr) {
        out += node->is_text ? node->text() : node->name();
        if (node->first_child != nullptr) {
            out += '(';
            node = node->first_child;
            continue;
        }
        while (node != body && node->next_sibling == nullptr) {
            node = node->parent;
            if (node != body)
                out += ')';
        }
        if (node == body)
            break;
        out += ' ';
        node = node->next_sibling;
    }
    return out;
}

std::string outline(std::string_view html) { return outline(HtmlTree(html)); }

std::size_t depth_of(HtmlTree const& tree)
{
    std::size_t deepest = 0;
    std::size_t depth = 0;
    HtmlNode const* node = tree.root();
    while (node != nullptr) {
        deepest = std::max(deepest, depth);
        if (node->first_child != nullptr) {
            node = node->first_child;
            ++depth;
            continue;
        }
        while (node != tree.root() && node->next_sibling == nullptr) {
            node = node->parent;
            --depth;
        }
        node = node == tree.root() ? nullptr : node->next_sibling;
    }
    return deepest;
}

std::string repeated(std::string_view text, int count)
{
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

}  // namespace

TEST_CASE("elements without end tags end where the standard ends them", "[html_tree]")
{
    CHECK(outline("<p>a<p>b<div>c</div>d") == "p(a) p(b) div(c) d");
    CHECK(outline("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>") == "ul(li(a) li(b ul(li(c))) li(d))");
    CHECK(outline("<dl><dt>a<dd>b<dt>c</dl>") == "dl(dt(a) dd(b) dt(c))");
    CHECK(outline("<table><tr><td>a<td>b<tr><th>c</table>d") == "table(tr(td(a) td(b)) tr(th(c))) d");
    CHECK(outline("<table><thead><tr><td>a<tbody><tr><td>b</table>") == "table(thead(tr(td(a))) tbody(tr(td(b))))");
    CHECK(outline("<select><option>a<option>b<optgroup><option>c</select>d") == "select(option(a) option(b) optgroup(option(c))) d");
    CHECK(outline("<h1>a<h2>b</h3>c") == "h1(a) h2(b) c");
}

TEST_CASE("end tags close the nearest open element of their name, and no block by mistake", "[html_tree]")
{
    CHECK(outline("<div>a</span>b</div>c") == "div(a b) c");
    CHECK(outline("<span><div>a</span>b</div>c") == "span(div(a b) c)");
    CHECK(outline("<div><span>a</div>b") == "div(span(a)) b");
    CHECK(outline("<div><table><tr><td>a</div>b</table>c</div>d") == "div(table(tr(td(a b))) c) d");
    CHECK(outline("<my-card>a<b>c</my-card>d") == "my-card(a b(c)) d");
    CHECK(outline("<ul><li>a</ol></li><li>b</ul>") == "ul(li(a) li(b))");
    CHECK(outline("a</p>b</body>c</html>d") == "a b c d");
}

TEST_CASE("a link inside a link ends the first", "[html_tree]")
{
    CHECK(outline("<a>1<a>2</a>3") == "a(1) a(2) 3");
    CHECK(outline("<a>1<i>2<a>3</a>") == "a(1 i(2)) a(3)");
    CHECK(outline("<a>1<div>2<a>3</a>4</div>5") == "a(1) div(a(2) a(3) 4) 5");
    CHECK(outline("<a><div><p>1<a>2") == "a div(a p(a(1) a(2)))");
    CHECK(outline("<a><table><tr><td><a>1") == "a(table(tr(td(a(1)))))");
}

TEST_CASE("a formatting element that ends inside a block leaves the block open", "[html_tree]")
{
    CHECK(outline("<b>1<div>2</b>3</div>4") == "b(1) div(b(2) 3) 4");
    CHECK(outline("<b><i><div>1</b>2</i>3</div>4") == "b(i) div(b(1) 2 3) 4");
    CHECK(outline("<form><div>1</form>2</div>3") == "form(div(1 2)) 3");
}

TEST_CASE("head and body are always there and get their attributes", "[html_tree]")
{
    HtmlTree const tree("<!doctype html><link id=l><body class=a>x<html class=b><body class=c>y");
    HtmlNode const* const head = tree.root()->first_child;
    CHECK(tree.root()->attribute("class") == "b");
    REQUIRE(head->is(HtmlTag::Head));
    REQUIRE(head->first_child != nullptr);
    CHECK(head->first_child->attribute("id") == "l");
    CHECK(head->next_sibling->attribute("class") == "a");
    CHECK(outline(tree) == "x y");
    CHECK(outline("<title>t</title>\n<style>s</style>x") == "x");
}

TEST_CASE("templates are not in the tree, nor what is in them", "[html_tree]")
{
    CHECK(outline("a<template><p>b<template>c</template></div></template>d</template>e").find_first_of("bc") == std::string::npos);
    CHECK(outline("<div>a<template>b") == "div(a)");
}

TEST_CASE("foreign elements close themselves", "[html_tree]")
{
    CHECK(outline("<svg><path/><g><path/></g></svg>a<path/>b") == "svg(path g(path)) a path(b)");
}

TEST_CASE("the first base counts", "[html_tree]")
{
    CHECK(HtmlTree("<base target=x><base href='/a'><base href='/b'>").base_reference() == "/a");
    CHECK(HtmlTree("<template><base href='/a'></template>").base_reference().data() == nullptr);
}

TEST_CASE("nesting ends at the depth limit, and closing it again finds the way back", "[html_tree]")
{
    std::string const html = "<p id=a>" + repeated("<div>", 5000) + "x" + repeated("</div>", 5000) + "<p id=b>y";
    HtmlTree const tree(html);
    CHECK(depth_of(tree) == HtmlTree::depth_max);
    HtmlNode const* const body = tree.root()->first_child->next_sibling;
    REQUIRE(body->first_child->next_sibling != nullptr);
    CHECK(body->first_child->next_sibling->is(HtmlTag::Div));
    REQUIRE(body->first_child->next_sibling->next_sibling != nullptr);
    CHECK(body->first_child->next_sibling->next_sibling->attribute("id") == "b");
}

TEST_CASE("the text of a script beyond the depth limit is not read as text", "[html_tree]")
{
    std::string const html = repeated("<div>", 600) + "<script>alert(1)</script>";
    CHECK(outline(html).find("alert") == std::string::npos);
}

// Each of these makes some parser need gigabytes or minutes.
TEST_CASE("no page makes the tree need more than 32 bytes for each of its own", "[html_tree]")
{
    std::string attributes = "<div";
    for (int i = 0; i < 10'000; ++i)
        attributes += " a" + std::to_string(i) + "=b";
    std::string fonts;
    for (int i = 0; i < 5000; ++i)
        fonts += "<font size=" + std::to_string(i) + "><p>";
    struct Bomb {
        char const* name;
        std::string html;
    };
    Bomb const bombs[] = {
        {"nested blocks", repeated("<div>", 200'000)},
        {"blocks closed again", repeated("<div>", 200'000) + repeated("</div>", 200'000)},
        {"formatting", fonts},
        {"formatting of one kind", repeated("<b>", 100'000) + repeated("<p>", 100'000)},
        {"attributes", attributes + ">"},
        {"links and blocks", repeated("<a><div>", 50'000)},
        {"links around blocks, closed", repeated("<a><div>x</a>", 50'000)},
        {"blocks in formatting, closed", repeated("<b><i><u><div>", 1000) + repeated("x</b>y</i>z</u>", 50'000)},
        {"soup", repeated("<a><p><li><td>", 50'000)},
        {"table soup", repeated("<table><tr><td>", 50'000)},
        {"list soup", repeated("<ul><li><dl><dt>", 50'000)},
        {"strange end tags", repeated("<x>", 500) + repeated("</y>", 200'000)},
        {"forms", repeated("<form><div></form>", 50'000)},
        {"open paragraphs under inline elements", repeated("<p><object>" + repeated("<i>", 400), 1) + repeated("<hr>", 200'000)},
        {"templates", repeated("<template>", 200'000)},
        {"one letter at a time", repeated("<p>x", 100'000)},
        {"character references", repeated("&lt;", 100'000)},
        {"foreign", repeated("<svg><b>", 100'000)},
        {"body attributes", repeated("<body a=1 b=2>", 50'000)},
    };
    for (Bomb const& bomb : bombs) {
        INFO(bomb.name);
        HtmlTree const tree(bomb.html);
        CHECK(tree.memory_bytes() <= 32 * bomb.html.size() + 1024);
        CHECK(tree.node_count() <= bomb.html.size());
        CHECK(depth_of(tree) <= 3 * HtmlTree::depth_max);
    }
}
