// SPDX-License-Identifier: Apache-2.0
#pragma once
// The contract suite: contract_*.cpp hold one list of cases for every store. Another store adds a
// file that defines makeStore() and a test program of that file and the suite.

#include <functional>
#include <memory>

#include "hub/store/store.h"

namespace concordat::store {

/// A store that starts empty.
class StoreUnderTest {
 public:
    virtual ~StoreUnderTest() = default;
    virtual Store& store() = 0;
    /// Closes it and opens it again.
    virtual void reopen() = 0;
    /// What the store's clock says; it starts at 1,000,000.
    virtual void setClock(EpochMs now) = 0;

    template <class Work>
    auto write(const Work& work) {
        decltype(work(std::declval<Writer&>())) result{};
        store().write([&](Writer& writer) { result = work(writer); });
        return result;
    }
    template <class Work>
    auto read(const Work& work) {
        decltype(work(std::declval<Reader&>())) result{};
        store().read([&](Reader& reader) { result = work(reader); });
        return result;
    }
    std::string newSubject() {
        return write([](Writer& writer) { return writer.newSubject(1000); });
    }
};

std::unique_ptr<StoreUnderTest> makeStore();

}  // namespace concordat::store
