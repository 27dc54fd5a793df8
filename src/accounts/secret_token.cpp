#include "accounts/secret_token.h"

#include <array>

#include "accounts/sodium.h"
#include "base/text.h"

namespace backtalk::accounts {

namespace {

using Bytes = std::array<unsigned char, 32>;

constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string base64url(Bytes const& bytes)
{
    std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
    return text.data();
}

/// BLAKE2b-256 of `text`, keyed with a word for what it is made for.
Bytes keyed_hash(std::string_view purpose, std::string_view text)
{
    start_sodium();
    std::array<unsigned char, 32> key{};
    std::copy(purpose.begin(), purpose.end(), key.begin());
    Bytes hash;
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<unsigned char const*>(text.data()), text.size(), key.data(), key.size());
    return hash;
}

/// In constant time.
bool is_same(std::string_view right, std::string_view sent)
{
    return sent.size() == right.size() && sodium_memcmp(sent.data(), right.data(), right.size()) == 0;
}

std::string_view purpose_of(TokenKind kind)
{
    switch (kind) {
    case TokenKind::Session: return "backtalk session";
    case TokenKind::Application: return "backtalk application token";
    case TokenKind::SetupLink: return "backtalk setup link";
    case TokenKind::Feed: return "backtalk feed";
    case TokenKind::DeedLink: return "backtalk deed link";
    }
    return {};
}

}  // namespace

SecretToken SecretToken::random()
{
    start_sodium();
    Bytes bytes;
    randombytes_buf(bytes.data(), bytes.size());
    return SecretToken(base64url(bytes));
}

std::optional<SecretToken> SecretToken::parse(std::string_view text)
{
    Bytes bytes;
    std::size_t size = 0;
    char const* end = nullptr;
    bool const read = text.size() == 43 &&
        sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, &end, variant) == 0 &&
        size == bytes.size() && end == text.data() + text.size();
    if (!read)
        return std::nullopt;
    return SecretToken(std::string(text));
}

std::string SecretToken::hash(TokenKind kind) const
{
    Bytes const hash = keyed_hash(purpose_of(kind), text_);
    return to_hex(std::string_view(reinterpret_cast<char const*>(hash.data()), hash.size()));
}

std::string device_proof(SecretToken const& device, std::string_view password_hash)
{
    return device.str() + "." + base64url(keyed_hash("backtalk device", device.str() + "\n" + std::string(password_hash)));
}

std::optional<SecretToken> proved_device(std::string_view proof, std::string_view password_hash)
{
    std::optional<SecretToken> device = SecretToken::parse(proof.substr(0, proof.find('.')));
    // Without a password anybody could make one.
    if (!device || password_hash.empty() || !is_same(device_proof(*device, password_hash), proof))
        return std::nullopt;
    return device;
}

std::string csrf_token(SecretToken const& cookie) { return base64url(keyed_hash("backtalk csrf", cookie.str())); }

bool is_csrf_token(SecretToken const& cookie, std::string_view sent) { return is_same(csrf_token(cookie), sent); }

}  // namespace backtalk::accounts
