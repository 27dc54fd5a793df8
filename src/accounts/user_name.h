#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace backtalk::accounts {

/// What a person signs in as: 1 to 64 characters of valid UTF-8 without controls, white space folded. "Ada" and "ada" are one
/// person (ASCII letter case plays no part).
///
/// Errors: Malformed.
class UserName {
public:
    static Result<UserName> parse(std::string_view text);

    std::string const& str() const { return text_; }  ///< As it was chosen.
    std::string const& key() const { return key_; }   ///< The same for every spelling.

    bool operator==(UserName const& other) const { return key_ == other.key_; }

private:
    UserName(std::string text, std::string key) : text_(std::move(text)), key_(std::move(key)) { }

    std::string text_;
    std::string key_;
};

}  // namespace backtalk::accounts
