#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <vector>

#include "markup/html_tokenizer.h"
#include "web/sample_pages.h"
#include "web/theme.h"

using namespace backtalk;
using namespace backtalk::web;

namespace {

Theme const& theme()
{
    static Theme const loaded = [] {
        auto result = Theme::load(theme_files, {});
        if (!result)
            FAIL(result.error().text);
        return *std::move(result);
    }();
    return loaded;
}

std::string page(PageKind kind, View const& view)
{
    auto result = theme().render(kind, view);
    return result ? *result : "error: " + result.error().text;
}

/// Every class of a page with how often it stands there, ids that stand there twice, and elements closed in the wrong order.
class Outline : public markup::HtmlSink {
public:
    void start_tag(markup::HtmlStartTag const& tag) override
    {
        std::string_view rest = tag.attribute("class");
        while (!rest.empty()) {
            std::size_t const end = std::min(rest.find(' '), rest.size());
            ++classes[std::string(rest.substr(0, end))];
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        if (tag.has_attribute("id") && !ids.insert(std::string(tag.attribute("id"))).second)
            problems.push_back("id twice: " + std::string(tag.attribute("id")));
        if (tag.name == "script")
            script_types.push_back(std::string(tag.attribute("type")));
        if (tag.name == "link")
            rels.insert(std::string(tag.attribute("rel")));
        if (tag.name == "h1")
            ++headings;
        static std::set<std::string_view> const empty{"meta", "link", "br", "input", "img", "hr"};
        if (!empty.contains(tag.name))
            open.push_back(std::string(tag.name));
    }
    void end_tag(std::string_view name) override
    {
        if (open.empty() || open.back() != name)
            problems.push_back("closed in the wrong order: " + std::string(name));
        else
            open.pop_back();
    }

    std::map<std::string, int> classes;
    std::set<std::string> ids;
    std::set<std::string> rels;
    std::vector<std::string> script_types;
    std::vector<std::string> open;
    std::vector<std::string> problems;
    int headings = 0;
};

Outline outline(std::string const& html)
{
    Outline result;
    markup::tokenize_html(html, result);
    return result;
}

}  // namespace

TEST_CASE("every page of the default theme is well-formed, with one main heading", "[theme]")
{
    SamplePages const pages;
    std::vector<std::string> const all{page(PageKind::Home, pages.list(5)), page(PageKind::Home, pages.list(0)),
        page(PageKind::Date, pages.list(2)), page(PageKind::Category, pages.list(1)), page(PageKind::Tag, pages.list(0)),
        page(PageKind::Archives, pages.archives()), page(PageKind::Entry, pages.entry(0)), page(PageKind::Entry, pages.entry(7)),
        page(PageKind::Mentions, pages.entry(7)), page(PageKind::Trackback, pages.entry(1)), page(PageKind::Entry, pages.conversation()),
        page(PageKind::Mentions, pages.conversation()), page(PageKind::Announced, pages.announced(true)),
        page(PageKind::Announced, pages.announced(false)), page(PageKind::Status, pages.status(true)),
        page(PageKind::Status, pages.status(false)), page(PageKind::Endpoint, pages.endpoint()), page(PageKind::Gone, pages.gone()),
        page(PageKind::Error, pages.error(404)), page(PageKind::Error, pages.error(410))};
    for (std::string const& html : all) {
        Outline const found = outline(html);
        INFO(html);
        CHECK(html.starts_with("<!doctype html>\n<html lang=\"en\">"));
        CHECK(found.problems.empty());
        CHECK(found.open.empty());
        CHECK(found.headings == 1);
        CHECK(html.find("{{") == std::string::npos);
    }
}

TEST_CASE("a page whose fields are all empty is still a page", "[theme]")
{
    for (std::size_t i = 0; i < page_kind_count; ++i) {
        auto const kind = static_cast<PageKind>(i);
        Outline const found = outline(page(kind, View(schema_of(kind))));
        CHECK(found.problems.empty());
        CHECK(found.open.empty());
    }
}

TEST_CASE("an entry's page has one h-cite for each mention shown and no other", "[theme]")
{
    Outline found = outline(page(PageKind::Entry, SamplePages().entry(5)));
    CHECK(found.classes["h-cite"] == 5);
    CHECK(found.classes["u-comment"] == 6);  // the plain comment is an h-entry
    CHECK(found.classes["h-entry"] == 2);
    CHECK(found.classes["p-content"] == 5);
    CHECK(found.classes["dt-published"] == 7);
    CHECK(found.classes["e-content"] == 2);
    CHECK(found.classes["p-category"] == 2);
    CHECK(found.ids.contains("ping-1"));
    CHECK(found.ids.contains("trackback"));
    for (char const* rel : {"canonical", "trackback", "alternate", "stylesheet"})
        CHECK(found.rels.contains(rel));
    CHECK_FALSE(found.rels.contains("webmention"));
    CHECK_FALSE(found.rels.contains("pingback"));
    CHECK(found.script_types == std::vector<std::string>{"application/ld+json"});
}

TEST_CASE("mentions are listed in the form of 2007", "[theme]")
{
    std::string const html = page(PageKind::Entry, SamplePages().entry(1));
    CHECK(html.find("TrackBack URL for this entry:<br><code>http://quarters.example/trackback/9352</code>") != std::string::npos);
    CHECK(
        html.find(
            "Listed below are links to weblogs that reference <a href=\"http://quarters.example/2007/03/0/\">The harbour at night</a>:") !=
        std::string::npos);
    CHECK(html.find("<span class=\"mark\" aria-hidden=\"true\">»</span> <a class=\"p-name u-url\" rel=\"nofollow ugc\" "
                    "href=\"http://weblog-0.example/2007/03/post-0/\">Lights out</a> <span class=\"from\">from <span class=\"p-author "
                    "h-card\">Public Square</span></span>") != std::string::npos);
    CHECK(html.find("[Read more]</a>") != std::string::npos);
    CHECK(html.find("<form class=\"announce\" method=\"post\" action=\"/webmention\">\n<input type=\"hidden\" name=\"target\" "
                    "value=\"http://quarters.example/2007/03/0/\">") != std::string::npos);
    CHECK(html.find("<!--\n<rdf:RDF") != std::string::npos);
}

TEST_CASE("each response is one h-cite of its type, and the responses to it are not", "[theme]")
{
    for (PageKind const kind : {PageKind::Entry, PageKind::Mentions}) {
        Outline found = outline(page(kind, SamplePages().conversation()));
        CHECK(found.classes["h-cite"] == 12);  // a mention, a reply, and two of each group
        CHECK(found.classes["u-like"] == 2);
        CHECK(found.classes["u-repost"] == 2);
        CHECK(found.classes["u-bookmark"] == 2);
        CHECK(found.classes["reaction"] == 10);
        CHECK(found.classes["p-content"] == 13);
        CHECK(found.classes["p-author"] >= 13);
        CHECK(found.classes["response"] == 1);
        CHECK(found.ids.contains("ping-12"));
        bool const on_entry = kind == PageKind::Entry;
        CHECK(found.classes["h-entry"] == (on_entry ? 3 : 1));  // the entry, its plain comment, the nested response
        CHECK(found.classes["u-comment"] == (on_entry ? 14 : 13));
        CHECK(found.classes["dt-published"] == (on_entry ? 15 : 13));
    }
}

TEST_CASE("photos of strangers are not loaded", "[theme]")
{
    std::string const html = page(PageKind::Entry, SamplePages().conversation());
    CHECK(html.find("<img") == std::string::npos);
    CHECK(html.find("<span class=\"badge\" aria-hidden=\"true\">A</span>") != std::string::npos);
}

TEST_CASE("a tombstone says without headers that it is one", "[theme]")
{
    std::string const html = page(PageKind::Gone, SamplePages().gone());
    CHECK(html.find("<meta http-equiv=\"status\" content=\"410 Gone\">") != std::string::npos);
    CHECK(html.find("<meta name=\"robots\" content=\"noindex\">") != std::string::npos);
    CHECK(html.find("<a href=\"http://quarters.example/archives/\">archives</a>") != std::string::npos);
    CHECK(page(PageKind::Error, SamplePages().error(404)).find("http-equiv") == std::string::npos);
}

TEST_CASE("a home's own templates and style sheet win over the defaults", "[theme]")
{
    auto const own =
        Theme::load(theme_files, {{"error.mustache", "{{status}}: {{>note}}"}, {"note.mustache", "{{heading}}"}, {"style.css", "b{}"}});
    REQUIRE(own);
    CHECK(own->render(PageKind::Error, SamplePages().error(404)) == "404: Nothing is here");
    CHECK(own->style_sheet() == "b{}");
    CHECK(own->style_sheet_name() != theme().style_sheet_name());
    CHECK(theme().style_sheet_name() == Theme::load(theme_files, {})->style_sheet_name());
    CHECK(theme().style_sheet_name().size() == std::string_view("style-0123456789abcdef.css").size());
    CHECK(theme().style_sheet().size() < 14'000);

    auto const broken = Theme::load(theme_files, {{"foot.mustache", "\n{{site.titel}}"}});
    REQUIRE_FALSE(broken);
    CHECK(broken.error().text == "foot.mustache:2: \"site.titel\": site has no field \"titel\" (nearest: title)");
}
