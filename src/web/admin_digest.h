#pragma once

#include "app/digest_store.h"
#include "app/inbox.h"
#include "app/mail.h"
#include "app/send_digests.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct DigestPageSchema final : AdminPageSchema {
    DigestPageSchema() : AdminPageSchema("digest") { }
    FlagField const sends_mail{*this, "sends_mail"};
    UrlField const action{*this, "action"};
    ListField const rhythms{*this, "rhythms", schema<ChoiceSchema>()};
    TextField const address{*this, "address"};
    TextField const mailed{*this, "mailed"};
    TextField const mailed_iso{*this, "mailed_iso"};
    TextField const problem{*this, "problem"};  ///< Of the last try to send one.
    FlagField const has_feed{*this, "has_feed"};
    UrlField const feed_url{*this, "feed_url"};
    UrlField const back_url{*this, "back_url"};
};

/// How somebody is told of what waits: by mail, and by a feed whose address is a secret.
class AdminDigest {
public:
    AdminDigest(AdminFrame& frame, DigestStore& digests, DigestSender& sender, Mailer& mailer, Store& store, InboxStore& inbox)
        : frame_(frame), digests_(digests), sender_(sender), mailer_(mailer), store_(store), inbox_(inbox)
    {
    }
    void add_to(AdminTable& table);

private:
    http::Response show(AdminVisit const& visit);
    Task<http::Response> choose(AdminVisit visit);
    Task<http::Response> change_feed(AdminVisit visit);
    http::Response feed(AdminVisit const& visit);
    Result<std::string> feed_text(AdminVisit const& visit);

    static constexpr std::size_t feed_items = 50;

    AdminFrame& frame_;
    DigestStore& digests_;
    DigestSender& sender_;
    Mailer& mailer_;
    Store& store_;
    InboxStore& inbox_;
};

}  // namespace backtalk::web
