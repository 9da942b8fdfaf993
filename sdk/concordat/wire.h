// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writing and reading the messages by their field lists. For json.cpp and for the hub's fast
// reader; others include json.h.

#include <array>
#include <charconv>
#include <concepts>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sdk/concordat/fields.h"
#include "sdk/concordat/json.h"

namespace concordat::sdk::wire {

/// Appends `text` in quotes. Throws MessageError if it is not UTF-8.
void appendQuoted(std::string& out, std::string_view text);

/// Checks that `json` is one JSON value and appends it without white space.
void appendJson(std::string& out, std::string_view json);

/// Writes messages as JSON without building a tree. Empty, absent and default members are left out.
class Writer {
 public:
    explicit Writer(std::vector<std::string_view>* bodies) : bodies_(bodies) {}

    std::string takeText() { return std::move(text_); }

    template <class T>
    void object(const T& message) {
        [[maybe_unused]] static const T kDefault{};
        text_ += '{';
        bool first = true;
        std::apply([&](const auto&... each) { (member(first, message, kDefault, each), ...); },
                   Fields<T>::list);
        text_ += '}';
    }

 private:
    template <class T, class M>
    void member(bool& first, const T& message, const T& standard, const Field<T, M>& which) {
        const M& held = message.*which.member;
        if (isLeftOut(held, standard.*which.member)) return;
        key(first, which.name);
        value(held);
    }
    template <class T>
    void member(bool& first, const T& message, const T& standard, const JsonField<T>& which) {
        if (message.*which.member == standard.*which.member) return;
        key(first, which.name);
        appendJson(text_, message.*which.member);
    }
    template <class T>
    void member(bool& first, const T& message, const T&, const BodyField<T>& which) {
        const std::string& body = message.*which.member;
        if (body.empty()) return;
        key(first, bodies_ ? which.name : "body");
        if (!bodies_) return value(body);
        value(static_cast<std::uint64_t>(bodies_->size()));
        bodies_->push_back(body);
    }

    template <class M>
    static bool isLeftOut(const M& held, const M& standard) {
        if constexpr (std::is_enum_v<M>)
            return false;
        else if constexpr (std::is_arithmetic_v<M> || std::same_as<M, std::string>)
            return held == standard;
        else if constexpr (requires { held.has_value(); })
            return !held.has_value();
        else if constexpr (requires { held.empty(); })
            return held.empty();
        else
            return false;
    }

    void key(bool& first, std::string_view name) {
        if (!first) text_ += ',';
        first = false;
        text_ += '"';
        text_ += name;
        text_ += "\":";
    }

    void value(bool held) { text_ += held ? "true" : "false"; }
    void value(const std::string& held) { appendQuoted(text_, held); }
    template <class M>
    requires std::is_enum_v<M>
    void value(M held) {
        text_ += '"';
        text_ += Names<M>::list[static_cast<std::size_t>(held)];
        text_ += '"';
    }
    template <class M>
    requires(std::is_arithmetic_v<M> && !std::same_as<M, bool>) void value(M held) {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), held).ptr;
        text_.append(digits.data(), end);
    }
    template <class M>
    void value(const std::optional<M>& held) {
        value(*held);
    }
    template <class M>
    void value(const std::vector<M>& held) {
        text_ += '[';
        for (const auto& each : held) {
            if (&each != &held.front()) text_ += ',';
            value(each);
        }
        text_ += ']';
    }
    template <class M>
    void value(const std::map<std::string, M>& held) {
        text_ += '{';
        for (bool first = true; const auto& [name, each] : held) {
            if (!first) text_ += ',';
            first = false;
            appendQuoted(text_, name);
            text_ += ':';
            value(each);
        }
        text_ += '}';
    }
    template <class M>
    requires requires { Fields<M>::list; }
    void value(const M& held) { object(held); }

    std::string text_;
    std::vector<std::string_view>* bodies_;
};

/// Reads messages from a JSON tree. `Source` is one value of the tree; see json.cpp for what it
/// offers. Unknown fields are ignored, absent and null ones keep their default. Throws MessageError
/// that names the field.
template <class Source>
class Reader {
 public:
    Reader(const std::vector<std::string_view>* bodies, std::size_t objectLimit)
        : bodies_(bodies), objectsLeft_(objectLimit) {}

    template <class T>
    void object(const Source& source, T& message) {
        if (objectsLeft_ == 0) fail("there are too many values in the message");
        --objectsLeft_;
        if (!source.isObject()) fail("an object is expected");
        source.eachMember([&](std::string_view name, const Source& each) {
            if (each.isNull()) return;
            const auto any = [&](const auto&... which) {
                return (false || ... || tryMember(name, each, message, which));
            };
            std::apply(any, Fields<T>::list);
        });
    }

 private:
    template <class T, class Which>
    bool tryMember(std::string_view name, const Source& source, T& message, const Which& which) {
        if (name != which.name && !(isBody(which) && name == "body")) return false;
        path_.emplace_back(which.name);
        member(source, message, which);
        path_.pop_back();
        return true;
    }
    template <class T>
    static constexpr bool isBody(const BodyField<T>&) {
        return true;
    }
    template <class Which>
    static constexpr bool isBody(const Which&) {
        return false;
    }

    template <class T, class M>
    void member(const Source& source, T& message, const Field<T, M>& which) {
        value(source, message.*which.member);
    }
    template <class T>
    void member(const Source& source, T& message, const JsonField<T>& which) {
        message.*which.member = source.json();
    }
    template <class T>
    void member(const Source& source, T& message, const BodyField<T>& which) {
        std::string& body = message.*which.member;
        if (!bodies_) return value(source, body);
        std::uint64_t index = 0;
        value(source, index);
        if (index >= bodies_->size()) fail("there is no attachment of this number");
        body = (*bodies_)[index];
    }

    void value(const Source& source, bool& held) {
        if (!source.read(held)) fail("true or false is expected");
    }
    void value(const Source& source, std::string& held) {
        if (!source.read(held)) fail("a text is expected");
    }
    void value(const Source& source, std::int64_t& held) {
        if (!source.read(held)) fail("a whole number is expected");
    }
    void value(const Source& source, std::uint64_t& held) {
        if (!source.read(held)) fail("a whole number from 0 is expected");
    }
    void value(const Source& source, double& held) {
        if (!source.read(held)) fail("a number is expected");
    }
    void value(const Source& source, int& held) {
        std::int64_t wide = 0;
        value(source, wide);
        held = static_cast<int>(wide);
        if (held != wide) fail("the number is too large");
    }
    template <class M>
    requires std::is_enum_v<M>
    void value(const Source& source, M& held) {
        std::string name;
        value(source, name);
        for (std::size_t i = 0; i < std::size(Names<M>::list); ++i) {
            if (name != Names<M>::list[i]) continue;
            held = static_cast<M>(i);
            return;
        }
        fail("the value is not one of those the protocol knows");
    }
    template <class M>
    void value(const Source& source, std::optional<M>& held) {
        value(source, held.emplace());
    }
    template <class M>
    void value(const Source& source, std::vector<M>& held) {
        if (!source.isArray()) fail("a list is expected");
        held.clear();
        source.eachElement([&](const Source& each) {
            if (objectsLeft_ == 0) fail("there are too many values in the message");
            --objectsLeft_;
            value(each, held.emplace_back());
        });
    }
    template <class M>
    void value(const Source& source, std::map<std::string, M>& held) {
        if (!source.isObject()) fail("an object is expected");
        source.eachMember([&](std::string_view name, const Source& each) {
            value(each, held[std::string(name)]);
        });
    }
    template <class M>
    requires requires { Fields<M>::list; }
    void value(const Source& source, M& held) { object(source, held); }

    [[noreturn]] void fail(const char* reason) const {
        std::string where = "the message";
        for (const auto& step : path_)
            where += (&step == &path_.front() ? ", field " : ".") + std::string(step);
        throw MessageError(where + ": " + reason);
    }

    const std::vector<std::string_view>* bodies_;
    std::size_t objectsLeft_;
    std::vector<std::string_view> path_;
};

}  // namespace concordat::sdk::wire
