#include <catch2/catch.hpp>

#include "accounts/sha1.h"
#include "accounts/totp.h"
#include "base/text.h"

using namespace backtalk;
using namespace backtalk::accounts;

namespace {

std::span<std::uint8_t const> bytes_of(std::string_view text) { return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()}; }

std::string hex(Sha1Digest const& digest) { return to_hex(std::string_view(reinterpret_cast<char const*>(digest.data()), digest.size())); }

Instant at(std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); }

/// "12345678901234567890" of RFC 6238, appendix B, in base32.
TotpSecret rfc_secret() { return TotpSecret::parse("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").value(); }

}  // namespace

TEST_CASE("SHA-1 is that of FIPS 180", "[accounts]")
{
    CHECK(hex(sha1(bytes_of("abc"))) == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(hex(sha1(bytes_of(""))) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK(hex(sha1(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK(hex(sha1(bytes_of(std::string(1'000'000, 'a')))) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST_CASE("HMAC-SHA-1 gives the values of RFC 2202", "[accounts]")
{
    CHECK(hex(hmac_sha1(bytes_of(std::string(20, '\x0b')), bytes_of("Hi There"))) == "b617318655057264e28bc0b6fb378c8ef146be00");
    CHECK(hex(hmac_sha1(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    CHECK(hex(hmac_sha1(bytes_of(std::string(80, '\xaa')), bytes_of("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
        "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

TEST_CASE("codes are those of RFC 6238", "[accounts]")
{
    struct Vector {
        std::int64_t time;
        std::string_view code;
    };
    auto const vector = GENERATE(Vector{59, "94287082"}, Vector{1111111109, "07081804"}, Vector{1111111111, "14050471"},
        Vector{1234567890, "89005924"}, Vector{2000000000, "69279037"}, Vector{20000000000, "65353130"});
    CHECK(rfc_secret().code_at(vector.time / totp_step_seconds, 8) == vector.code);
}

TEST_CASE("a code is good for its half minute and the one on each side", "[accounts]")
{
    TotpSecret const secret = rfc_secret();
    std::string const code = secret.code_at(100);
    CHECK(secret.matching_step(code, at(100 * 30), 0) == 100);
    CHECK(secret.matching_step(code, at(99 * 30), 0) == 100);
    CHECK(secret.matching_step(code, at(101 * 30 + 29), 0) == 100);
    CHECK_FALSE(secret.matching_step(code, at(98 * 30), 0));
    CHECK_FALSE(secret.matching_step(code, at(102 * 30), 0));
    CHECK(secret.matching_step(code.substr(0, 3) + " " + code.substr(3), at(100 * 30), 0) == 100);
}

TEST_CASE("no code is taken twice, nor an older one after it", "[accounts]")
{
    TotpSecret const secret = rfc_secret();
    CHECK_FALSE(secret.matching_step(secret.code_at(100), at(100 * 30), 100));
    CHECK_FALSE(secret.matching_step(secret.code_at(99), at(100 * 30), 100));
    CHECK(secret.matching_step(secret.code_at(101), at(100 * 30), 100) == 101);
}

TEST_CASE("what is no code matches nothing", "[accounts]")
{
    TotpSecret const secret = rfc_secret();
    for (std::string_view const text : {"", "12345", "1234567", "abcdef", "     "})
        CHECK_FALSE(secret.matching_step(text, at(3000), 0));
}

TEST_CASE("a secret is base32 as people type it", "[accounts]")
{
    CHECK(TotpSecret::parse("gezd gnbv gy3t qojq gezd gnbv gy3t qojq")->base32() == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    for (int i = 0; i < 20; ++i) {
        TotpSecret const secret = TotpSecret::random();
        CHECK(secret.base32().size() == 32);
        CHECK(TotpSecret::parse(secret.base32())->base32() == secret.base32());
    }
    CHECK_FALSE(TotpSecret::parse("GEZDGNBVGY3TQOJQ"));  // 80 bits are too few
    CHECK_FALSE(TotpSecret::parse("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"));
    CHECK_FALSE(TotpSecret::parse(std::string(1000, 'A')));
}

TEST_CASE("an otpauth URI names site and person", "[accounts]")
{
    CHECK(rfc_secret().otpauth_uri(UserName::parse("Ada & co").value(), "blog.example") ==
        "otpauth://totp/blog.example:Ada%20%26%20co?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=blog.example");
}

TEST_CASE("recovery codes are read as people type them", "[accounts]")
{
    std::vector<std::string> const codes = random_recovery_codes();
    REQUIRE(codes.size() == recovery_code_count);
    for (std::string const& code : codes) {
        REQUIRE(code.size() == 14);
        std::string loud = code;
        for (char& c : loud)
            c = c == '-' ? ' ' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
        CHECK(recovery_code_hash(loud) == recovery_code_hash(code));
        CHECK(recovery_code_hash(code)->find(code) == std::string::npos);
    }
    CHECK(recovery_code_hash(codes[0]) != recovery_code_hash(codes[1]));
    CHECK_FALSE(recovery_code_hash("123456"));
    CHECK_FALSE(recovery_code_hash(codes[0] + "a"));
    CHECK_FALSE(recovery_code_hash("iiii-iiii-iiii"));
}
