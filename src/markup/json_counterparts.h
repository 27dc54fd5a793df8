#pragma once

#include "markup/json_values.h"

namespace backtalk::markup {

/// A post, a person or an event of JF2, JSON Feed, ActivityStreams or schema.org, as the microformats item that says the same. `object`:
/// of bounded depth.
///
/// Spec: https://www.jsonfeed.org/version/1.1/, https://www.w3.org/TR/activitystreams-vocabulary/
MfItem counterpart_item(json::object const& object);

/// The h-feed of an object that has items: what it says of itself, without them.
MfItem counterpart_feed(json::object const& object);

}  // namespace backtalk::markup
