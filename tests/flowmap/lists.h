// SPDX-License-Identifier: Apache-2.0
#pragma once
// The shipped vocabularies, read once, and short ways to say known values.

#include "hub/manifest/vocabularies.h"

namespace concordat::flowmap::testing {

const manifest::Vocabularies& lists();
manifest::Day day(const char* text);
manifest::Date on(const char* text);
manifest::Text text(const char* value);

template <typename T>
manifest::Stated<T> known(T value) {
    manifest::Stated<T> stated;
    stated.value = value;
    stated.saying = manifest::Saying::Known;
    return stated;
}

}  // namespace concordat::flowmap::testing
