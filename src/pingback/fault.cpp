#include "pingback/fault.h"

#include <initializer_list>
#include <string>

namespace backtalk::pingback {

std::optional<FaultCode> fault_code_of(int code)
{
    using enum FaultCode;
    for (FaultCode const each :
        {Unknown, SourceNotFound, NoLink, TargetNotFound, TargetUnusable, AlreadyRegistered, AccessDenied, Upstream})
        if (static_cast<int>(each) == code)
            return each;
    return std::nullopt;
}

std::string_view sentence(FaultCode code)
{
    switch (code) {
    case FaultCode::Unknown: return "The ping was not accepted.";
    case FaultCode::SourceNotFound: return "The source does not exist.";
    case FaultCode::NoLink: return "The source has no link to the target.";
    case FaultCode::TargetNotFound: return "The target does not exist.";
    case FaultCode::TargetUnusable: return "The target takes no pings.";
    case FaultCode::AlreadyRegistered: return "This ping is already known.";
    case FaultCode::AccessDenied: return "Access denied.";
    case FaultCode::Upstream: return "Another server that has to be asked does not answer as it should.";
    }
    return "The ping was not accepted.";
}

xmlrpc::Fault fault(FaultCode code) { return {static_cast<int>(code), std::string(sentence(code))}; }

}  // namespace backtalk::pingback
