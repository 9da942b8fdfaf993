// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/soql_words.h"

#include "tools/simulators/salesforce/org.h"

namespace concordat::simulators::salesforce {
namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

[[noreturn]] void malformed(const std::string& what) {
    throw ApiError(400, "MALFORMED_QUERY", what);
}

void appendUtf8(std::string& out, unsigned code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xE0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

class Cutter {
 public:
    explicit Cutter(std::string_view text) : text_(text) {}

    std::vector<Word> cut() {
        std::vector<Word> out;
        while (true) {
            while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != npos)
                ++at_;
            Word word;
            word.column = at_;
            if (at_ == text_.size()) return out.push_back(word), out;
            read(word);
            out.push_back(std::move(word));
        }
    }

 private:
    static constexpr auto npos = std::string_view::npos;

    void read(Word& word) {
        const char c = text_[at_];
        if (isLetter(c)) return readName(word);
        if (c == '\'') return readString(word);
        if (isDigit(c) ||
            ((c == '-' || c == '+') && at_ + 1 < text_.size() && isDigit(text_[at_ + 1]))) {
            return readNumber(word);
        }
        readMark(word);
    }

    void readName(Word& word) {
        word.kind = Word::Kind::name;
        while (at_ < text_.size() &&
               (isLetter(text_[at_]) || isDigit(text_[at_]) || text_[at_] == '.')) {
            word.text += text_[at_++];
        }
    }

    void readNumber(Word& word) {
        word.kind = Word::Kind::number;
        const auto from = at_++;
        while (at_ < text_.size() && (isLetter(text_[at_]) || isDigit(text_[at_]) ||
                                      std::string_view("-+:.").find(text_[at_]) != npos)) {
            ++at_;
        }
        word.text = text_.substr(from, at_ - from);
        if (word.text.find_first_of("-T:", 1) != std::string::npos) word.kind = Word::Kind::time;
    }

    void readMark(Word& word) {
        word.kind = Word::Kind::mark;
        for (const std::string_view mark : {"<=", ">=", "!=", "<>", "=", "<", ">", "(", ")", ","}) {
            if (text_.substr(at_, mark.size()) == mark) {
                word.text = mark;
                at_ += mark.size();
                return;
            }
        }
        malformed("unexpected token: '" + std::string(1, text_[at_]) + "'");
    }

    void readString(Word& word) {
        word.kind = Word::Kind::string;
        for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_) {
            if (text_[at_] == '\\') {
                readEscape(word);
            } else {
                word.text += text_[at_];
                word.raw += text_[at_];
            }
        }
        if (at_ == text_.size())
            malformed("line 1:" + std::to_string(at_) +
                      " no viable alternative at character '<EOF>'");
        ++at_;
        if (word.text.size() > 4000) malformed("a string literal is longer than 4000 characters");
    }

    void readEscape(Word& word) {
        static constexpr std::string_view kFrom = "nrtbf\"'\\";
        static constexpr std::string_view kTo = "\n\r\t\b\f\"'\\";
        const char c = ++at_ < text_.size() ? text_[at_] : '\0';
        if (const auto known = kFrom.find(c == 'N' || c == 'R' || c == 'T' || c == 'B' || c == 'F'
                                              ? static_cast<char>(c + 32)
                                              : c);
            c != '\0' && known != npos) {
            word.text += kTo[known];
            if (kTo[known] == '\\') word.raw += '\\';
            word.raw += kTo[known];
        } else if (c == '_' || c == '%') {
            word.text += c;
            word.raw += '\\';
            word.raw += c;
        } else if (c == 'u' && at_ + 4 < text_.size() &&
                   text_.substr(at_ + 1, 4).find_first_not_of("0123456789abcdefABCDEF") == npos) {
            const auto code = static_cast<unsigned>(
                std::stoul(std::string(text_.substr(at_ + 1, 4)), nullptr, 16));
            appendUtf8(word.text, code);
            appendUtf8(word.raw, code);
            at_ += 4;
        } else {
            malformed("Illegal string literal: invalid escape sequence");
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<Word> readWords(std::string_view text) { return Cutter(text).cut(); }

}  // namespace concordat::simulators::salesforce
