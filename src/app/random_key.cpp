#include "app/random_key.h"

#include <array>

#include <sodium.h>

#include <fmt/format.h>

namespace backtalk {

std::string random_hex_key()
{
    std::array<unsigned char, 16> bytes;
    randombytes_buf(bytes.data(), bytes.size());
    std::string key;
    for (unsigned char const byte : bytes)
        key += fmt::format("{:02x}", byte);
    return key;
}

}  // namespace backtalk
