#include "web/sentence.h"

namespace backtalk::web {

std::string as_sentence(std::string_view reason)
{
    std::string sentence(reason);
    if (sentence.empty())
        return sentence;
    bool const is_word = sentence.find_first_of(".:") >= sentence.find(' ');
    if (is_word && sentence[0] >= 'a' && sentence[0] <= 'z')
        sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    if (sentence.back() != '.' && sentence.back() != '!' && sentence.back() != '?')
        sentence += '.';
    return sentence;
}

}  // namespace backtalk::web
