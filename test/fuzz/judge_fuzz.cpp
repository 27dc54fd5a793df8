#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "judge/campaign.h"
#include "judge/copied_share.h"
#include "judge/evidence_of_page.h"
#include "judge/judge.h"
#include "judge/language_guess.h"
#include "judge/learner.h"
#include "judge/memory.h"

using namespace backtalk;
using namespace backtalk::judge;

/// Lines: title, blog name, host, path; then the excerpt, which is read as a page as well.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view rest(reinterpret_cast<char const*>(bytes), size);
    auto const line = [&] {
        std::string_view const text = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), text.size() + 1));
        return std::string(text);
    };
    Evidence evidence;
    evidence.ping.title = line();
    evidence.ping.blog_name = line();
    evidence.ping.host = line();
    evidence.ping.path = line();
    evidence.ping.excerpt = std::string(rest);
    evidence.target.title = evidence.ping.blog_name;

    Features const features =
        features_of(PingWords{evidence.ping.title, evidence.ping.blog_name, evidence.ping.excerpt, evidence.ping.host, evidence.ping.path});
    assert(std::ranges::is_sorted(features) && (features.empty() || features.back() < feature_buckets));
    evidence.wording = text_score(Prior::shipped(), features);
    assert(std::isfinite(evidence.wording));

    Url const url = *Url::parse("http://square.example/2007/lights-out");
    SourcePage const page = read_source_page(rest, url);
    evidence.page = evidence_of_page(page, rest, page.links.empty() ? nullptr : &page.links.front(), evidence.ping.title);
    assert(evidence.page.copied_share >= 0 && evidence.page.copied_share <= 1);
    assert(guessed_language(rest).size() <= 2);
    assert(copied_share(rest, rest) == 0 || copied_share(rest, rest) == 1);
    assert(text_fingerprint(rest) == text_fingerprint(rest));

    Verdict const verdict = judge::judge(evidence, Strictness::Balanced);
    double sum = 0;
    for (Reason const& reason : verdict.reasons)
        sum += reason.weight;
    assert(std::abs(sum - verdict.score) < 1e-6);
    assert(registrable_domain(evidence.ping.host).size() <= evidence.ping.host.size());
    return 0;
}
