#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "judge/text_features.h"

namespace backtalk::judge {

/// What is known of spam before an owner has said anything: a weight for each feature. The same for all sites; comes with the program.
class Prior {
public:
    /// Knows nothing: every text scores 0.
    Prior() : weights_(feature_buckets) { }
    /// NB: there is no bias: a text of which nothing is known scores 0.
    Prior(std::vector<std::int8_t> weights, double unit) : weights_(std::move(weights)), unit_(unit) { }

    /// Reads what bytes() wrote. Errors: Malformed (another version, or damaged).
    static Result<Prior> read(std::string_view bytes);
    /// The one that comes with the program.
    static Prior const& shipped();
    /// A magic word with the version, the unit, the weights, a check sum; numbers in little endian.
    std::string bytes() const;

    double weight(std::uint32_t bucket) const { return weights_[bucket] * unit_; }

private:
    std::vector<std::int8_t> weights_;  ///< feature_buckets of them.
    double unit_ = 0;
};

/// What the owner of one site taught, on top of the prior: whole numbers, so that undoing is exact. 1 MiB for any number of decisions.
class SiteWeights {
public:
    void add(std::uint32_t bucket, std::int32_t step)
    {
        if (weights_.empty())
            weights_.resize(feature_buckets);
        weights_[bucket] += step;
    }
    double weight(std::uint32_t bucket) const { return weights_.empty() ? 0 : weights_[bucket] / units_in_one; }

    static constexpr double units_in_one = 1024;

private:
    std::vector<std::int32_t> weights_;  ///< Empty until something was learnt.
};

/// Logistic regression: how much a text looks like spam, as log odds; below 0 it does not.
double text_score(Prior const& prior, SiteWeights const& site, Features const& features);
/// The same by the prior alone.
double text_score(Prior const& prior, Features const& features);

/// How far a decision moves the weights of its text: much where the score was wrong, little where it was right. In SiteWeights' units.
/// `weight`: 1 for a plain decision, less for one that says less.
std::int32_t learning_step(double score, bool is_spam, std::size_t features, double weight = 1);

}  // namespace backtalk::judge
