#include "accounts/user_name.h"

#include "base/text.h"

namespace backtalk::accounts {

Result<UserName> UserName::parse(std::string_view text)
{
    if (!is_valid_utf8(text) || without_controls(text) != text)
        return failure(ErrorCode::Malformed, "a name has no control characters");
    std::string name = folded_space(text);
    if (name.empty())
        return failure(ErrorCode::Malformed, "a name has at least one character");
    if (code_point_count(name) > 64)
        return failure(ErrorCode::Malformed, "a name has at most 64 characters");
    std::string key = ascii_lower(name);
    return UserName(std::move(name), std::move(key));
}

}  // namespace backtalk::accounts
