#include "store/sqlite_digest.h"

#include <set>

#include "store/people_rows.h"

namespace backtalk::store {

namespace {

// Held, and neither it nor another of its campaign was told to the user d.user_id.
#define BACKTALK_NEWS_OF_DIGEST                                                                                                            \
    " FROM mention m WHERE m.state = 'held' AND NOT EXISTS (SELECT 1 FROM digest_told t WHERE t.user_id = d.user_id AND "                  \
    "t.mention_id = m.id) AND (m.campaign = 0 OR NOT EXISTS (SELECT 1 FROM mention o JOIN digest_told t ON t.mention_id = o.id "           \
    "WHERE o.campaign = m.campaign AND t.user_id = d.user_id))"
#define BACKTALK_WANTS_MAIL "d.rhythm <> 'off' AND d.address <> '' AND (d.under_way <> '' OR EXISTS (SELECT 1" BACKTALK_NEWS_OF_DIGEST "))"

struct DigestRow {
    DigestChoice choice;
    std::string under_way;  ///< Name of the mail; empty: none is.
};

Result<DigestRow> read_digest(Connection& db, UserId user)
{
    DigestRow row{DigestChoice(user), ""};
    Query query =
        db.query("SELECT rhythm, address, admin_url, feed_hash <> '', mailed, failures, problem, under_way FROM digest WHERE user_id = ?");
    if (query.bind(user.value).next()) {
        TRY(row.choice.rhythm, known(digest_rhythm_named(query.text(0)), "rhythm"));
        row.choice.address = query.string(1);
        row.choice.admin_url = query.string(2);
        row.choice.has_feed = query.integer(3) != 0;
        row.choice.mailed = instant_or_never(query.integer(4));
        row.choice.failures = static_cast<int>(query.integer(5));
        row.choice.problem = query.string(6);
        row.under_way = query.string(7);
    }
    TRY_DONE(query.finished());
    return row;
}

Result<void> make_row(Connection& db, UserId user)
{
    TRY_DONE(require_user(db, user));
    return db.query("INSERT OR IGNORE INTO digest (user_id) VALUES (?)").bind(user.value).run();
}

/// Notes what is new as told by the mail `id`. Of a campaign all are, and the newest stands for them.
Result<std::vector<MentionId>> tell_news(Connection& db, UserId user, std::string const& id)
{
    struct News {
        std::int64_t mention;
        bool stands;
    };
    std::vector<News> news;
    std::set<std::int64_t> campaigns;
    Query fresh =
        db.query("SELECT n.id, n.campaign FROM digest d, mention n WHERE d.user_id = ? AND n.id IN (SELECT m.id" BACKTALK_NEWS_OF_DIGEST
                 ") ORDER BY n.received DESC, n.id DESC");
    fresh.bind(user.value);
    while (fresh.next()) {
        std::int64_t const campaign = fresh.integer(1);
        news.push_back({fresh.integer(0), campaign == 0 || campaigns.insert(campaign).second});
    }
    TRY_DONE(fresh.finished());
    std::vector<MentionId> mentions;
    for (News const& each : news) {
        Query insert = db.query("INSERT INTO digest_told (user_id, mention_id, mail, stands) VALUES (?, ?, ?, ?)");
        TRY_DONE(insert.bind(user.value).bind(each.mention).bind(id).bind(std::int64_t(each.stands ? 1 : 0)).run());
        if (each.stands)
            mentions.emplace_back(each.mention);
    }
    return mentions;
}

/// What the mail that was under way is about, as far as it still waits.
Result<std::vector<MentionId>> told_by(Connection& db, UserId user, std::string const& id)
{
    std::vector<MentionId> mentions;
    Query query = db.query("SELECT m.id FROM digest_told t JOIN mention m ON m.id = t.mention_id WHERE t.user_id = ? AND t.mail = ? AND "
                           "t.stands = 1 AND m.state = 'held' ORDER BY m.received DESC, m.id DESC");
    query.bind(user.value).bind(id);
    while (query.next())
        mentions.emplace_back(query.integer(0));
    TRY_DONE(query.finished());
    return mentions;
}

}  // namespace

Result<DigestChoice> SqliteDigest::digest(UserId user)
{
    return database_.read([user](Connection& db) -> Result<DigestChoice> {
        TRY(DigestRow row, read_digest(db, user));
        return std::move(row.choice);
    });
}

Task<Result<void>> SqliteDigest::choose_digest(DigestChoice choice)
{
    return database_.write<void>([choice = std::move(choice)](Transaction& transaction) -> Result<void> {
        TRY_DONE(make_row(transaction.db, choice.user));
        TRY(DigestRow const before, read_digest(transaction.db, choice.user));
        std::int64_t const next = before.choice.mailed ? seconds(*before.choice.mailed + period_of(choice.rhythm)) : 0;
        Query update = transaction.db.query(
            "UPDATE digest SET rhythm = ?, address = ?, admin_url = ?, next_try = ?, failures = 0, problem = '' WHERE user_id = ?");
        update.bind(to_word(choice.rhythm)).bind(choice.address).bind(choice.admin_url).bind(next).bind(choice.user.value);
        return update.run();
    });
}

Task<Result<void>> SqliteDigest::set_digest_feed(UserId user, std::string hash)
{
    return database_.write<void>([user, hash = std::move(hash)](Transaction& transaction) -> Result<void> {
        TRY_DONE(make_row(transaction.db, user));
        return transaction.db.query("UPDATE digest SET feed_hash = ? WHERE user_id = ?").bind(hash).bind(user.value).run();
    });
}

Result<std::optional<User>> SqliteDigest::digest_feed_owner(std::string_view hash)
{
    return database_.read([hash](Connection& db) -> Result<std::optional<User>> {
        Query query = db.query(
            "SELECT " BACKTALK_USER_COLUMNS " FROM digest d JOIN user u ON u.id = d.user_id WHERE d.feed_hash = ? AND d.feed_hash <> ''");
        if (!query.bind(hash).next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        TRY(User user, read_user(query));
        return user;
    });
}

Result<std::vector<UserId>> SqliteDigest::due_digests(Instant now, std::size_t limit)
{
    return database_.read([&](Connection& db) -> Result<std::vector<UserId>> {
        std::vector<UserId> users;
        Query query =
            db.query("SELECT d.user_id FROM digest d WHERE d.next_try <= ? AND " BACKTALK_WANTS_MAIL " ORDER BY d.next_try LIMIT ?");
        query.bind(seconds(now)).bind(static_cast<std::int64_t>(limit));
        while (query.next())
            users.emplace_back(query.integer(0));
        TRY_DONE(query.finished());
        return users;
    });
}

Result<std::optional<Instant>> SqliteDigest::next_digest_due()
{
    return database_.read([](Connection& db) -> Result<std::optional<Instant>> {
        Query query = db.query("SELECT d.next_try FROM digest d WHERE " BACKTALK_WANTS_MAIL " ORDER BY d.next_try LIMIT 1");
        std::optional<Instant> next;
        if (query.next())
            next = instant(query.integer(0));
        TRY_DONE(query.finished());
        return next;
    });
}

Task<Result<DigestMail>> SqliteDigest::begin_digest(UserId user, std::string id)
{
    return database_.write<DigestMail>([user, id = std::move(id)](Transaction& transaction) -> Result<DigestMail> {
        TRY(DigestRow row, read_digest(transaction.db, user));
        bool const resumes = !row.under_way.empty();
        DigestMail mail(std::move(row.choice));
        mail.id = resumes ? row.under_way : id;
        TRY(mail.mentions, resumes ? told_by(transaction.db, user, mail.id) : tell_news(transaction.db, user, mail.id));
        Query update = transaction.db.query("UPDATE digest SET under_way = ? WHERE user_id = ?");
        TRY_DONE(update.bind(mail.mentions.empty() ? "" : mail.id).bind(user.value).run());
        return mail;
    });
}

Task<Result<void>> SqliteDigest::add_deed_links(UserId user, std::string mail, std::vector<NewDeedLink> links, Instant expires)
{
    return database_.write<void>(
        [user, mail = std::move(mail), links = std::move(links), expires](Transaction& transaction) -> Result<void> {
            TRY_DONE(transaction.db.query("DELETE FROM deed_link WHERE expires <= ?").bind(seconds(transaction.now)).run());
            for (NewDeedLink const& link : links) {
                Query insert = transaction.db.query(
                    "INSERT INTO deed_link (token_hash, user_id, mention_id, deed, mail, expires, used) VALUES (?, ?, ?, ?, ?, ?, 0)");
                insert.bind(link.hash).bind(user.value).bind(link.mention.value).bind(to_word(link.decision)).bind(mail);
                TRY_DONE(insert.bind(seconds(expires)).run());
            }
            return {};
        });
}

Task<Result<void>> SqliteDigest::finish_digest(UserId user)
{
    return database_.write<void>([user](Transaction& transaction) -> Result<void> {
        TRY(DigestRow const row, read_digest(transaction.db, user));
        Query update = transaction.db.query(
            "UPDATE digest SET under_way = '', mailed = ?, next_try = ?, failures = 0, problem = '' WHERE user_id = ?");
        update.bind(seconds(transaction.now)).bind(seconds(transaction.now + period_of(row.choice.rhythm)));
        return update.bind(user.value).run();
    });
}

Task<Result<void>> SqliteDigest::put_off_digest(UserId user, std::string problem, Instant next_try)
{
    return database_.write<void>([user, problem = std::move(problem), next_try](Transaction& transaction) -> Result<void> {
        TRY(DigestRow const row, read_digest(transaction.db, user));
        TRY_DONE(transaction.db.query("DELETE FROM digest_told WHERE user_id = ? AND mail = ?").bind(user.value).bind(row.under_way).run());
        TRY_DONE(transaction.db.query("DELETE FROM deed_link WHERE user_id = ? AND mail = ?").bind(user.value).bind(row.under_way).run());
        Query update =
            transaction.db.query("UPDATE digest SET under_way = '', next_try = ?, failures = failures + 1, problem = ? WHERE user_id = ?");
        return update.bind(seconds(next_try)).bind(problem).bind(user.value).run();
    });
}

Result<std::optional<DeedLink>> SqliteDigest::deed_link(std::string_view hash)
{
    return database_.read([&](Connection& db) -> Result<std::optional<DeedLink>> {
        Query query = db.query("SELECT user_id, mention_id, deed, used FROM deed_link WHERE token_hash = ? AND expires > ?");
        if (!query.bind(hash).bind(seconds(database_.clock().now())).next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        TRY(Decision const decision, known(decision_named(query.text(2)), "decision"));
        DeedLink link(UserId(query.integer(0)), MentionId(query.integer(1)), decision);
        link.used = query.integer(3) != 0;
        return link;
    });
}

Task<Result<bool>> SqliteDigest::use_deed_link(std::string hash)
{
    return database_.write<bool>([hash = std::move(hash)](Transaction& transaction) -> Result<bool> {
        TRY_DONE(transaction.db.query("UPDATE deed_link SET used = 1 WHERE token_hash = ? AND used = 0").bind(hash).run());
        return transaction.db.changes() > 0;
    });
}

}  // namespace backtalk::store
