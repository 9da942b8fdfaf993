// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values as compact bytes and back: one list of fields serves both ways. Any byte is kept as it is.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "hub/consent/error.h"

namespace concordat::store {

/// Appends what it is given. Numbers are zigzag varints, texts have their length before them.
class Packer {
 public:
    Packer() { bytes_.reserve(kUsual); }
    template <class... T>
    void operator()(const T&... values) {
        (put(values), ...);
    }
    std::string take() { return std::move(bytes_); }

 private:
    void putNumber(std::int64_t number);
    void put(const std::string& text);
    template <class T>
    void put(const std::optional<T>& value);
    template <class T>
    void put(const std::vector<T>& values);
    template <class T>
    void put(const T& value);

    static constexpr std::size_t kUsual = 512;  ///< most rows are shorter

    std::string bytes_;
};

/// Reads in the same order. Throws StoreError when the bytes end early.
class Unpacker {
 public:
    explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
    template <class... T>
    void operator()(T&... values) {
        (get(values), ...);
    }
    bool atEnd() const { return rest_.empty(); }

 private:
    std::int64_t number();
    void get(std::string& text);
    template <class T>
    void get(std::optional<T>& value);
    template <class T>
    void get(std::vector<T>& values);
    template <class T>
    void get(T& value);

    std::string_view rest_;
};

template <class T>
constexpr bool kIsNumber = std::is_integral_v<T> || std::is_enum_v<T>;

template <class T>
void Packer::put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
}

template <class T>
void Packer::put(const std::vector<T>& values) {
    putNumber(static_cast<std::int64_t>(values.size()));
    for (const T& value : values) put(value);
}

template <class T>
void Packer::put(const T& value) {
    if constexpr (kIsNumber<T>) {
        putNumber(static_cast<std::int64_t>(value));
    } else {
        fields(*this, value);
    }
}

template <class T>
void Unpacker::get(std::optional<T>& value) {
    value.reset();
    if (number() != 0) get(value.emplace());
}

template <class T>
void Unpacker::get(std::vector<T>& values) {
    values.clear();
    for (std::int64_t left = number(); left > 0; --left) get(values.emplace_back());
}

template <class T>
void Unpacker::get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        value = number() != 0;
    } else if constexpr (kIsNumber<T>) {
        value = static_cast<T>(number());
    } else {
        fields(*this, value);
    }
}

}  // namespace concordat::store
