// SPDX-License-Identifier: Apache-2.0
// What a message costs across the border of a process. Run by hand; compared by hand.
#include <iostream>

#include "tests/host/fakes.h"

using namespace concordat;
using namespace concordat::host;
using Clock = std::chrono::steady_clock;

namespace {

template <class Work>
void measure(const std::string& what, int times, const Work& work) {
    work();
    const auto begin = Clock::now();
    for (int i = 0; i < times; ++i) work();
    const std::chrono::duration<double, std::micro> took = Clock::now() - begin;
    std::cout << what << ": " << took.count() / times << " us\n";
}

void run(const std::string& where, host::Connector& connector) {
    const std::vector<sdk::ApplyItem> items(100, {.record = {"Contact", "0035g00000ABCDEFGH"},
                                                  .writes = {{.slot = "contact.email"}},
                                                  .creationKey = "",
                                                  .generation = 7});
    measure(where + " read of one record", 5000, [&] { connector.read({{"Contact", "1"}}, {}); });
    measure(where + " pull with one HTTP request", 2000,
            [&] { connector.pull({.cursor = "http"}, {}); });
    measure(where + " apply of 100 items", 500, [&] { connector.apply(items, {}); });
    measure(where + " page of 2000 observations", 50,
            [&] { connector.pull({.cursor = "page"}, {}); });
}

}  // namespace

int main() {
    const CacheFolder cache;
    FakeSurroundings world;
    const auto library = keepLibrary(HOSTILE, cache.path());
    run("isolated:", *isolatedConnector("crm", library, "{}", {world, world}, childOptions()));
    run("in-process:", *inProcessConnector("crm", library, "{}", {world, world}));
}
