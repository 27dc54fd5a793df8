#pragma once

#include <string>
#include <string_view>

#include "http/headers.h"

namespace backtalk::http {

/// An answer built for one request. Content-Length, Date and Connection are the server's to add.
class Response {
public:
    Response() = default;
    Response(int the_status, std::string_view content_type, std::string the_body);

    int status = 200;
    Headers headers;
    std::string body;  ///< Not sent for HEAD, 204 and 304; its length still is for HEAD.
};

Response text(int status, std::string body);  ///< text/plain; charset=utf-8
Response html(int status, std::string body);
/// With a line of text for those who do not follow.
Response redirect(int status, std::string_view location);

}  // namespace backtalk::http
