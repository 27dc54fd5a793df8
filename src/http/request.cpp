#include "http/request.h"

#include "base/text.h"

namespace backtalk::http {

Method method_of(std::string_view name)
{
    if (name == "GET")
        return Method::Get;
    if (name == "HEAD")
        return Method::Head;
    if (name == "POST")
        return Method::Post;
    if (name == "PUT")
        return Method::Put;
    if (name == "DELETE")
        return Method::Delete;
    if (name == "PATCH")
        return Method::Patch;
    if (name == "OPTIONS")
        return Method::Options;
    return Method::Other;
}

std::optional<std::string_view> RequestHead::find(std::string_view name) const
{
    for (HeaderView const& header : *this)
        if (equal_ignoring_case(header.name, name))
            return header.value;
    return std::nullopt;
}

void RequestHead::clear()
{
    method = Method::Get;
    method_name = target = path = query = authority = {};
    version_minor = 1;
    content_length.reset();
    chunked = expects_continue = false;
    keep_alive = true;
    if_none_match = if_modified_since = accept_encoding = {};
    header_count_ = 0;
}

bool RequestHead::add(HeaderView header)
{
    if (header_count_ == headers_max)
        return false;
    headers_[header_count_++] = header;
    return true;
}

Request::Request(RequestHead const& head, std::string the_body, Address the_peer, Instant the_received)
    : method(head.method), method_name(head.method_name), path(head.path), query(head.query), authority(ascii_lower(head.authority)),
      body(std::move(the_body)), peer(the_peer), received(the_received)
{
    for (HeaderView const& header : head)
        headers.add(header.name, header.value);
}

}  // namespace backtalk::http
