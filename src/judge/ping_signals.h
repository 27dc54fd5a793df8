#pragma once

#include <vector>

#include "judge/evidence.h"
#include "judge/judge.h"

namespace backtalk::judge {

/// What shows in the form of a ping, whatever its words mean: a title copied from the entry, a name made of keywords, links in the excerpt.
std::vector<Reason> ping_signals(PingEvidence const& ping, TargetEvidence const& target);

}  // namespace backtalk::judge
