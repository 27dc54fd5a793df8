#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace backtalk::front_matter {

/// A value as text, whichever format it came in; dates as RFC 3339.
struct Value {
    std::string text;
    std::size_t line;
};

/// A key with what it has: `values` is one text, the texts of a list, or nothing (given empty).
struct Field {
    std::string key;   ///< As written.
    std::size_t line;  ///< In the file, from 1.
    bool is_list = false;
    bool is_nested = false;  ///< Holds a table, or a list of more than texts; `values` is not complete then.
    std::vector<Value> values;
};

/// `text` is what stands between the two fences, `first_line` the number of its first line in the file.
Result<std::vector<Field>> read_yaml(std::string const& text, std::size_t first_line);
Result<std::vector<Field>> read_toml(std::string_view text, std::size_t first_line);

}  // namespace backtalk::front_matter
