#pragma once

#include <string_view>

namespace backtalk {

/// Whether the host, as Url::host() has it, is always the machine that asks: a loopback address, "localhost", or a name below it (RFC
/// 6761, 6.3).
bool is_this_machine(std::string_view host);

}  // namespace backtalk
