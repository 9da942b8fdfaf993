// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/value.h"

#include "tests/support/check.h"

using namespace concordat::manifest;

TEST_CASE("a day that does not exist is no day") {
    Day day;
    CHECK(dayFrom("2024-02-29", day));
    CHECK(toString(day) == "2024-02-29");
    for (const char* wrong : {"2025-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "25-04-01",
                              "2025-4-1", "2025-04-01T00", "unknown", ""})
        CHECK_FALSE(dayFrom(wrong, day));
}

TEST_CASE("a period is written as ISO 8601 writes it") {
    Period period;
    for (const char* text : {"P3Y", "P1Y6M", "P30D", "PT24H", "P1YT12H"}) {
        INFO(text);
        REQUIRE(periodFrom(text, period));
        CHECK(toString(period) == text);
    }
    REQUIRE(periodFrom("P2W", period));
    CHECK(period.days == 14);
    for (const char* wrong : {"3Y", "P", "PT", "P3", "P-3Y", "P3Y ", "PT5M", "P9999999999D", "p3y"})
        CHECK_FALSE(periodFrom(wrong, period));
}

TEST_CASE("periods of different units can be compared") {
    Period months;
    Period days;
    REQUIRE(periodFrom("P13M", months));
    REQUIRE(periodFrom("P400D", days));
    CHECK(months.approximateDays() < days.approximateDays());
}

TEST_CASE("a text that is missing in a language is shown in another") {
    const Localised text{"mail", "courriel", ""};
    CHECK(text.in("fr") == "courriel");
    CHECK(text.in("it") == "mail");
}
