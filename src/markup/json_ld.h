#pragma once

#include <string>
#include <string_view>

namespace backtalk::markup {

/// What the JSON-LD of a page says; empty where it says nothing.
struct JsonLdFacts {
    std::string headline;
    std::string published;
    std::string author_name;
    std::string author_url;
    std::string publisher_name;
    std::string site_name;
};

/// Reads one <script type="application/ld+json"> and adds what `facts` does not have yet, from the first object whose type is
/// an article or posting. Tolerant: what is no JSON ends the reading, what came before counts.
///
/// Spec:   https://json-ld.org/ as far as search engines made people use it: no contexts, no references between nodes.
/// Limits: 64 KiB, 24 levels; values over 1000 bytes are cut.
void read_json_ld(std::string_view json, JsonLdFacts& facts);

}  // namespace backtalk::markup
