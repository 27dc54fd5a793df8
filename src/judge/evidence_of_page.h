#pragma once

#include <string_view>

#include "judge/evidence.h"
#include "weblog/source_page.h"

namespace backtalk::judge {

/// What a source page shows of itself. `html`: as it was received, in any charset that has ASCII in it; of other kinds of page empty.
/// `target`: the link to the entry that was found on it, or nothing, if it is said in another way (a property of its entry).
/// `entry_text`: the text of the entry that it mentions; may be empty.
PageEvidence evidence_of_page(SourcePage const& page, std::string_view html, SourceLink const* target, std::string_view entry_text);

}  // namespace backtalk::judge
