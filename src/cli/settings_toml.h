#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace backtalk {

/// One value of a TOML file, as far as settings use them.
struct TomlValue {
    enum class Kind { Integer, Text, List, Table, Other };
    struct Member;

    Kind kind = Kind::Other;
    std::size_t line = 0;  ///< From 1.
    std::string shown;     ///< As it is named in a message: one line, cut.
    std::int64_t integer = 0;
    std::string text;
    std::vector<Member> members;  ///< Of a list (without keys) or a table, in the order of their lines.
};

struct TomlValue::Member {
    std::string key;
    std::size_t line = 0;
    TomlValue value;
};

/// The file as a table of tables; what is nested deeper than settings ever are is Kind::Other.
/// Errors: Malformed ("FILE:LINE: this is not TOML: …"), TooLarge.
Result<TomlValue> read_toml_settings(std::string_view toml, std::string_view file_name);

/// In quotes, on one line and cut, for messages.
std::string quoted_for_message(std::string_view text);

}  // namespace backtalk
