#include "net/curl_transfer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>

#include "base/text.h"

namespace backtalk {

namespace {

// A page of text shrinks by 3 to 10, rarely by 30. What shrinks by more than this, and is already long, was made to.
constexpr std::size_t compression_ratio_max = 100;
// libcurl counts what came in with a lag of one of its buffers.
constexpr std::size_t wire_bytes_least = 16 * 1024;
constexpr std::size_t addresses_max = 8;

std::string bracketed(Address const& address) { return address.is_v4() ? address.str() : "[" + address.str() + "]"; }

bool has_control(std::string_view text)
{
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

template <class Value> void CurlTransfer::set(CURLoption option, Value value)
{
    [[maybe_unused]] CURLcode const code = curl_easy_setopt(easy_.get(), option, value);
    assert(code == CURLE_OK || code == CURLE_OUT_OF_MEMORY);
}

CurlTransfer::CurlTransfer(CurlEasy easy, Url url, FetchRequest const& request, std::vector<Address> const& addresses,
    FetchOptions const& options, FetchRules const& rules, std::chrono::milliseconds time_left, std::atomic<std::uint64_t>& sockets_opened)
    : easy_(std::move(easy)), url_(std::move(url)), options_(options), rules_(rules), sockets_opened_(sockets_opened)
{
    set_connection(addresses, time_left);
    set_request(request);
}

CurlTransfer::~CurlTransfer()
{
    if (easy_)
        take_easy();
}

void CurlTransfer::set_connection(std::vector<Address> const& addresses, std::chrono::milliseconds time_left)
{
    set(CURLOPT_ERRORBUFFER, error_text_);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    // Proxies of the environment would connect to addresses that nobody here judges.
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(CURLOPT_BUFFERSIZE, static_cast<long>(wire_bytes_least));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::clamp<std::int64_t>(time_left.count(), 1, 86'400'000)));
    set(CURLOPT_MAXAGE_CONN, 30L);
    set(CURLOPT_MAXLIFETIME_CONN, 300L);

    // With a CAPATH, which Debian's libcurl sets by itself, its store of certificates is read anew for each connection.
    set(CURLOPT_CAPATH, static_cast<char const*>(nullptr));
    if (!options_.ca_file.empty())
        set(CURLOPT_CAINFO, options_.ca_file.c_str());
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);

    curl_opensocket_callback const open = [](void* self, curlsocktype, curl_sockaddr* address) {
        return static_cast<CurlTransfer*>(self)->open_socket(*address);
    };
    set(CURLOPT_OPENSOCKETFUNCTION, open);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));

    if (auto const where = rules_.pinned(url_)) {
        connect_to_.add(("::" + bracketed(where->address) + ":" + std::to_string(where->port)).c_str());
        set(CURLOPT_CONNECT_TO, connect_to_.get());
    } else if (!addresses.empty()) {
        // "+": forgotten after a minute, like all that libcurl finds out by itself.
        std::string known = "+" + url_.host_and_port() + ":";
        for (std::size_t i = 0; i < std::min(addresses.size(), addresses_max); ++i)
            known += (i == 0 ? "" : ",") + bracketed(addresses[i]);
        known_addresses_.add(known.c_str());
        set(CURLOPT_RESOLVE, known_addresses_.get());
    }
}

void CurlTransfer::set_request(FetchRequest const& request)
{
    set(CURLOPT_URL, url_.str().c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_USERAGENT, options_.user_agent.c_str());
    set(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decode

    // A validator is what another server once sent; it must not add a line to our request.
    auto const add = [this](std::string const& name, std::string const& value) {
        if (!value.empty() && !has_control(value))
            request_headers_.add((name + ": " + value).c_str());
    };
    add("Accept", request.accept);
    if (request.post) {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(CURLOPT_POSTFIELDS, request.body.data());
        add("Content-Type", request.content_type);
        for (http::Header const& each : request.more_headers)
            add(each.name, each.value);
        request_headers_.add("Expect:");
    } else {
        set(CURLOPT_HTTPGET, 1L);
        add("If-None-Match", request.if_none_match);
        add("If-Modified-Since", request.if_modified_since);
    }
    set(CURLOPT_HTTPHEADER, request_headers_.get());

    curl_write_callback const header = [](char* bytes, std::size_t, std::size_t size, void* self) {
        return static_cast<CurlTransfer*>(self)->take_header(std::string_view(bytes, size));
    };
    curl_write_callback const body = [](char* bytes, std::size_t, std::size_t size, void* self) {
        return static_cast<CurlTransfer*>(self)->take_body(std::string_view(bytes, size));
    };
    set(CURLOPT_HEADERFUNCTION, header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
}

// The address that is judged is the one that is connected to: between the two there is no name any more.
curl_socket_t CurlTransfer::open_socket(curl_sockaddr const& address)
{
    auto const peer = Address::from_sockaddr(&address.addr);
    if (!peer) {
        denied_ = "not an address of the internet";
        return CURL_SOCKET_BAD;
    }
    in_port_t port = 0;  // at the same place in sockaddr_in and sockaddr_in6
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    std::memcpy(&port, reinterpret_cast<char const*>(&address.addr) + offsetof(sockaddr_in, sin_port), sizeof port);
    port = ntohs(port);
    if (auto const judged = rules_.judge_address(*peer, port); !judged) {
        denied_ = judged.error().text;
        return CURL_SOCKET_BAD;
    }
    connected_elsewhere_ = true;
    ++sockets_opened_;
    return ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
}

std::size_t CurlTransfer::take_header(std::string_view line)
{
    header_bytes_ += line.size();
    if (header_bytes_ > options_.header_bytes_max) {
        stop_ = Stop::HeadersTooLarge;
        return CURL_WRITEFUNC_ERROR;
    }
    std::size_t const size = line.size();
    if (headers_complete_)
        return size;  // a trailer: it came too late to say anything about the body
    bool const is_continuation = !line.empty() && (line[0] == ' ' || line[0] == '\t');
    std::string_view const text = trimmed(line);
    if (text.empty()) {
        long status = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        headers_complete_ = status >= 200;
    } else if (is_continuation && !headers_.empty()) {
        headers_.back().value.append(" ").append(text);
    } else if (line.starts_with("HTTP/")) {
        headers_.clear();  // what came before was an interim answer (1xx)
    } else if (std::size_t const colon = text.find(':'); colon != std::string_view::npos) {
        headers_.emplace_back(std::string(text.substr(0, colon)), std::string(trimmed(text.substr(colon + 1))));
    }
    return size;
}

std::size_t CurlTransfer::take_body(std::string_view piece)
{
    std::size_t const room = options_.max_bytes - body_.size();
    body_.append(piece.substr(0, room));
    if (piece.size() > room) {
        stop_ = Stop::TooLong;
        return CURL_WRITEFUNC_ERROR;
    }
    std::size_t const wire = std::max<std::size_t>(wire_bytes(), wire_bytes_least);
    if (body_.size() / compression_ratio_max > wire) {
        stop_ = Stop::Bomb;
        return CURL_WRITEFUNC_ERROR;
    }
    return piece.size();
}

std::uint64_t CurlTransfer::wire_bytes() const
{
    curl_off_t bytes = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    return static_cast<std::uint64_t>(bytes);
}

Result<CurlTransfer::Answer> CurlTransfer::outcome(CURLcode code)
{
    if (stop_ == Stop::Bomb)
        return failure(ErrorCode::Refused, "the answer unpacks to more than " + std::to_string(compression_ratio_max) + " times its size");
    if (stop_ == Stop::HeadersTooLarge)
        return failure(ErrorCode::Refused, "the headers are longer than " + std::to_string(options_.header_bytes_max) + " bytes");
    if (!denied_.empty() && !connected_elsewhere_)
        return failure(ErrorCode::Refused, denied_);
    if (code != CURLE_OK && stop_ != Stop::TooLong) {
        std::string const text = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
        if (code == CURLE_OPERATION_TIMEDOUT)
            return failure(ErrorCode::Timeout, text);
        if (code == CURLE_URL_MALFORMAT)  // libcurl takes fewer characters in a host name than the URL standard does
            return failure(ErrorCode::Refused, text);
        return failure(ErrorCode::Unavailable, text);
    }
    // libcurl takes such an answer for one without a body, which would say of a source that its link is gone.
    if (!headers_complete_)
        return failure(ErrorCode::Unavailable, "the answer ended within its headers");
    Answer answer;
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    for (http::Header const& each : headers_)
        answer.headers.add(each.name, each.value);
    answer.body = std::move(body_);
    answer.truncated = stop_ == Stop::TooLong;
    return answer;
}

CurlEasy CurlTransfer::take_easy()
{
    // libcurl must not keep pointers into this object.
    curl_easy_reset(easy_.get());
    return std::move(easy_);
}

}  // namespace backtalk
