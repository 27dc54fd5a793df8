#include <fmt/format.h>

#include "app/change_keys.h"
#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

#define BACKTALK_SITE_COLUMNS                                                                                                              \
    "base_url, kind, title, description, author, language, time_zone, permalink_pattern, feed_url, feed_minutes, api_token, hook_url, "    \
    "hook_secret"

constexpr char const* kind_hosted = "hosted";
constexpr char const* kind_external = "external";

Result<Site> read_site(Query const& row)
{
    TRY(Url const url, Url::parse(row.text(1)));
    Site site(SiteId(row.integer(0)), SiteBase(url));
    site.kind = row.text(2) == kind_external ? SiteKind::External : SiteKind::Hosted;
    site.title = row.string(3);
    site.description = row.string(4);
    site.author = row.string(5);
    site.language = row.string(6);
    site.time_zone = row.string(7);
    site.permalink_pattern = row.string(8);
    site.feed_url = row.string(9);
    site.feed_minutes = static_cast<int>(row.integer(10));
    site.api_token = row.string(11);
    site.hook_url = row.string(12);
    site.hook_secret = row.string(13);
    return site;
}

void bind_site(Query& query, Site const& site)
{
    query.bind(site.base.url().str())
        .bind(site.kind == SiteKind::External ? kind_external : kind_hosted)
        .bind(site.title)
        .bind(site.description);
    query.bind(site.author).bind(site.language).bind(site.time_zone).bind(site.permalink_pattern);
    query.bind(site.feed_url).bind(std::int64_t(site.feed_minutes)).bind(site.api_token).bind(site.hook_url).bind(site.hook_secret);
}

Result<void> refuse_second(Connection& db, Site const& site)
{
    Query query = db.query("SELECT id FROM site WHERE base_url = ? AND id <> ?");
    query.bind(site.base.url().str()).bind(site.id.value);
    if (query.next())
        return failure(ErrorCode::Conflict, fmt::format("there is a site {} already: see backtalk site list", site.base.url().str()));
    return query.finished();
}

}  // namespace

Result<std::optional<Site>> find_site(Connection& db, SiteId id)
{
    Query query = db.query("SELECT id, " BACKTALK_SITE_COLUMNS " FROM site WHERE id = ?");
    query.bind(id.value);
    if (!query.next()) {
        TRY_DONE(query.finished());
        return std::nullopt;
    }
    TRY(Site site, read_site(query));
    return site;
}

Result<std::vector<Site>> SqliteStore::sites()
{
    return database_->read([](Connection& db) -> Result<std::vector<Site>> {
        std::vector<Site> sites;
        Query query = db.query("SELECT id, " BACKTALK_SITE_COLUMNS " FROM site ORDER BY id");
        while (query.next()) {
            TRY(Site site, read_site(query));
            sites.push_back(std::move(site));
        }
        TRY_DONE(query.finished());
        return sites;
    });
}

Task<Result<Site>> SqliteStore::add_site(Site site)
{
    return database_->write<Site>([site = std::move(site)](Transaction& transaction) mutable -> Result<Site> {
        TRY_DONE(refuse_second(transaction.db, site));
        Query insert = transaction.db.query("INSERT INTO site (" BACKTALK_SITE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        bind_site(insert, site);
        TRY_DONE(insert.run());
        site.id = SiteId(transaction.db.last_insert_id());
        transaction.changed.push_back(key_of_site(site.id));
        return site;
    });
}

Task<Result<void>> SqliteStore::change_site(Site site)
{
    return database_->write<void>([site = std::move(site)](Transaction& transaction) -> Result<void> {
        TRY_DONE(refuse_second(transaction.db, site));
        TRY(std::optional<Site> const before, find_site(transaction.db, site.id));
        if (before && (before->hook_url != site.hook_url || before->hook_secret != site.hook_secret))
            TRY_DONE(hurry_hooks(transaction, site.id));
        Query update =
            transaction.db.query("UPDATE site SET (" BACKTALK_SITE_COLUMNS ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?");
        bind_site(update, site);
        update.bind(site.id.value);
        TRY_DONE(update.run());
        transaction.changed.push_back(key_of_site(site.id));
        return {};
    });
}

Task<Result<void>> SqliteStore::remove_site(SiteId site)
{
    return database_->write<void>([site](Transaction& transaction) -> Result<void> {
        TRY_DONE(transaction.db.query("DELETE FROM site WHERE id = ?").bind(site.value).run());
        transaction.changed.push_back(key_of_site(site));
        return {};
    });
}

}  // namespace backtalk::store
