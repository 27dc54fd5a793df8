#pragma once

#include <string>
#include <string_view>

#include "app/moderation_store.h"

namespace backtalk::store {

/// A lesson as one column holds it: a line with the step, a line with the buckets (each as its distance from the one before, in hex),
/// then a line for each thing remembered: kind, good, bad, subject. Mention and site are columns of their own.
std::string text_of(Lesson const& lesson);
/// Errors: Internal (someone else has written into our file).
Result<void> read_lesson(std::string_view text, Lesson& lesson);

}  // namespace backtalk::store
