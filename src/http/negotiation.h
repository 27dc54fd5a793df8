#pragma once

#include <string_view>

namespace backtalk::http {

enum class Encoding { Identity, Gzip, Brotli };

/// Which of the encodings an Accept-Encoding value allows, best first: br, gzip, identity among equals, else the higher q.
/// Identity also where nothing fits: an answer is more use than 406 (RFC 9110, 12.5.3).
Encoding best_encoding(std::string_view accept_encoding, bool has_gzip, bool has_brotli);

enum class MediaChoice { Html, Json, Xml };

/// What an Accept value prefers among HTML, JSON and XML; HTML among equals and where nothing fits.
MediaChoice best_media(std::string_view accept);

/// The q-value that a list of names with weights (Accept, Accept-Encoding, Accept-Language) gives `name`, in thousandths:
/// 1000 without q, 0 for "q=0", -1 where the list does not name it. `name` in lower case; "*" is a name like others.
int quality_of(std::string_view list, std::string_view name);

}  // namespace backtalk::http
