#pragma once

#include <string>
#include <string_view>

namespace backtalk::web {

/// A reason that was written for the log, said to people: "the source does not link to the entry" with a capital letter and a full stop. A
/// host at its beginning stays as it is: "friend.example:80 took too long to answer".
std::string as_sentence(std::string_view reason);

}  // namespace backtalk::web
