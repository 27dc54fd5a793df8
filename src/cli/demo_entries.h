#pragma once

#include <array>
#include <string>
#include <string_view>

namespace backtalk::cli {

/// One of the demo's weblogs: made-up people, our own words.
struct DemoSite {
    DemoSite(std::string the_title, std::string the_description, std::string the_author, std::array<std::string_view, 3> the_entries)
        : title(std::move(the_title)), description(std::move(the_description)), author(std::move(the_author)), entries(the_entries)
    {
    }
    std::string title;
    std::string description;
    std::string author;
    std::array<std::string_view, 3> entries;  ///< Files with front matter, oldest first.
};

extern DemoSite const demo_harbour;
extern DemoSite const demo_square;
/// The post of the second weblog that links to the newest entry of the first; {target} stands for its permalink.
extern std::string_view const demo_answer;

}  // namespace backtalk::cli
