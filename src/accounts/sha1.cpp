#include "accounts/sha1.h"

#include <bit>
#include <vector>

namespace backtalk::accounts {

namespace {

constexpr std::size_t block_bytes = 64;

using State = std::array<std::uint32_t, 5>;

std::uint32_t round_function(std::size_t t, std::uint32_t b, std::uint32_t c, std::uint32_t d)
{
    if (t < 20)
        return (b & c) | (~b & d);
    if (t >= 40 && t < 60)
        return (b & c) | (b & d) | (c & d);
    return b ^ c ^ d;
}

void mix_in(State& state, std::uint8_t const* block)
{
    constexpr std::array<std::uint32_t, 4> constants = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
    std::array<std::uint32_t, 80> words;
    for (std::size_t t = 0; t < 16; ++t)
        words[t] = std::uint32_t{block[4 * t]} << 24 | std::uint32_t{block[4 * t + 1]} << 16 | std::uint32_t{block[4 * t + 2]} << 8 |
            block[4 * t + 3];
    for (std::size_t t = 16; t < 80; ++t)
        words[t] = std::rotl(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1);
    auto [a, b, c, d, e] = state;
    for (std::size_t t = 0; t < 80; ++t) {
        std::uint32_t const next = std::rotl(a, 5) + round_function(t, b, c, d) + e + words[t] + constants[t / 20];
        e = d;
        d = c;
        c = std::rotl(b, 30);
        b = a;
        a = next;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
}

}  // namespace

Sha1Digest sha1(std::span<std::uint8_t const> message)
{
    State state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    std::vector<std::uint8_t> padded(message.begin(), message.end());
    padded.push_back(0x80);
    while (padded.size() % block_bytes != block_bytes - 8)
        padded.push_back(0);
    std::uint64_t const bits = std::uint64_t{message.size()} * 8;
    for (int shift = 56; shift >= 0; shift -= 8)
        padded.push_back(static_cast<std::uint8_t>(bits >> shift));
    for (std::size_t at = 0; at < padded.size(); at += block_bytes)
        mix_in(state, padded.data() + at);
    Sha1Digest digest;
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
    return digest;
}

Sha1Digest hmac_sha1(std::span<std::uint8_t const> key, std::span<std::uint8_t const> message)
{
    std::array<std::uint8_t, block_bytes> block{};
    if (key.size() > block_bytes) {
        Sha1Digest const short_key = sha1(key);
        std::copy(short_key.begin(), short_key.end(), block.begin());
    } else {
        std::copy(key.begin(), key.end(), block.begin());
    }
    auto const keyed = [&](std::uint8_t pad, std::span<std::uint8_t const> rest) {
        std::vector<std::uint8_t> text;
        for (std::uint8_t const byte : block)
            text.push_back(byte ^ pad);
        text.insert(text.end(), rest.begin(), rest.end());
        return sha1(text);
    };
    Sha1Digest const inner = keyed(0x36, message);
    return keyed(0x5C, inner);
}

}  // namespace backtalk::accounts
