#pragma once

#include <string_view>

#include <pugixml.hpp>

#include "base/result.h"

namespace backtalk::xmlrpc {

inline constexpr int depth_max = 32;  ///< Elements; an array or struct in a value takes three.

/// Reads a stranger's XML into `document`: no document type declaration, no element deeper than depth_max. Comments and
/// processing instructions are left out. After this, walking the tree by recursion is safe.
///
/// pugixml parses and destroys without recursion, and knows no entities but the five of XML.
/// Errors: Malformed, Refused (a document type declaration), TooLarge (deeper).
Result<void> load(pugi::xml_document& document, std::string_view body, std::string_view content_type);

}  // namespace backtalk::xmlrpc
