#include "url/this_machine.h"

#include "url/address.h"

namespace backtalk {

bool is_this_machine(std::string_view host)
{
    if (auto const address = Address::parse(host))
        return address->is_loopback();
    return host == "localhost" || host.ends_with(".localhost");
}

}  // namespace backtalk
