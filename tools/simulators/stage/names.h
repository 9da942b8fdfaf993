// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::simulators {

/// A name and how it is written in an e-mail address.
struct Name {
    std::string_view text;
    std::string_view ascii;
};

struct NameParts {
    std::string_view first, firstAscii, last, lastAscii;
};

struct Town {
    std::string_view name;
    std::string_view postcode;
};

/// What the generated people of one country draw from.
struct CountryFacts {
    std::string code, language, dialCode, legalForm;
    std::vector<Name> first, last;
    std::vector<Town> towns;
};

enum class Country { france, italy, germany };

extern const std::array<CountryFacts, 3> kCountries;  ///< indexed by Country
extern const std::vector<std::string_view> kCompanyWords;
extern const std::vector<std::string_view> kHostWords;
extern const std::vector<std::string_view> kFreeHosts;
extern const std::vector<Name> kIdnDomains;

}  // namespace concordat::simulators
