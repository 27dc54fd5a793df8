#include <catch2/catch.hpp>

#include "web/sentence.h"

using namespace backtalk::web;

TEST_CASE("a reason written for the log is a sentence for people", "[web]")
{
    CHECK(as_sentence("there is no such role") == "There is no such role.");
    CHECK(as_sentence("It is done.") == "It is done.");
    CHECK(as_sentence("is the clock of the phone right?") == "Is the clock of the phone right?");
    CHECK(as_sentence("friend.example:80 took too long to answer") == "friend.example:80 took too long to answer.");
    CHECK(as_sentence("") == "");
}
