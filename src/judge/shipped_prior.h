#pragma once

#include <string_view>

namespace backtalk::judge {

/// data/judge/prior.bin, compiled in. Valid for ever.
std::string_view shipped_prior();

}  // namespace backtalk::judge
