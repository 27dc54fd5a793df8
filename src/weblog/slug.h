#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backtalk {

/// The name of an entry in its permalink, from its title: lower-case ASCII letters and digits with single "-" between words.
/// Other scripts are written in Latin letters ("Münster" is "munster", "Москва" is "moskva"); HTML tags are dropped,
/// character references of accented letters lose their accent, others go; apostrophes vanish.
/// A title of which nothing is left is "post". Cut between words where that leaves at least half of `characters_max`.
///
/// `title` is UTF-8; what is ill-formed parts words. Titles of ASCII take well below a microsecond, others wait for a lock
/// that all threads share.
std::string slug_of(std::string_view title, std::size_t characters_max = 80);

/// The same for a category or a tag.
std::string category_slug(std::string_view name);

}  // namespace backtalk
