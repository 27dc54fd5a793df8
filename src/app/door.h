#pragma once

#include <memory>

#include "async/task.h"
#include "http/ready_page.h"
#include "http/request.h"
#include "http/response.h"

namespace backtalk {

/// What the server serves: the way from `net`, which knows sockets, to `web`, which knows pages.
class Door {
public:
    virtual ~Door() = default;

    /// On a front thread, for GET and HEAD: the page if memory holds it, else null. Never waits, never blocks.
    virtual std::shared_ptr<http::ReadyPage const> ready(http::RequestHead const& head) noexcept = 0;
    /// On a front thread: whether answer() may start there, since it touches memory only until it first waits or goes to a
    /// work thread by itself.
    virtual bool starts_in_memory(http::RequestHead const& /*head*/) noexcept { return false; }
    /// Everything else, started on a work thread unless starts_in_memory(). The request is whole.
    virtual Task<http::Response> answer(http::Request request) = 0;
    /// On a front thread: the server itself refuses (400, 408, 413, 417, 431, 503 …); the answer in the form of the door that
    /// was knocked at. `head` is null where none could be read.
    virtual http::Response refuse(http::RequestHead const* head, int status) = 0;
};

}  // namespace backtalk
