#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "judge/learner.h"

namespace backtalk::judge {

/// A text of which somebody has said what it is.
struct Sample {
    Features features;
    bool is_spam;
    double weight;  ///< How much it counts.
};

/// Fits a prior to samples: logistic regression by stochastic gradient descent, in an order that depends on nothing but the samples.
/// The same samples give the same bytes.
Prior trained(std::vector<Sample> samples);

/// Whether samples of this group are kept from training, so that figures can be had on what the prior has not seen: a third of all
/// groups. A group is what belongs together: a weblog, a video, a template.
bool is_held_back(std::string_view group);

}  // namespace backtalk::judge
