#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "app/store.h"

namespace backtalk {

/// The sites of this home, in memory: which one a request is for, and which one an entry belongs to.
class SiteDirectory {
public:
    explicit SiteDirectory(Store& store) : store_(store) { }

    Result<void> reload();
    /// The site with that Host (the scheme's default port dropped, letter case folded) and the longest fitting path prefix.
    std::shared_ptr<Site const> find(std::string_view authority, std::string_view path) const;
    /// The site that a URL is a page of, by http or https.
    std::shared_ptr<Site const> find_holding(Url const& url) const;
    std::shared_ptr<Site const> find(SiteId id) const;
    std::shared_ptr<Site const> find(Url const& base_url) const;  ///< By its base URL.
    bool has_external() const;
    std::vector<std::shared_ptr<Site const>> all() const;

private:
    Store& store_;
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Site const>> sites_;
};

}  // namespace backtalk
