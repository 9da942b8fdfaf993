// SPDX-License-Identifier: Apache-2.0
#pragma once
// Each kind of manifest is described once, by a function that names its members in turn. Who visits
// decides what comes of it: reading YAML, writing the JSON Schema, writing the canonical form.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/manifest/words.h"

namespace concordat::manifest {

/// Which list a code must be in.
enum class Codes : std::uint8_t {
    Any,
    Country,
    Organisation,
    Category,
    Purpose,
    Channel,
    Subject,
    Basis,
    Eprivacy,
    Art9,
    Mechanism,
    Measure,
    RecipientType,
    Criterion,
    Sector
};

/// What is special about a member.
enum Trait : unsigned {
    kPlain = 0,
    kNeed = 1,  ///< must be there
    kNote = 2   ///< recorded only: not in the canonical form, changes nothing that is signed (D11)
};

/// A choice among words, without its enumeration.
struct Choice {
    Saying saying = Saying::Absent;
    std::size_t index = 0;
    std::string why;
    Position at;
};

class Shape;

/// A list whose items have members.
class Items {
 public:
    virtual ~Items() = default;
    virtual std::size_t size() const = 0;
    virtual void add() = 0;
    virtual void describeItem(std::size_t index, Shape& shape) = 0;
};

/// A member that has members.
class Part {
 public:
    virtual ~Part() = default;
    virtual bool there() const = 0;
    virtual void make() = 0;
    virtual void describePart(Shape& shape) = 0;
};

class Shape {
 public:
    virtual ~Shape() = default;
    virtual void position(Position& at) = 0;
    /// The element may be written as the value of this member alone.
    virtual void shorthand(const char* key) = 0;
    /// A member that another reader looks after, with the schema it has.
    virtual void foreign(const char* key, const char* schema) = 0;
    virtual void text(const char* key,
                      std::string& value,
                      unsigned traits = kPlain,
                      Codes codes = Codes::Any) = 0;
    virtual void stated(const char* key,
                        Text& value,
                        unsigned traits = kPlain,
                        Codes codes = Codes::Any) = 0;
    virtual void texts(const char* key,
                       std::vector<std::string>& values,
                       unsigned traits = kPlain,
                       Codes codes = Codes::Any) = 0;
    virtual void date(const char* key, Date& value, unsigned traits = kPlain) = 0;
    virtual void duration(const char* key, Duration& value, unsigned traits = kPlain) = 0;
    virtual void flag(const char* key, Flag& value, unsigned traits = kPlain) = 0;
    virtual void number(const char* key, Number& value, unsigned traits = kPlain) = 0;
    virtual void localised(const char* key, Localised& value, unsigned traits = kPlain) = 0;
    virtual void names(const char* key,
                       std::map<std::string, std::string>& values,
                       unsigned traits = kPlain) = 0;
    virtual void choice(const char* key, const Words& words, Choice& value, unsigned traits) = 0;
    virtual void choices(const char* key,
                         const Words& words,
                         std::vector<std::size_t>& values,
                         unsigned traits) = 0;
    virtual void items(const char* key, Items& items, unsigned traits) = 0;
    virtual void part(const char* key, Part& part, unsigned traits) = 0;

    template <typename E>
    void word(const char* key, Stated<E>& value, unsigned traits = kPlain) {
        Choice one{value.saying, static_cast<std::size_t>(value.value), value.why, value.at};
        choice(key, wordsOf(E{}), one, traits);
        value = {static_cast<E>(one.index), one.saying, one.why, one.at};
    }
    template <typename E>
    void words(const char* key, std::vector<E>& values, unsigned traits = kPlain) {
        std::vector<std::size_t> indices;
        for (const E value : values) indices.push_back(static_cast<std::size_t>(value));
        choices(key, wordsOf(E{}), indices, traits);
        values.clear();
        for (const std::size_t index : indices) values.push_back(static_cast<E>(index));
    }
    template <typename T>
    void list(const char* key, std::vector<T>& values, unsigned traits = kPlain) {
        struct Of final : Items {
            explicit Of(std::vector<T>& list) : values(list) {}
            std::size_t size() const override { return values.size(); }
            void add() override { values.emplace_back(); }
            void describeItem(std::size_t index, Shape& shape) override {
                describe(shape, values[index]);
            }
            std::vector<T>& values;
        } of(values);
        items(key, of, traits);
    }
    template <typename T>
    void map(const char* key, std::optional<T>& value, unsigned traits = kPlain) {
        struct Of final : Part {
            explicit Of(std::optional<T>& held) : value(held) {}
            bool there() const override { return value.has_value(); }
            void make() override { value.emplace(); }
            void describePart(Shape& shape) override { describe(shape, *value); }
            std::optional<T>& value;
        } of(value);
        part(key, of, traits);
    }
    template <typename T>
    void always(const char* key, T& value, unsigned traits = kPlain) {
        struct Of final : Part {
            explicit Of(T& held) : value(held) {}
            bool there() const override { return true; }
            void make() override {}
            void describePart(Shape& shape) override { describe(shape, value); }
            T& value;
        } of(value);
        part(key, of, traits);
    }
};

}  // namespace concordat::manifest
