#include "judge/training.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"

namespace backtalk::judge {

namespace {

constexpr int passes = 12;
constexpr double rate = 1.0;
constexpr double decay = 2e-5;  // of a weight at each of its updates: words seen once stay small

/// A permutation that is the same on every machine, which std::shuffle's is not.
std::vector<std::size_t> order_of(std::size_t samples, int pass)
{
    std::vector<std::size_t> order(samples);
    std::iota(order.begin(), order.end(), std::size_t{0});
    auto const key = [pass](std::size_t sample) { return stable_hash(std::to_string(sample), static_cast<std::uint64_t>(pass) + 1); };
    std::ranges::sort(order, {}, key);
    return order;
}

}  // namespace

Prior trained(std::vector<Sample> samples)
{
    std::vector<double> weights(feature_buckets);
    std::vector<double> squares(feature_buckets, 1e-3);  // AdaGrad: rare features move by larger steps
    for (int pass = 0; pass < passes; ++pass)
        for (std::size_t const at : order_of(samples.size(), pass)) {
            Sample const& sample = samples[at];
            double const scale = 1 / std::sqrt(static_cast<double>(sample.features.size()) + 1);
            double sum = 0;
            for (std::uint32_t const bucket : sample.features)
                sum += weights[bucket];
            double const wrong = (sample.is_spam ? 1 : 0) - 1 / (1 + std::exp(-sum * scale));
            double const gradient = wrong * scale * sample.weight;
            for (std::uint32_t const bucket : sample.features) {
                squares[bucket] += gradient * gradient;
                weights[bucket] += rate * gradient / std::sqrt(squares[bucket]) * 0.2 - decay * weights[bucket];
            }
        }
    double most = 0;
    for (double const weight : weights)
        most = std::max(most, std::abs(weight));
    double const unit = most > 0 ? most / 127 : 1;
    std::vector<std::int8_t> rounded(feature_buckets);
    std::ranges::transform(
        weights, rounded.begin(), [unit](double weight) { return static_cast<std::int8_t>(std::lround(weight / unit)); });
    return Prior(std::move(rounded), unit);
}

// The number is one by which each kind of data has groups on both sides, and the largest weblog is on the side of training.
bool is_held_back(std::string_view group) { return stable_hash("186 " + std::string(group)) / 7 % 3 == 0; }

}  // namespace backtalk::judge
