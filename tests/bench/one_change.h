// SPDX-License-Identifier: Apache-2.0
#pragma once
// Observe, decide, append: what one change in one system costs the hub's processor.

#include <memory>

#include "hub/store/store.h"

namespace concordat::bench {

/// Two systems that hold the same people; somebody changes their mind in the first.
class ChangeBench {
 public:
    explicit ChangeBench(store::Store& store);
    ~ChangeBench();
    ChangeBench(const ChangeBench&) = delete;
    ChangeBench& operator=(const ChangeBench&) = delete;

    /// Microseconds of processor time of one change, without the commit; other people each time.
    double run();
    /// The same with the commits of that last run.
    double wholeUs() const { return wholeUs_; }
    /// Of one record that was never seen, in the first load of two systems, with the commits.
    double firstSightUs() const { return firstSightUs_; }

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    double wholeUs_ = 0;
    double firstSightUs_ = 0;
};

}  // namespace concordat::bench
