// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/salesforce/rig.h"
#include "tools/simulators/salesforce/csv.h"
#include "tools/simulators/salesforce/ids.h"
#include "tools/simulators/salesforce/times.h"

using namespace concordat::simulators::salesforce;

TEST_CASE("ids carry the published checksum and are accepted with 15 characters") {
    CHECK(fullId("001D000000IqhSL") == "001D000000IqhSLIAZ");
    const auto id = makeId("003", 4711);
    CHECK(readId("003", id) == 4711);
    CHECK(readId("003", id.substr(0, 15)) == 4711);
    CHECK_FALSE(readId("00Q", id));
    CHECK_FALSE(fullId(id.substr(0, 17) + "9"));
    CHECK(makeId("003", 61) < makeId("003", 62));
}

TEST_CASE("times are given out in UTC without a colon and read with any offset") {
    const auto at = readTime("2026-03-01T10:11:12.345+01:00");
    REQUIRE(at);
    CHECK(showTime(*at) == "2026-03-01T09:11:12.345+0000");
    CHECK(readTime("2026-03-01T09:11:12.345+0000") == at);
    CHECK_FALSE(readTime("2026-03-01 09:11:12Z"));
    CHECK_FALSE(readTime("2026-02-30T09:11:12Z"));
    CHECK(showHttpTime(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(readHttpTime("Tue, 10 Mar 2026 00:00:00 GMT") == readTime("2026-03-10T00:00:00Z"));
}

TEST_CASE("CSV cells may hold delimiters, quotes and line ends") {
    const auto rows = readCsv("a,b\r\n\"x,\"\"y\"\"\", z\n\"1\n2\",\n", ',');
    REQUIRE(rows);
    CHECK(*rows == std::vector<CsvRow>{{"a", "b"}, {"x,\"y\"", " z"}, {"1\n2", ""}});
    CHECK_FALSE(readCsv("\"open", ','));
}
