#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace backtalk::accounts {

using Sha1Digest = std::array<std::uint8_t, 20>;

/// FIPS 180-4. Broken for signatures, sound in HMAC; here because authenticator apps know nothing else for sure, and libsodium has
/// done away with it.
Sha1Digest sha1(std::span<std::uint8_t const> message);
/// RFC 2104
Sha1Digest hmac_sha1(std::span<std::uint8_t const> key, std::span<std::uint8_t const> message);

}  // namespace backtalk::accounts
