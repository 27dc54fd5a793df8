#pragma once

#include <string>
#include <vector>

#include "async/deadline.h"
#include "async/task.h"

namespace backtalk {

/// The DNS lists that name somebody, by their zones ("dbl.example").
struct DnsFindings {
    std::vector<std::string> of_domain;
    std::vector<std::string> of_sender;
};

/// Asks the lists of bad domains and addresses that the settings name.
///
/// Spec: RFC 5782.
class DnsLists {
public:
    virtual ~DnsLists() = default;
    /// `domain`: registrable, of a page; `sender`: an address. What is neither, or not of the open internet, is not asked about.
    /// A list that does not answer in time, or refuses to, says nothing.
    virtual Task<DnsFindings> asked(std::string domain, std::string sender, Deadline deadline) = 0;
};

}  // namespace backtalk
