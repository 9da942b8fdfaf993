// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace concordat::store {

/// The store cannot do what it was asked; `what()` is one sentence for the user: what, where, what
/// to do.
class StoreError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace concordat::store
