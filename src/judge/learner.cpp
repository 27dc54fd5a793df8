#include "judge/learner.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "base/text.h"
#include "judge/shipped_prior.h"

namespace backtalk::judge {

namespace {

constexpr std::string_view magic = "backtalk prior 1";

void append_number(std::string& bytes, std::uint64_t number)
{
    for (int shift = 0; shift < 64; shift += 8)
        bytes += static_cast<char>(number >> shift & 0xFF);
}

std::uint64_t read_number(std::string_view bytes, std::size_t position)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i)
        number |= std::uint64_t(static_cast<unsigned char>(bytes[position + i])) << (8 * i);
    return number;
}

double probability(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

/// Long texts say more than short ones, but not as often as they say it.
double scale_of(std::size_t features) { return 1 / std::sqrt(static_cast<double>(features) + 1); }

}  // namespace

Result<Prior> Prior::read(std::string_view bytes)
{
    constexpr std::size_t head = magic.size() + 8;
    constexpr std::size_t size = head + feature_buckets + 8;
    if (!bytes.starts_with(magic))
        return failure(ErrorCode::Malformed, "this is no prior of this version");
    if (bytes.size() != size || read_number(bytes, size - 8) != stable_hash(bytes.substr(0, size - 8)))
        return failure(ErrorCode::Malformed, "the prior is damaged");
    std::vector<std::int8_t> weights(feature_buckets);
    std::memcpy(weights.data(), bytes.data() + head, feature_buckets);
    return Prior(std::move(weights), std::bit_cast<double>(read_number(bytes, magic.size())));
}

Prior const& Prior::shipped()
{
    static Prior const prior = Prior::read(shipped_prior()).value();
    return prior;
}

std::string Prior::bytes() const
{
    std::string bytes(magic);
    append_number(bytes, std::bit_cast<std::uint64_t>(unit_));
    bytes.append(reinterpret_cast<char const*>(weights_.data()), weights_.size());
    append_number(bytes, stable_hash(bytes));
    return bytes;
}

double text_score(Prior const& prior, SiteWeights const& site, Features const& features)
{
    double sum = 0;
    for (std::uint32_t const bucket : features)
        sum += prior.weight(bucket) + site.weight(bucket);
    return sum * scale_of(features.size());
}

double text_score(Prior const& prior, Features const& features) { return text_score(prior, SiteWeights(), features); }

std::int32_t learning_step(double score, bool is_spam, std::size_t features, double weight)
{
    // One wrong text moves by as much in log odds. An honest text thrown out is the worse mistake.
    double const rate = is_spam ? 3 : 12;
    // Not only on the right side, but far enough that the other evidence does not bring it back.
    double const wrong = is_spam ? probability(3 - score) : -probability(score + 2);
    return static_cast<std::int32_t>(std::lround(rate * weight * wrong * scale_of(features) * SiteWeights::units_in_one));
}

}  // namespace backtalk::judge
