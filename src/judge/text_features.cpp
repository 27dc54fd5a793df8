#include "judge/text_features.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "judge/words.h"

namespace backtalk::judge {

namespace {

/// Which place a feature is of, so that "blog" in a path is not "blog" in a text.
enum class Kind : char { Word = 'w', Pair = 'b', Part = 'c', Run = 'r', Name = 'n', HostPart = 'h', PathWord = 'p' };

class FeatureMaker {
public:
    void text(std::string_view text)
    {
        std::vector<Word> const words = words_of(text, feature_text_max);
        Word const* before = nullptr;
        for (Word const& word : words) {
            if (word.unspaced) {
                runs(word.letters);
                before = nullptr;
                continue;
            }
            spaced(word.letters);
            if (before)
                add(Kind::Pair, before->letters, word.letters);
            before = &word;
        }
    }
    void name(std::string_view text)
    {
        for (Word const& word : words_of(text, feature_text_max))
            add(Kind::Name, word.letters);
    }
    void host(std::string_view host)
    {
        for (Word const& word : words_of(host, feature_text_max)) {
            spaced(word.letters);
            parts(Kind::HostPart, word.letters, 3, 5);
        }
    }
    void path(std::string_view path)
    {
        for (Word const& word : words_of(path, feature_text_max))
            add(Kind::PathWord, word.letters);
    }
    Features finished()
    {
        std::ranges::sort(features_);
        auto const rest = std::ranges::unique(features_);
        features_.erase(rest.begin(), rest.end());
        return std::move(features_);
    }

private:
    void spaced(std::u32string const& letters)
    {
        add(Kind::Word, letters);
        parts(Kind::Part, letters, 4, 4);
    }

    void runs(std::u32string const& letters)
    {
        for (std::size_t size = 2; size <= 3; ++size)
            for (std::size_t i = 0; i + size <= letters.size(); ++i)
                add(Kind::Run, std::u32string_view(letters).substr(i, size));
    }

    /// Parts of a word, its ends marked.
    void parts(Kind kind, std::u32string const& letters, std::size_t least, std::size_t most)
    {
        std::u32string marked;
        marked += U'^';
        marked.append(letters, 0, 40);
        marked += U'$';
        for (std::size_t size = least; size <= most; ++size)
            for (std::size_t i = 0; i + size <= marked.size(); ++i)
                add(kind, std::u32string_view(marked).substr(i, size));
    }

    void add(Kind kind, std::u32string_view letters, std::u32string_view second = {})
    {
        auto const bytes = [](std::u32string_view text) {
            return std::string_view(reinterpret_cast<char const*>(text.data()), text.size() * sizeof(char32_t));
        };
        char const tag = static_cast<char>(kind);
        std::uint64_t hash = stable_hash(bytes(letters), stable_hash(std::string_view(&tag, 1)));
        if (!second.empty())
            hash = stable_hash(bytes(second), stable_hash(" ", hash));
        // FNV-1a leaves its lowest bits poorer than the others.
        features_.push_back(static_cast<std::uint32_t>((hash ^ (hash >> 32)) % feature_buckets));
    }

    Features features_;
};

}  // namespace

Features features_of(PingWords const& words)
{
    FeatureMaker maker;
    maker.text(words.title);
    maker.text(words.blog_name);
    maker.text(words.excerpt);
    maker.name(words.title);
    maker.name(words.blog_name);
    maker.host(words.host);
    maker.path(words.path);
    return maker.finished();
}

}  // namespace backtalk::judge
