#pragma once

#include <curl/curl.h>

#include <memory>

namespace backtalk {

struct CurlEasyCleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct CurlMultiCleanup {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct CurlListCleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlEasy = std::unique_ptr<CURL, CurlEasyCleanup>;
using CurlMulti = std::unique_ptr<CURLM, CurlMultiCleanup>;

/// Strings for a libcurl option.
class CurlList {
public:
    void add(char const* line)
    {
        if (curl_slist* const longer = curl_slist_append(list_.get(), line)) {
            (void)list_.release();
            list_.reset(longer);
        }
    }
    curl_slist* get() const { return list_.get(); }

private:
    std::unique_ptr<curl_slist, CurlListCleanup> list_;
};

}  // namespace backtalk
