#pragma once

#include <string>

namespace backtalk {

/// 128 random bits as 32 hexadecimal digits: a name or a secret that cannot be guessed.
std::string random_hex_key();

}  // namespace backtalk
