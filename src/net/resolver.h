#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "url/address.h"

namespace backtalk {

/// Finds the addresses of a host name.
class Resolver {
public:
    /// At least one address, in the order in which to try them.
    /// Errors: NotFound (there is no such name, or it has no address), Unavailable (the name servers are out of order).
    using Found = Result<std::vector<Address>>;

    virtual ~Resolver() = default;
    /// Calls `answer` once, from any thread, perhaps inside the call; never again once the resolver is destroyed.
    virtual void resolve(std::string name, std::move_only_function<void(Found)> answer) = 0;
};

/// getaddrinfo, which blocks, on threads of its own: as many as there are names being looked up, up to `threads_max`.
class SystemResolver final : public Resolver {
public:
    explicit SystemResolver(unsigned threads_max = 128);
    /// Does not wait for lookups under way: a dead name server would hold up our end by half a minute.
    ~SystemResolver() override;
    SystemResolver(SystemResolver const&) = delete;
    SystemResolver& operator=(SystemResolver const&) = delete;

    void resolve(std::string name, std::move_only_function<void(Found)> answer) override;

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace backtalk
