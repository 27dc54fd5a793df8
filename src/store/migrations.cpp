#include "store/migrations.h"

#include <array>

#include <fmt/format.h>

namespace backtalk::store {

namespace {

// Never change a step that was released: add one.
constexpr std::array migrations = {
    R"sql(
CREATE TABLE site (
    id INTEGER PRIMARY KEY,
    base_url TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    author TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    permalink_pattern TEXT NOT NULL
);

CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    trackback_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    local_day INTEGER NOT NULL,   -- yyyymmdd by the author's clock
    published INTEGER NOT NULL,   -- seconds since 1970, UTC
    utc_offset INTEGER NOT NULL,  -- minutes
    updated INTEGER NOT NULL,
    takes_pings INTEGER NOT NULL,
    takes_comments INTEGER NOT NULL,
    import_key TEXT,
    path TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    format TEXT NOT NULL,
    text_filter TEXT NOT NULL,
    keywords TEXT NOT NULL,
    trackbacks TEXT NOT NULL,     -- one a line
    in_reply_to TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    body TEXT NOT NULL,
    extended_body TEXT NOT NULL,
    UNIQUE (site_id, trackback_id),
    UNIQUE (site_id, import_key)
);
CREATE INDEX entry_newest ON entry (site_id, status, published DESC, id DESC);
CREATE INDEX entry_day ON entry (site_id, local_day);
CREATE INDEX entry_trackback ON entry (trackback_id);

-- Every address that an entry has or ever had, in the form of comparison_key() below the site's base.
CREATE TABLE address (
    site_id INTEGER NOT NULL,
    path_key TEXT NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    PRIMARY KEY (site_id, path_key)
) WITHOUT ROWID;
CREATE INDEX address_entry ON address (entry_id);

CREATE TABLE label (
    entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,           -- category, tag
    position INTEGER NOT NULL,    -- 0 is the primary category
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (entry_id, kind, position)
) WITHOUT ROWID;
CREATE INDEX label_slug ON label (kind, slug, entry_id);

CREATE TABLE comment (
    id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    import_key TEXT NOT NULL,
    author TEXT NOT NULL,
    email TEXT NOT NULL,
    url TEXT NOT NULL,
    address TEXT NOT NULL,
    written INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (entry_id, import_key)
);

CREATE TABLE mention (
    id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    type TEXT NOT NULL,
    origins TEXT NOT NULL,        -- words, separated by blanks
    host TEXT NOT NULL,
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    received INTEGER NOT NULL,
    verified INTEGER,
    approved INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL,
    etag TEXT NOT NULL DEFAULT '',           -- of the source when it was last verified
    last_modified TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    site_name TEXT NOT NULL,
    author_name TEXT NOT NULL,
    author_url TEXT NOT NULL,
    language TEXT NOT NULL,
    published INTEGER,
    published_offset INTEGER NOT NULL
);
CREATE INDEX mention_entry ON mention (entry_id, state, received, id);
CREATE INDEX mention_host ON mention (host) WHERE approved = 1;

-- One mention for each (source, target): the keys of all addresses by which a source is known.
CREATE TABLE mention_source (
    entry_id INTEGER NOT NULL,
    source_key TEXT NOT NULL,
    mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (entry_id, source_key)
) WITHOUT ROWID;
CREATE INDEX mention_source_mention ON mention_source (mention_id, position);

CREATE TABLE ping (
    id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    source TEXT NOT NULL,
    source_received TEXT NOT NULL,
    target_received TEXT NOT NULL,
    title TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    blog_name TEXT NOT NULL,
    sender TEXT NOT NULL,
    received INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    mention_id INTEGER REFERENCES mention (id) ON DELETE SET NULL,
    import_key TEXT
);
CREATE INDEX ping_due ON ping (next_try, id) WHERE state = 'queued';
CREATE INDEX ping_entry ON ping (entry_id);
CREATE INDEX ping_mention ON ping (mention_id) WHERE mention_id IS NOT NULL;
CREATE UNIQUE INDEX ping_import ON ping (entry_id, import_key) WHERE import_key IS NOT NULL;

CREATE TABLE sent (
    id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    target TEXT NOT NULL,
    version TEXT NOT NULL,        -- of the entry's text that the target was, or is to be, told
    state TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    protocol TEXT NOT NULL,
    message TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    UNIQUE (entry_id, target)
);
CREATE INDEX sent_due ON sent (next_try, id) WHERE state = 'queued';
)sql",
    R"sql(
ALTER TABLE mention ADD COLUMN details TEXT NOT NULL DEFAULT '';    -- JSON, see listing_details.h
ALTER TABLE mention ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;   -- since when it has been published; 0: it is not
ALTER TABLE mention ADD COLUMN fetched INTEGER NOT NULL DEFAULT 0;  -- order of the fetch that it stands by, see PingVerified
UPDATE mention SET listed = coalesce(verified, received) WHERE state = 'published';
CREATE INDEX mention_listed ON mention (listed, id) WHERE state = 'published';

ALTER TABLE ping ADD COLUMN vouch TEXT NOT NULL DEFAULT '';
ALTER TABLE ping ADD COLUMN status_key TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX ping_status_key ON ping (status_key) WHERE status_key <> '';

ALTER TABLE sent ADD COLUMN linked INTEGER NOT NULL DEFAULT 1;
ALTER TABLE sent ADD COLUMN responses TEXT NOT NULL DEFAULT '';     -- version of the responses that the target was told, or is to be
ALTER TABLE sent ADD COLUMN status_url TEXT NOT NULL DEFAULT '';

ALTER TABLE site ADD COLUMN feed_url TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN feed_minutes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE site ADD COLUMN api_token TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN hook_url TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN hook_secret TEXT NOT NULL DEFAULT '';
)sql",
    R"sql(
-- What programs ask for of some entries, in the order in which it came to be shown, without touching the rows.
CREATE INDEX mention_feed ON mention (entry_id, listed, id, type, published, state) WHERE state = 'published';
)sql",
    R"sql(
-- How far the feed of an external site was read, and what became known by it.
CREATE TABLE feed (
    site_id INTEGER PRIMARY KEY REFERENCES site (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    readings INTEGER NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    last_try INTEGER NOT NULL,
    failures INTEGER NOT NULL,    -- since the last reading that succeeded
    note TEXT NOT NULL
);
CREATE TABLE feed_page (
    entry_id INTEGER PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
    site_id INTEGER NOT NULL,
    version TEXT NOT NULL,
    seen INTEGER NOT NULL,        -- the reading that last listed it
    listed INTEGER NOT NULL,
    tries_left INTEGER NOT NULL   -- above 0: it is new or changed, and its links are not yet told
);
CREATE INDEX feed_page_news ON feed_page (site_id, entry_id) WHERE tries_left > 0;
CREATE INDEX feed_page_listed ON feed_page (site_id, seen) WHERE listed = 1;
)sql",
    R"sql(
-- Who may sign in, and how. Of what opens a door only hashes are kept: a copy of this file is no key.
CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password TEXT NOT NULL,            -- Argon2id, as libsodium writes it; '': none was chosen yet
    totp_secret TEXT NOT NULL,         -- base32; '': no second factor
    totp_step INTEGER NOT NULL,        -- of the last code that was taken: none is taken twice
    added INTEGER NOT NULL,
    signed_in INTEGER NOT NULL         -- the last time; 0: never
);
CREATE TABLE recovery_code (
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
) WITHOUT ROWID;
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    started INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX session_user ON session (user_id);
CREATE TABLE app_token (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,              -- words, separated by blanks
    added INTEGER NOT NULL,
    used INTEGER NOT NULL              -- the last time, to the hour; 0: never
);
CREATE INDEX app_token_user ON app_token (user_id);
-- Links that work once: with a user, to choose a password; without, to become the first owner.
CREATE TABLE setup_link (
    token_hash TEXT PRIMARY KEY,
    user_id INTEGER REFERENCES user (id) ON DELETE CASCADE,
    expires INTEGER NOT NULL
) WITHOUT ROWID;
-- Who did what, on what, from where. Names are kept as they were.
CREATE TABLE activity (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id INTEGER,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    address TEXT NOT NULL
);
)sql",
    R"sql(
-- What people decided, what the judge said and what it learnt.
ALTER TABLE mention ADD COLUMN verdict TEXT NOT NULL DEFAULT '';       -- JSON, see app/verdict_json.h
ALTER TABLE mention ADD COLUMN campaign INTEGER NOT NULL DEFAULT 0;    -- 0: of none; else the same for all of one campaign
ALTER TABLE mention ADD COLUMN spam_since INTEGER NOT NULL DEFAULT 0;  -- 0: not spam, or since it was received
CREATE INDEX mention_spam ON mention (spam_since) WHERE state = 'spam';
CREATE INDEX mention_campaign ON mention (campaign) WHERE campaign <> 0;

CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    decision TEXT NOT NULL,
    actor TEXT NOT NULL,
    made INTEGER NOT NULL,
    undone_by TEXT NOT NULL DEFAULT ''
);
CREATE TABLE decided (
    mention_id INTEGER NOT NULL,
    decision_id INTEGER NOT NULL REFERENCES decision (id) ON DELETE CASCADE,
    state_before TEXT NOT NULL,
    approved_before INTEGER NOT NULL,
    lesson TEXT NOT NULL,         -- what it taught, see store/lesson_text.h; empty once it is too old to be taken back
    PRIMARY KEY (mention_id, decision_id)
) WITHOUT ROWID;
CREATE INDEX decided_decision ON decided (decision_id);

-- Weights of the judge's learner by hashed feature, on top of the prior that comes with the program.
CREATE TABLE learnt (
    site_id INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    bucket INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    PRIMARY KEY (site_id, bucket)
) WITHOUT ROWID;
-- Decisions by domain, author and network; see judge/memory.h for their scale.
CREATE TABLE remembered (
    site_id INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    good REAL NOT NULL,
    bad REAL NOT NULL,
    PRIMARY KEY (site_id, kind, subject)
) WITHOUT ROWID;
CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,           -- host, author, word
    subject TEXT NOT NULL,
    actor TEXT NOT NULL,
    made INTEGER NOT NULL,
    UNIQUE (site_id, kind, subject)
);
)sql",
    R"sql(
-- What the receivers of web hooks are to be told, and were: one row for each change, oldest first.
CREATE TABLE hook (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    mention_id INTEGER NOT NULL,       -- may be gone by now
    source TEXT NOT NULL,              -- with the path: as whose mention the receiver knows it
    path TEXT NOT NULL,                -- of the entry's permalink
    event TEXT NOT NULL,
    delivery TEXT NOT NULL,
    state TEXT NOT NULL,
    queued INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX hook_waiting ON hook (site_id, id) WHERE state = 'waiting';
CREATE INDEX hook_subject ON hook (site_id, source, path) WHERE state = 'waiting';
CREATE INDEX hook_done ON hook (updated) WHERE state <> 'waiting';
-- What was last queued of each mention, so that only changes are told.
CREATE TABLE hook_told (
    mention_id INTEGER PRIMARY KEY REFERENCES mention (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    version TEXT NOT NULL              -- hash of what is shown of it
);
)sql",
    R"sql(
-- The inbox: what is in a state, the newest first. Not of what is published: that is listed by another index, and this one would be
-- taken for questions that it answers badly.
CREATE INDEX mention_inbox ON mention (state, received, id, campaign)
    WHERE state = 'held' OR state = 'spam' OR state = 'gone' OR state = 'deleted';
CREATE INDEX ping_refused ON ping (id) WHERE state = 'refused';
)sql",
    R"sql(
-- Who is told by mail or feed of what is held, what they were told, and what the links in their mails do. Of secrets only hashes are kept.
CREATE TABLE digest (
    user_id INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
    rhythm TEXT NOT NULL DEFAULT 'off',
    address TEXT NOT NULL DEFAULT '',
    admin_url TEXT NOT NULL DEFAULT '',
    feed_hash TEXT NOT NULL DEFAULT '',
    under_way TEXT NOT NULL DEFAULT '',    -- name of the mail that is being sent
    mailed INTEGER NOT NULL DEFAULT 0,     -- the last time; 0: never
    next_try INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX digest_feed ON digest (feed_hash) WHERE feed_hash <> '';
CREATE TABLE digest_told (
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    stands INTEGER NOT NULL,               -- 1: the mail names it; 0: another of its campaign stands for it
    PRIMARY KEY (user_id, mention_id)
) WITHOUT ROWID;
CREATE INDEX digest_told_mention ON digest_told (mention_id);
CREATE TABLE deed_link (
    token_hash TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    deed TEXT NOT NULL,
    mail TEXT NOT NULL,
    expires INTEGER NOT NULL,
    used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX deed_link_user ON deed_link (user_id, mail);
CREATE INDEX deed_link_mention ON deed_link (mention_id);
)sql",
    R"sql(
-- How long what comes from a host has been listed.
CREATE INDEX mention_host_listed ON mention (host, listed) WHERE state = 'published' AND verified IS NOT NULL;
)sql",
    R"sql(
-- Who tried in vain to sign in: a row for each network, name and hour, so that strangers neither fill the activity nor push anything out of
-- it.
CREATE TABLE failed_sign_in (
    id INTEGER PRIMARY KEY,
    hour INTEGER NOT NULL,
    network TEXT NOT NULL,
    subject TEXT NOT NULL,
    address TEXT NOT NULL,    -- of the last
    at INTEGER NOT NULL,      -- the last time
    times INTEGER NOT NULL,
    UNIQUE (hour, network, subject)
);
CREATE INDEX failed_sign_in_at ON failed_sign_in (at);
)sql",
    R"sql(
-- What is spam is kept for its time from when it became spam. Of some nobody had noted that: their time begins now.
UPDATE mention SET spam_since = strftime('%s', 'now') WHERE state = 'spam' AND spam_since = 0;
)sql",
    R"sql(
-- Whether its source took the link back, whatever state the mention is in.
ALTER TABLE mention ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
UPDATE mention SET withdrawn = 1 WHERE state = 'gone';

-- Decisions are taken back a part at a time: 1 where that is done. Of each mention the lesson of the last decision holds that stands;
-- what earlier ones taught had been added to it, and stays.
ALTER TABLE decided ADD COLUMN undone INTEGER NOT NULL DEFAULT 0;
UPDATE decided SET undone = 1 WHERE decision_id IN (SELECT id FROM decision WHERE undone_by <> '');
UPDATE decided SET lesson = '0' || char(10) WHERE undone = 0 AND lesson <> '' AND EXISTS (
    SELECT 1 FROM decided later WHERE later.mention_id = decided.mention_id AND later.decision_id > decided.decision_id AND later.undone = 0);
)sql",
    R"sql(
-- The indexes of the inbox have all that its filters ask for, so that only the rows of one page are read.
DROP INDEX mention_inbox;
CREATE INDEX mention_inbox ON mention (state, received, id, campaign, entry_id, host, origins)
    WHERE state = 'held' OR state = 'spam' OR state = 'gone' OR state = 'deleted';
DROP INDEX mention_listed;
CREATE INDEX mention_listed ON mention (listed, id, campaign, entry_id, host, origins) WHERE state = 'published';
DROP INDEX mention_campaign;
CREATE INDEX mention_campaign ON mention (campaign, state, id, entry_id, host, origins) WHERE campaign <> 0;
DROP INDEX ping_refused;
CREATE INDEX ping_refused ON ping (id, entry_id, origin, source) WHERE state = 'refused';
)sql",
};

Result<std::int64_t> version_of(Connection& connection)
{
    Query query = connection.query("PRAGMA user_version");
    std::int64_t const version = query.next() ? query.integer(0) : 0;
    TRY_DONE(query.finished());
    return version;
}

}  // namespace

Result<void> migrate(Connection& connection)
{
    TRY(std::int64_t version, version_of(connection));
    auto const newest = static_cast<std::int64_t>(migrations.size());
    if (version > newest)
        return failure(ErrorCode::Refused,
            fmt::format("the store has schema {} and this backtalk knows {}: use the newer backtalk that made it", version, newest));
    for (; version < newest; ++version)
        TRY_DONE(connection.execute(fmt::format(
            "BEGIN IMMEDIATE; {} PRAGMA user_version = {}; COMMIT", migrations[static_cast<std::size_t>(version)], version + 1)));
    return {};
}

}  // namespace backtalk::store
