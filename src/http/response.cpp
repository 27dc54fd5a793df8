#include "http/response.h"

#include "http/status.h"

namespace backtalk::http {

Response::Response(int the_status, std::string_view content_type, std::string the_body) : status(the_status), body(std::move(the_body))
{
    headers.add("Content-Type", content_type);
}

Response text(int status, std::string body) { return Response(status, "text/plain; charset=utf-8", std::move(body)); }

Response html(int status, std::string body) { return Response(status, "text/html; charset=utf-8", std::move(body)); }

Response redirect(int status, std::string_view location)
{
    Response response = text(status, std::string(reason_phrase(status)) + "\n");
    response.headers.add("Location", location);
    return response;
}

}  // namespace backtalk::http
