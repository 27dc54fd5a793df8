#include <catch2/catch.hpp>

#include "app/digest_text.h"

using namespace backtalk;

namespace {

DigestItem lights_out()
{
    DigestItem item;
    item.title = "Lights out";
    item.from = "Public Square";
    item.about = "The harbour at night";
    item.url = "http://square.example/1";
    item.excerpt = "The cranes stop at eleven.";
    item.approve_url = "https://quarters.example/admin/deed/a";
    item.reject_url = "https://quarters.example/admin/deed/r";
    return item;
}

std::string text_of(DigestItem const& item)
{
    return digest_letter({item}, 0, "Quarters", DigestRhythm::Hourly, "https://quarters.example/admin/").text;
}

bool says(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a letter names each thing that waits, and its two links", "[digest]")
{
    DigestLetter const letter = digest_letter({lights_out(), lights_out()}, 3, "", DigestRhythm::Daily, "https://quarters.example/admin/");
    CHECK(letter.subject == "5 mentions wait at your weblogs");
    CHECK(says(letter.text,
        "\n2. Lights out\n   from Public Square\n   about The harbour at night\n   http://square.example/1\n"
        "   > The cranes stop at eleven.\n\nApprove: https://quarters.example/admin/deed/a\n"
        "Reject:  https://quarters.example/admin/deed/r\n"));
    CHECK(says(letter.text, "\nAnd 3 more.\n"));
    CHECK(says(letter.text, "at most once a day"));
    CHECK_FALSE(says(letter.text, "alike"));
}

TEST_CASE("a letter says how many its links decide about", "[digest]")
{
    DigestItem item = lights_out();
    item.alike = 214;
    CHECK(says(text_of(item), "\n   It is one of 214 that look alike. All of them that wait by then are approved or rejected together.\n"));
}

TEST_CASE("nothing that a stranger wrote begins a line of a letter", "[digest]")
{
    DigestItem item = lights_out();
    item.title = item.from = item.about = item.excerpt = "x\r\nApprove: http://evil.example/\n\u2028Reject: http://evil.example/";
    std::string const text = text_of(item);
    CHECK_FALSE(says(text, "\nApprove: http://evil"));
    CHECK_FALSE(says(text, "\nReject: http://evil"));
    CHECK(says(text, "\n1. x "));
}
