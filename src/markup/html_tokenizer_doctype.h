#pragma once

#include <string_view>

#include "markup/html_tokenizer.h"

namespace backtalk::markup {

/// Reads what stands between "<!DOCTYPE" and ">" (or the end of the document, if `at_end`) and hands it to the sink.
///
/// Spec: https://html.spec.whatwg.org/multipage/parsing.html#doctype-state and the states behind it. All of them end
///       at ">", also inside quotes, so that the token is found before it is read.
void read_doctype(std::string_view inside, bool at_end, HtmlSink& sink);

}  // namespace backtalk::markup
