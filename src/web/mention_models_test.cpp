#include "web/mention_models.h"

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::web;

namespace {

Url url_of(std::string_view text) { return Url::parse(text).value(); }

StoredMention mention(std::int64_t id, MentionType type, Listing listing)
{
    Url const url = url_of("http://friend.example/" + std::to_string(id));
    StoredMention stored(MentionId(id), EntryId(1), Mention::stored(url, {comparison_key(url)}, type, std::move(listing)));
    stored.origins = {Origin::Webmention};
    stored.received = *to_instant(CivilTime{2007, 3, 9, 12, 0, 0});
    return stored;
}

Listing by(std::string name, std::string rsvp = "")
{
    Listing listing;
    listing.author_name = std::move(name);
    listing.rsvp = std::move(rsvp);
    return listing;
}

NestedResponse response(std::string url)
{
    NestedResponse nested;
    nested.url = std::move(url);
    nested.author_name = "Tomas";
    return nested;
}

/// A page as a theme finds it, read by field.
class Shown {
public:
    explicit Shown(std::vector<StoredMention> const& mentions)
    {
        fill_mentions(view_, url_of("http://blog.example/2007/03/harbour/"), mentions);
    }
    std::span<View const> mentions() const { return view_.list_at(schema<EntryPageSchema>().mentions.index()); }
    /// "Liked by: Ann Rowe, Bo."
    std::string reactions() const
    {
        auto const& group = schema<ReactionsSchema>();
        std::string text;
        for (View const& each : view_.list_at(schema<EntryPageSchema>().reactions.index())) {
            text += std::string(each.text_at(group.heading.index())) + ":";
            for (View const& reaction : each.list_at(group.mentions.index()))
                text += " " + std::string(reaction.text_at(schema<MentionSchema>().author.index()));
            text += ". ";
        }
        return text;
    }
    std::string text(std::size_t mention, TextField const& field) const { return std::string(mentions()[mention].text_at(field.index())); }
    std::vector<std::string> responses(std::size_t mention) const
    {
        std::vector<std::string> urls;
        for (View const& each : mentions()[mention].list_at(schema<MentionSchema>().responses.index()))
            urls.emplace_back(each.text_at(schema<ResponseSchema>().url.index()));
        return urls;
    }
    std::int64_t more(std::size_t mention) const { return mentions()[mention].number_at(schema<MentionSchema>().more_responses.index()); }

private:
    View view_{schema<EntryPageSchema>()};
};

}  // namespace

TEST_CASE("mentions and replies keep their order, the rest is gathered by what it does", "[mentions]")
{
    using enum MentionType;
    Shown const shown({mention(1, Like, by("Ann")), mention(2, Mention, by("Bo")), mention(3, Rsvp, by("Cy", "no")),
        mention(4, Reply, by("Dee")), mention(5, Rsvp, by("Eve", "yes")), mention(6, Like, by("Flo")), mention(7, Bookmark, by("Gus")),
        mention(8, Repost, by("Hal")), mention(9, Rsvp, by("Ida", "maybe")), mention(10, Rsvp, by("Jo", "interested"))});
    REQUIRE(shown.mentions().size() == 2);
    CHECK(shown.text(0, schema<MentionSchema>().author) == "Bo");
    CHECK(shown.text(1, schema<MentionSchema>().verb) == "replied");
    CHECK(shown.reactions() ==
        "Liked by: Ann Flo. Reposted by: Hal. Bookmarked by: Gus. Going: Eve. Maybe: Ida. Interested: Jo. Not going: Cy. ");
}

TEST_CASE("a page without mentions says so", "[mentions]")
{
    Shown const shown({});
    CHECK(shown.mentions().empty());
    CHECK(shown.reactions().empty());
}

TEST_CASE("responses to the entry itself, doubled ones and mentions of the same page are not nested", "[mentions]")
{
    Listing listing = by("Ann");
    for (char const* url : {"http://blog.example/2007/03/harbour/#ping-3", "https://blog.example/2007/03/harbour",
             "http://friend.example/2", "http://blog.example/2007/03/harbour/mentions/page/2/", "http://far.example/1",
             "http://far.example/1#again", "http://blog.example/2007/03/harbour-two/", "javascript:alert(1)"})
        listing.responses.push_back(response(url));
    Shown const shown({mention(1, MentionType::Reply, listing), mention(2, MentionType::Mention, by("Bo"))});
    CHECK(shown.responses(0) == std::vector<std::string>{"http://far.example/1", "http://blog.example/2007/03/harbour-two/"});
    CHECK(shown.more(0) == 0);
}

TEST_CASE("ten responses are nested, and the rest is counted", "[mentions]")
{
    Listing listing = by("Ann");
    for (int i = 0; i < 14; ++i)
        listing.responses.push_back(response("http://far.example/" + std::to_string(i)));
    Shown const shown({mention(1, MentionType::Mention, listing)});
    CHECK(shown.responses(0).size() == 10);
    CHECK(shown.more(0) == 4);
}

TEST_CASE("a badge has the first letter of a name", "[mentions]")
{
    auto const initial = [](std::string name) {
        return Shown({mention(1, MentionType::Reply, by(std::move(name)))}).text(0, schema<MentionSchema>().initial);
    };
    CHECK(initial("ann Rowe") == "A");
    CHECK(initial("@bo") == "B");
    CHECK(initial("渡辺") == "渡");
    CHECK(initial("…") == "…");
    CHECK(initial("***") == "?");
    CHECK(initial("") == "F");  // friend.example
}

TEST_CASE("a like without a title has one in a list of titles", "[mentions]")
{
    Listing titled = by("Ann");
    titled.title = "On lamps";
    CHECK(title_for_list(mention(1, MentionType::Like, by("Ann"))) == "Like from Ann");
    CHECK(title_for_list(mention(1, MentionType::Reply, titled)) == "On lamps");
    CHECK(title_for_list(mention(1, MentionType::Mention, by("Ann"))).empty());
}

TEST_CASE("only a reply shows its words with their markup", "[mentions]")
{
    Listing listing = by("Ann");
    listing.content_html = "<p>Words.</p>";
    auto const content = [&](MentionType type) {
        return std::string(Shown({mention(1, type, listing)}).mentions()[0].text_at(schema<MentionSchema>().content.index()));
    };
    CHECK(content(MentionType::Reply) == "<p>Words.</p>");
    CHECK(content(MentionType::Mention).empty());
}
