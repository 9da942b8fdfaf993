// SPDX-License-Identifier: Apache-2.0
#include "hub/store/id_maker.h"

#include "tests/support/check.h"

using namespace concordat::store;

TEST_CASE("a ULID begins with its time and the next one is greater, whatever the clock does") {
    IdMaker ids;
    const auto first = ids.next(1'469'918'176'385);
    CHECK(first.substr(0, 10) == "01ARYZ6S41");
    std::string last = first;
    for (const std::int64_t now : {1'469'918'176'385, 5L, 1'469'918'176'386, 0L, -3L}) {
        const auto id = ids.next(now);
        CHECK(id > last);
        CHECK(id.size() == 26);
        last = id;
    }
}

TEST_CASE("an id whose random part is full carries into its time") {
    IdMaker ids("01ARYZ6S41ZZZZZZZZZZZZZZZZ");
    CHECK(ids.next(0) == "01ARYZ6S420000000000000000");
}

TEST_CASE("ids go on above one that came from elsewhere, if it is a ULID") {
    IdMaker ids;
    ids.notBelow("7ZZZZZZZZZ0000000000000000");
    CHECK(ids.next(5) == "7ZZZZZZZZZ0000000000000001");
    ids.notBelow("zzz");
    ids.notBelow("0000000000000000000000000!");
    CHECK(ids.next(5) == "7ZZZZZZZZZ0000000000000002");
    CHECK(firstIdAt(1'469'918'176'385) == "01ARYZ6S410000000000000000");
}
