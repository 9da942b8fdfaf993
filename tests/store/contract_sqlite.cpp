// SPDX-License-Identifier: Apache-2.0
#include <atomic>

#include "tests/store/contract.h"
#include "tests/store/scratch.h"
#include "tests/support/check.h"

CATCH_TRANSLATE_EXCEPTION(const concordat::Error& error) { return error.message(); }

namespace concordat::store {

namespace {

class SqliteUnderTest final : public StoreUnderTest {
 public:
    SqliteUnderTest() { reopen(); }
    Store& store() override { return *store_; }
    void reopen() override {
        store_.reset();
        auto options = scratch_.options();
        options.now = [this] { return now_.load(); };
        store_ = scratch_.open(options);
    }
    void setClock(EpochMs now) override { now_ = now; }

 private:
    Scratch scratch_;
    std::atomic<EpochMs> now_ = 1'000'000;
    std::unique_ptr<SqliteStore> store_;
};

}  // namespace

std::unique_ptr<StoreUnderTest> makeStore() { return std::make_unique<SqliteUnderTest>(); }

}  // namespace concordat::store
