#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/options.h"
#include "cli/settings_file.h"
#include "markup/charset.h"

namespace backtalk::cli {

namespace {

constexpr char const* about =
    "Backtalk is a weblog server whose comment section is the open web: you write on your site, others write on theirs,\n"
    "and when one links to the other, both sides know.\n\n"
    "A first weblog:\n"
    "  backtalk init myblog --url http://127.0.0.1:8080/ --title \"My weblog\"\n"
    "  backtalk -C myblog entry add hello.md\n"
    "  backtalk -C myblog serve";

/// CLI11 reads "-3" as a very large number where no sign is allowed.
std::string digits_only(std::string const& text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos ? std::string() : text + " is no number from 0 on";
}

/// Builds the tree of commands; each leaf notes itself in `options.command` when it is the one.
class CommandLine {
public:
    CommandLine() : app_(about, "backtalk")
    {
        app_.require_subcommand(1);
        app_.fallthrough();
        app_.set_help_flag("-h,--help", "Explain a command and end");
        app_.set_version_flag("--version", "backtalk 0.1.0");
        app_.add_option("-C", options_.home, "The weblog's home, where backtalk.toml is (default: the current folder)")->type_name("DIR");
        app_.add_flag("--json", options_.json, "Print JSON: one object, or one a line for lists");
        app_.add_flag("--quiet", options_.quiet, "Say nothing but errors and what was asked for");
        add_home_commands();
        add_site_commands();
        add_entry_commands();
        add_mention_commands();
        add_sending_commands();
        add_hooks_commands();
        add_import_commands();
        add_user_commands();
        add_judge_command();
    }

    Parsed parse(std::vector<std::string> arguments)
    {
        Parsed parsed;
        std::reverse(arguments.begin(), arguments.end());
        try {
            app_.parse(std::move(arguments));
            parsed.options = options_;
        } catch (CLI::CallForHelp const&) {
            parsed.text = deepest()->help();
        } catch (CLI::CallForAllHelp const&) {
            parsed.text = app_.help("", CLI::AppFormatMode::All);
        } catch (CLI::CallForVersion const& version) {
            parsed.text = std::string(version.what()) + "\n";
        } catch (CLI::ParseError const& error) {
            std::string name = deepest()->get_name();
            for (CLI::App const* app = deepest()->get_parent(); app; app = app->get_parent())
                name = fmt::format("{} {}", app->get_name(), name);
            // "A subcommand is required" would not say which word was not understood.
            std::vector<std::string> const rest = app_.remaining(true);
            bool const unknown = dynamic_cast<CLI::RequiredError const*>(&error) && !rest.empty() && !rest.front().starts_with('-');
            parsed.text = unknown ? fmt::format("backtalk: there is no command '{}': see {} --help\n", rest.front(), name)
                                  : fmt::format("backtalk: {}: see {} --help\n", error.what(), name);
            parsed.status = 2;
        }
        return parsed;
    }

private:
    CLI::App* deepest()
    {
        CLI::App* app = &app_;
        while (!app->get_subcommands().empty())
            app = app->get_subcommands().front();
        return app;
    }

    CLI::App* leaf(CLI::App* parent, std::string const& name, std::string const& text)
    {
        CLI::App* const command = parent->add_subcommand(name, text);
        std::string const full = parent == &app_ ? name : parent->get_name() + " " + name;
        command->callback([this, full] { options_.command = full; });
        command->fallthrough();
        return command;
    }
    CLI::App* group(std::string const& name, std::string const& text)
    {
        CLI::App* const command = app_.add_subcommand(name, text);
        command->require_subcommand(1);
        command->fallthrough();
        return command;
    }
    void site_option(CLI::App* command)
    {
        command->add_option("--site", options_.site, "The base URL of the site (needed only if the home has several)")->type_name("URL");
    }
    void limit_option(CLI::App* command)
    {
        command->add_option("--limit", options_.limit, "Print at most that many, the newest")
            ->type_name("N")
            ->check(CLI::Validator(digits_only, ""));
    }
    void entry_option(CLI::App* command) { command->add_option("--entry", options_.entry, "Only those of this entry")->type_name("ID"); }
    void ids(CLI::App* command) { command->add_option("id", options_.ids, "Their numbers")->required()->type_name("ID"); }
    void id(CLI::App* command)
    {
        command->add_option_function<std::int64_t>(
                   "id", [this](std::int64_t number) { options_.ids = {number}; }, "Its number")
            ->required()
            ->type_name("ID");
    }
    /// The one word without an option that a command takes.
    void word(CLI::App* command, std::string const& name, std::string const& text, std::string const& type)
    {
        command->add_option_function<std::string>(
                   name, [this](std::string const& value) { options_.words = {value}; }, text)
            ->required()
            ->type_name(type);
    }

    void add_home_commands()
    {
        CLI::App* command = leaf(&app_, "init", "Make a home for a weblog: backtalk.toml, the store, media/ and themes/");
        word(command, "dir", "The folder; it is made if need be", "DIR");
        command->add_option("--url", options_.url, "Where the weblog will be: https://blog.example/")->required()->type_name("URL");
        command->add_option("--title", options_.title, "Its title")->type_name("TEXT");
        command->add_option("--author", options_.author, "Who writes it")->type_name("NAME");
        command->add_flag("--external", options_.external, "Something else renders the site; Backtalk receives and sends its mentions");

        command = leaf(&app_, "serve", "Serve all sites of the home, check pings and send them, until SIGTERM or Ctrl-C");
        command->add_option("--listen", options_.listen, "Address and port, port 0 for any free one; may be given several times")
            ->type_name("ADDR:PORT");
        command->footer("\nSettings come from backtalk.toml; SIGHUP reads it again.\n\n" + settings_help());

        command = leaf(&app_, "demo", "Run two weblogs on this machine that find and mention each other");
        command->add_option("--listen", options_.listen, "Address and port of the first; the second takes the next port")
            ->expected(1)
            ->type_name("ADDR:PORT");
    }

    void add_site_commands()
    {
        CLI::App* const site = group("site", "The sites of this home");
        auto const common = [this](CLI::App* command) {
            command->add_option("--title", options_.title, "Title")->type_name("TEXT");
            command->add_option("--description", options_.description, "A line under the title")->type_name("TEXT");
            command->add_option("--author", options_.author, "Author of entries that name none")->type_name("NAME");
            command->add_option("--language", options_.language, "Language tag, such as en or pt-BR")->type_name("TAG");
            command->add_option("--time-zone", options_.time_zone, "IANA name, such as Europe/Berlin: for dates that name no zone")
                ->type_name("ZONE");
            command->add_option("--permalink", options_.permalink, "Pattern of permalinks; default {year}/{month}/{slug}/")
                ->type_name("PATTERN");
            command->add_option("--feed", options_.feed, "Of an external site: its feed or sitemap, read for new entries; \"\" for none")
                ->type_name("URL");
            command->add_option("--feed-minutes", options_.feed_minutes, "How often it is read, 1 to 10080; 0: never; default 60")
                ->type_name("N")
                ->check(CLI::Range(0, 10080));
            command
                ->add_option(
                    "--api-token", options_.api_token, "For asking /api/mentions about the whole site; new: makes one, none: takes it away")
                ->type_name("TOKEN");
            command
                ->add_option("--hook-url", options_.hook_url, "Is told of each change of a mention, see hooks --help; none: takes it away")
                ->type_name("URL");
            command
                ->add_option("--hook-secret", options_.hook_secret,
                    "Signs what it is told; new: makes another, printed once. The first comes by itself")
                ->type_name("SECRET");
        };
        CLI::App* command = leaf(site, "add", "Add a site");
        command->add_option("url", options_.url, "Its base URL")->required()->type_name("URL");
        command->add_flag("--external", options_.external, "Something else renders it; Backtalk receives and sends its mentions");
        common(command);
        leaf(site, "list", "List the sites");
        command = leaf(site, "set", "Change a site");
        command->add_option("url", options_.url, "Its base URL")->required()->type_name("URL");
        common(command);
        command = leaf(site, "read", "Read the feed of an external site now, and announce what is new");
        command->add_option("url", options_.url, "Its base URL")->required()->type_name("URL");
        command = leaf(site, "remove", "Remove a site with all its entries and mentions");
        command->add_option("url", options_.url, "Its base URL")->required()->type_name("URL");
    }

    void add_entry_commands()
    {
        CLI::App* const entry = group("entry", "Write, change and list entries");
        CLI::App* command = leaf(entry, "add", "Publish entries from files; prints their permalinks");
        site_option(command);
        command->add_flag("--draft", options_.draft, "Keep them as drafts");
        command->add_option("file", options_.words, "Markdown (.md) or HTML (.html) with front matter; - for Markdown on standard input")
            ->required()
            ->type_name("FILE");
        command->footer("\nFront matter (YAML between --- lines or TOML between +++ lines) may give:\n"
                        "  title date slug categories tags status excerpt author id trackback_id permalink trackbacks in-reply-to");
        command = leaf(entry, "list", "List entries, newest first");
        site_option(command);
        command
            ->add_option("--state", options_.state,
                "Only those with this status: draft scheduled published unlisted deleted; of external sites default published")
            ->type_name("STATUS")
            ->check(CLI::IsMember({"draft", "scheduled", "published", "unlisted", "deleted"}));
        limit_option(command);
        id(leaf(entry, "show", "Show an entry as the file it could come from"));
        command = leaf(entry, "edit", "Replace an entry's text by a file; its addresses stay");
        id(command);
        word(command, "file", "As for entry add", "FILE");
        id(leaf(entry, "publish", "Publish a draft"));
        id(leaf(entry, "delete", "Delete an entry; its addresses answer 410 from then on"));
    }

    void add_mention_commands()
    {
        CLI::App* const mentions = group("mentions", "The inbox: what other sites say of yours");
        CLI::App* command = leaf(mentions, "list", "List mentions, newest first");
        command->add_option("--state", options_.state, "Only those in this state: published held spam gone deleted")
            ->type_name("STATE")
            ->check(CLI::IsMember({"published", "held", "spam", "gone", "deleted"}));
        site_option(command);
        entry_option(command);
        limit_option(command);
        id(leaf(mentions, "show", "Show a mention and the pings that announced it"));
        ids(leaf(mentions, "approve", "Publish mentions; their hosts count as known"));
        ids(leaf(mentions, "reject", "Take mentions off the page"));
        ids(leaf(mentions, "spam", "Mark mentions as spam"));
        ids(leaf(mentions, "delete", "Delete mentions"));
        ids(leaf(mentions, "recheck", "Fetch their sources again"));

        CLI::App* const pings = group("pings", "What was claimed, by whom, when, and what became of it");
        command = leaf(pings, "list", "List pings, newest first");
        command->add_option("--state", options_.state, "Only those in this state: queued verified refused")
            ->type_name("STATE")
            ->check(CLI::IsMember({"queued", "verified", "refused"}));
        entry_option(command);
        limit_option(command);
        id(leaf(pings, "show", "Show a ping"));
    }

    void add_sending_commands()
    {
        CLI::App* const sent = group("sent", "What your entries told other sites");
        CLI::App* command = leaf(sent, "list", "List targets, answers and next tries");
        entry_option(command);
        ids(leaf(sent, "retry", "Tell them again now"));
        command = leaf(&app_, "send", "Find the links of a page and send a mention for each");
        command->add_option("url", options_.url, "The page; an entry's permalink, or any page of yours")->required()->type_name("URL");
        command
            ->add_option("--protocol", options_.protocol,
                "Only by this one: webmention, pingback or trackback (default: the best that each target offers)")
            ->check(CLI::IsMember({"webmention", "pingback", "trackback"}))
            ->type_name("P");
        command = leaf(&app_, "discover", "Show the endpoints that a page offers, and which one would be used");
        command->add_option("url", options_.url, "The page")->required()->type_name("URL");
    }

    void add_hooks_commands()
    {
        CLI::App* const hooks = group("hooks", "What the receiver of your web hook was told, and what waits to be told");
        hooks->footer("\nEach time a mention comes to be shown, changes, or is taken away, Backtalk POSTs JSON to the site's --hook-url:\n"
                      "  {\"secret\", \"source\", \"target\", \"private\": false, \"post\": {a mention as /api/mentions.jf2 has it}}\n"
                      "  {\"secret\", \"source\", \"target\", \"private\": false, \"deleted\": true}\n"
                      "  X-Backtalk-Event: published, updated, deleted, or test\n"
                      "  X-Backtalk-Delivery: a name, the same when it is sent again\n"
                      "  X-Backtalk-Signature: sha256= and the HMAC-SHA256 of the body by your secret, in hexadecimal digits\n"
                      "Any 2xx is a yes. All else is tried again, in order, for a day; 400, 410, 413, 415 and 422 are a no.\n\n"
                      "  backtalk site set https://blog.example/ --hook-url https://build.example/mentions\n"
                      "  backtalk hooks test --site https://blog.example/");
        CLI::App* command = leaf(hooks, "list", "List what was told and what waits, newest first");
        command->add_option("--site", options_.site, "Only those of this site")->type_name("URL");
        command->add_option("--state", options_.state, "Only those in this state: waiting delivered failed replaced")
            ->type_name("STATE")
            ->check(CLI::IsMember({"waiting", "delivered", "failed", "replaced"}));
        limit_option(command);
        command->footer("\nreplaced: a newer change of the same mention came before this one was delivered, and was told instead.\n"
                        "What ended is forgotten after 30 days.");
        ids(leaf(hooks, "retry", "Tell them again now, and whatever waits before them"));
        command = leaf(hooks, "test", "Send a made-up mention now, as event \"test\", and say what came back");
        site_option(command);
    }

    void add_judge_command()
    {
        CLI::App* const command = leaf(&app_, "judge", "Score pings from files, as they would be judged when they come in");
        command->add_option("file", options_.words, "JSON lines, a ping each; - for standard input")->required()->type_name("FILE");
        command
            ->add_option(
                "--site", options_.site, "With what the owner of this site has taught; without it, with what everybody starts from")
            ->type_name("URL");
        command->add_option("--strictness", options_.strictness, "strict, balanced or open")
            ->check(CLI::IsMember({"strict", "balanced", "open"}))
            ->type_name("WORD");
        command->add_flag(
            "--no-link-check", options_.no_link_check, "Judge by what they say alone, as if their sources had not been fetched");
        command->add_option("--decisions", options_.decisions, "Let an owner decide the first N that have a label; score the rest")
            ->type_name("N")
            ->check(CLI::Validator(digits_only, ""));
        command->add_flag("--held-back", options_.held_back, "Only the third that no training has seen");
        command->add_option("--train", options_.train, "Score nothing; train a prior from the other two thirds and write it here")
            ->type_name("PRIOR");
        command->footer("\nA line may have: title blog_name url excerpt (or text, of a comment) target_title target_url type ip time\n"
                        "source_links_back (default true), and label: spam or ham, others are shown but not counted.");
    }

    void add_import_commands()
    {
        CLI::App* const import = group("import", "Move an archive in");
        CLI::App* command = leaf(import, "movabletype", "A Movable Type or TypePad export file");
        word(command, "path", "The file", "PATH");
        site_option(command);
        command
            ->add_option(
                "--charset", options_.charset, "In which it is written, such as utf-8, windows-1252, shift_jis, euc-jp; default: found out")
            ->type_name("NAME")
            ->check(CLI::Validator(
                [](std::string const& name) {
                    return markup::Charset::named(name) ? std::string() : name + " is no charset that can be read";
                },
                ""));
        command
            ->add_option("--map", options_.map, "CSV with a header of key,entry_id,trackback_id,permalink; key is BASENAME, else the title")
            ->type_name("FILE");
        command->add_flag("--dry-run", options_.dry_run, "Say what would come in, change nothing");
        command->footer("\nRunning it twice changes nothing the second time. A report lists every line that was mended or left out.");
    }

    void add_user_commands()
    {
        auto const role = [] { return CLI::IsMember({"owner", "author", "moderator"}); };
        CLI::App* const user = group("user", "Who may sign in to the owner's pages");
        CLI::App* command = leaf(user, "add", "Add somebody; asks for the password");
        word(command, "name", "What they sign in as", "NAME");
        command->add_option("--role", options_.role, "owner, author or moderator; default: the first is owner, the others are authors")
            ->type_name("ROLE")
            ->check(role());
        command->add_flag("--password-stdin", options_.password_stdin, "Read the password from standard input");
        leaf(user, "list", "List them");
        command = leaf(user, "password", "Give somebody another password, and end all their sessions");
        word(command, "name", "Who", "NAME");
        command->add_flag("--password-stdin", options_.password_stdin, "Read the password from standard input");
        command->add_flag(
            "--remove-tokens", options_.remove_tokens, "Remove their tokens for programs and the feed of their digest as well");
        command = leaf(user, "role", "Give somebody another role");
        word(command, "name", "Who", "NAME");
        command->add_option("role", options_.role, "owner, author or moderator")->required()->type_name("ROLE")->check(role());
        word(leaf(user, "forget-factor", "Turn off somebody's second factor, for who has lost phone and recovery codes"), "name", "Who",
            "NAME");
        word(leaf(user, "remove", "Remove somebody, with their sessions and tokens"), "name", "Who", "NAME");

        CLI::App* const token = group("token", "What programs sign in with");
        command = leaf(token, "add", "Make a token; prints it, once");
        word(command, "name", "Whose it is", "NAME");
        command->add_option("--scopes", options_.scopes, "What it may do: read, moderate, write, several with commas")
            ->required()
            ->type_name("WORDS");
        command->add_option("--title", options_.title, "Which program has it")->type_name("TEXT");
        leaf(token, "list", "List them; what they are is not kept");
        id(leaf(token, "remove", "Remove a token"));
    }

    Options options_;
    CLI::App app_;
};

}  // namespace

Parsed parse_arguments(std::vector<std::string> const& arguments) { return CommandLine().parse(arguments); }

}  // namespace backtalk::cli
