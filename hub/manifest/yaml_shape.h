// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fills a described value from a YAML tree, and says of each member what is wrong with it.

#include "hub/manifest/codes.h"
#include "hub/manifest/document.h"

namespace concordat::manifest {

/// What all elements of one file share while it is read.
struct Reading {
    std::string file;
    std::uint32_t fileNumber = 0;
    const CodeBook& codes;
    std::vector<Problem>& problems;
};

class YamlShape final : public Shape {
 public:
    YamlShape(Reading& reading, const Node& node);

    void position(Position& at) override;
    void shorthand(const char* key) override;
    void foreign(const char* key, const char* schema) override;
    void text(const char* key, std::string& value, unsigned traits, Codes codes) override;
    void stated(const char* key, Text& value, unsigned traits, Codes codes) override;
    void texts(const char* key,
               std::vector<std::string>& values,
               unsigned traits,
               Codes codes) override;
    void date(const char* key, Date& value, unsigned traits) override;
    void duration(const char* key, Duration& value, unsigned traits) override;
    void flag(const char* key, Flag& value, unsigned traits) override;
    void number(const char* key, Number& value, unsigned traits) override;
    void localised(const char* key, Localised& value, unsigned traits) override;
    void names(const char* key,
               std::map<std::string, std::string>& values,
               unsigned traits) override;
    void choice(const char* key, const Words& words, Choice& value, unsigned traits) override;
    void choices(const char* key,
                 const Words& words,
                 std::vector<std::size_t>& values,
                 unsigned traits) override;
    void items(const char* key, Items& items, unsigned traits) override;
    void part(const char* key, Part& part, unsigned traits) override;

    /// Refuses the members nobody named, with the nearest known one.
    void finish();

 private:
    const Node* take(const char* key, unsigned traits);
    void wrong(const Node& node, const std::string& message);
    void mustBe(const Node& node, const char* key, const std::string& wanted);
    Position positionOf(const Node& node) const;
    template <typename T>
    const Node* known(const char* key, Stated<T>& value, unsigned traits);

    Reading& reading_;
    const Node* node_;
    Node single_;  ///< the map made of a shorthand
    std::vector<const char*> known_;
};

}  // namespace concordat::manifest
