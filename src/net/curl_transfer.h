#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "app/fetcher.h"
#include "net/curl_handle.h"
#include "net/fetcher_rules.h"

namespace backtalk {

/// One request and its answer over one libcurl handle: no redirects, no waiting, no memory of earlier ones. The thread that
/// owns the multi handle adds easy() to it and calls outcome() when libcurl reports it done.
class CurlTransfer {
public:
    /// The answer to one request.
    struct Answer {
        int status = 0;
        http::Headers headers;
        std::string body;
        bool truncated = false;
    };

    /// `url` is what is asked for, in its fetched form; method, body and conditions are of `request`. `addresses` are those
    /// of the host's name, judged; empty where the host is an address itself or pinned. All references outlive the transfer.
    CurlTransfer(CurlEasy easy, Url url, FetchRequest const& request, std::vector<Address> const& addresses, FetchOptions const& options,
        FetchRules const& rules, std::chrono::milliseconds time_left, std::atomic<std::uint64_t>& sockets_opened);
    ~CurlTransfer();  ///< Not while its handle is in a multi handle.
    CurlTransfer(CurlTransfer const&) = delete;
    CurlTransfer& operator=(CurlTransfer const&) = delete;

    CURL* easy() const { return easy_.get(); }
    /// Once, after libcurl is done with the handle.
    /// Errors: Refused (address, compression bomb, headers too large), Timeout, Unavailable.
    Result<Answer> outcome(CURLcode code);
    /// Body bytes as they came over the wire.
    std::uint64_t wire_bytes() const;
    /// The handle for the next transfer; it is no longer in a multi handle.
    CurlEasy take_easy();

private:
    enum class Stop { None, TooLong, HeadersTooLarge, Bomb };

    void set_connection(std::vector<Address> const& addresses, std::chrono::milliseconds time_left);
    void set_request(FetchRequest const& request);
    std::size_t take_header(std::string_view line);
    std::size_t take_body(std::string_view piece);
    curl_socket_t open_socket(curl_sockaddr const& address);
    template <class Value> void set(CURLoption option, Value value);

    CurlEasy easy_;
    Url url_;
    FetchOptions const& options_;
    FetchRules const& rules_;
    std::atomic<std::uint64_t>& sockets_opened_;
    CurlList request_headers_;
    CurlList known_addresses_;
    CurlList connect_to_;
    char error_text_[CURL_ERROR_SIZE] = {};

    std::vector<http::Header> headers_;
    std::size_t header_bytes_ = 0;
    bool headers_complete_ = false;
    std::string body_;
    Stop stop_ = Stop::None;
    std::string denied_;  ///< Why an address was not connected to.
    bool connected_elsewhere_ = false;
};

}  // namespace backtalk
