#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backtalk::http {

/// One link of a Link header.
struct Link {
    struct Parameter {
        std::string name;  ///< Lower case.
        std::string value;
    };

    std::string target;                  ///< The reference as written, not resolved; may be empty.
    std::vector<std::string> relations;  ///< The tokens of the first rel, lower case; later ones do not count.
    std::vector<Parameter> parameters;   ///< All others, rev included, in their order; values without quotes, not decoded further.

    /// `relation` in lower case.
    bool has_relation(std::string_view relation) const;
    /// The first of that name (lower case). Valid while this Link lives.
    std::optional<std::string_view> parameter(std::string_view name) const;
};

/// The links of all Link lines of a message, in their order. What cannot be read ends the reading of its line, and links before it count.
///
/// Spec:   RFC 8288, 3 and appendix B.2 to B.4
/// Limits: 1000 links of 100 parameters; what comes after is left out. Linear in the length of the lines.
std::vector<Link> read_link_headers(std::vector<std::string> const& values);

}  // namespace backtalk::http
