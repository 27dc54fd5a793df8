#pragma once

#include <map>
#include <string>
#include <vector>

#include "judge/judge.h"
#include "judge/judge_rows.h"
#include "judge/learner.h"

namespace backtalk::judge {

/// Judging rows of which somebody has said what they are, to see how well it goes.
struct Experiment {
    Strictness strictness = Strictness::Balanced;
    enum class LinkCheck { On, Off } link_check = LinkCheck::On;
    bool held_back_only = false;  ///< Only rows that no training has seen.
    std::size_t decisions = 0;    ///< So many of the first labelled rows are decided by an owner: learnt, and not scored.
};

struct JudgedRow {
    JudgeRow const* row;
    Verdict verdict;
    std::int64_t campaign;  ///< 0: of none.
};

/// `weights`: what a site has learnt before. Rows with a `time` are one crowd, in their order; others are judged each alone.
std::vector<JudgedRow> run_experiment(
    Experiment const& experiment, Prior const& prior, SiteWeights weights, std::vector<JudgeRow> const& rows);

/// How many of a kind came to which outcome.
struct Outcomes {
    std::size_t published = 0;
    std::size_t held = 0;
    std::size_t spam = 0;

    std::size_t all() const { return published + held + spam; }
    std::size_t not_shown() const { return held + spam; }
    void count(Outcome outcome);
};

struct Figures {
    Outcomes ham;
    Outcomes spam;
    std::map<std::string, Outcomes> by_kind;  ///< "ham", "spam flattery"; labels that are neither, by their name.
    std::size_t inbox_items = 0;              ///< What is not shown, a campaign counted once.

    double recall() const;           ///< 0 to 1: of spam, what is not shown. 1 where there is none.
    double false_positives() const;  ///< 0 to 1: of ham, what is not shown.

    struct Point {
        double threshold;
        double recall;
        double false_positives;
    };
    std::vector<Point> curve;  ///< If everything from this score on were not shown.
};
Figures figures_of(std::vector<JudgedRow> const& judged);

/// Trains a prior from the labelled rows that are not held back, and from those of label "self" (honest, if of no interest).
Prior trained_on(std::vector<JudgeRow> const& rows);

}  // namespace backtalk::judge
