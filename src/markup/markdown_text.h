#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <md4c.h>

namespace backtalk::markup {

/// & < > " escaped. Unlike append_escaped() it leaves apostrophes as they are, since prose is full of them and what the
/// Markdown renderer writes has its attributes in double quotes.
void append_prose(std::string& out, std::string_view text);

/// An entity as md4c reports it ("&eacute;", "&#233;"), decoded and escaped; what no standard knows stays as it was typed.
void append_entity(std::string& out, std::string_view entity);
/// The same, not escaped.
void append_decoded_entity(std::string& out, std::string_view entity);

/// A title or the name of a language, for a quoted attribute.
void append_attribute(std::string& out, MD_ATTRIBUTE const& attribute);
/// A URL with its entities decoded, not escaped.
std::string decoded_address(MD_ATTRIBUTE const& attribute);
/// Percent-encoded where a URL needs it, and escaped for a quoted attribute.
void append_address(std::string& out, std::string_view address);

enum class AddressUse { Link, Image };
/// Whether a browser would run the address as a program (or show `data:` as a page) rather than go there.
/// Spec: the scheme is found as in https://url.spec.whatwg.org/#concept-basic-url-parser
bool is_script_address(std::string_view address, AddressUse use);

}  // namespace backtalk::markup
