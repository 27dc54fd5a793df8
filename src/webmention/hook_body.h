#pragma once

#include <string>
#include <string_view>

#include "weblog/mention.h"

namespace backtalk::webmention {

/// What a web hook carries, as webmention.io has it: JSON with `secret`, `source` and `target`, `private` (always false), and the mention
/// as `post`, the same JF2 as the read API gives. `source` and `target` are those of the post's wm-source and wm-target.
///
/// Spec: the API of webmention.io, web hooks
std::string hook_body(std::string_view secret, StoredMention const& mention, std::string_view target);
/// The same for a mention that is no longer shown: `deleted` in place of the post.
std::string hook_body_of_deletion(std::string_view secret, std::string_view source, std::string_view target);

}  // namespace backtalk::webmention
