#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "url/form.h"

namespace backtalk::http {

/// The media type of a Content-Type value and its parameters.
struct ContentType {
    std::string media_type;  ///< Lower case, without parameters: "multipart/form-data".
    std::string charset;     ///< Lower case; empty where none is named.
    std::string boundary;
};
ContentType parse_content_type(std::string_view value);

/// One part of multipart/form-data.
struct FormPart {
    std::string name;
    std::string file_name;     ///< As sent, never to be used as a path; empty for a field.
    std::string content_type;  ///< As sent; empty where none is named.
    bool is_file = false;      ///< Had a file name, be it empty.
    std::string value;
};

/// Spec:   RFC 7578; RFC 2046, 5.1.1. No nesting, no transfer encodings.
/// Limits: 1,000 parts, 8 KiB of header lines a part.
/// Errors: Malformed, TooLarge (over a limit).
Result<std::vector<FormPart>> read_multipart(std::string_view boundary, std::string_view body);

/// The fields of a form in either encoding; files are left out. Bytes as sent: the charset is for the reader to find out.
/// A body without Content-Type counts as urlencoded, as early TrackBack clients send it.
/// Errors: as read_multipart(); Refused (another media type).
Result<FormFields> read_form(std::string_view content_type, std::string_view body);

}  // namespace backtalk::http
