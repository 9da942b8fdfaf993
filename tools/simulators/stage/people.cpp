// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/people.h"

#include <array>

#include "tools/simulators/stage/http.h"
#include "tools/simulators/stage/names.h"

namespace concordat::simulators {
namespace {

std::uint64_t mix(std::uint64_t x) {  // splitmix64
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

std::uint64_t hashText(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return h;
}

/// Draws numbers for one person; each call gives the next.
class Dice {
 public:
    explicit Dice(std::uint64_t state) : state_(state) {}
    std::uint64_t next() { return state_ = mix(state_); }
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    bool percent(unsigned p) { return below(100) < p; }

 private:
    std::uint64_t state_;
};

std::string base36(std::uint64_t n) {
    std::string out;
    do {
        out += "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36];
        n /= 36;
    } while (n > 0);
    return out;
}

std::string digits(std::uint64_t n, std::size_t width) {
    std::string text = std::to_string(n);
    if (text.size() < width) text.insert(0, width - text.size(), '0');
    return text.substr(text.size() - width);
}

/// Groups the digits in twos, as people write them.
std::string grouped(const std::string& text, char separator) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && (text.size() - i) % 2 == 0) out += separator;
        out += text[i];
    }
    return out;
}

/// A national number without trunk prefix, e.g. "612345678" for France.
std::string subscriber(Country country, std::uint64_t world, bool mobile) {
    // An odd factor permutes the numbers, so that two people never share one by accident.
    const std::string seven = digits(world * 7654321ULL % 10000000ULL, 7);
    const std::string one = std::to_string(1 + world / 10000000ULL % 8);
    switch (country) {
        case Country::france:
            return mobile ? "6" + one + seven : "14" + seven;
        case Country::italy:
            return mobile ? "34" + one + seven : "02" + one + seven;
        case Country::germany:
            return mobile ? "151" + one + seven : "30" + one + seven;
    }
    return seven;
}

std::string writePhone(Country country, const std::string& number, std::uint64_t style) {
    const std::string& code = kCountries[static_cast<std::size_t>(country)].dialCode;
    const std::string trunk = country == Country::italy ? "" : "0";
    switch (style % 8) {
        case 0:
        case 1:
            return "+" + code + number;
        case 2:
            return "00" + code + number;
        case 3:
            return "+" + code + " " + grouped(number, ' ');
        case 4:
            return trunk + number;
        case 5:
            return grouped(trunk + number, '.');
        case 6:
            return "+" + code + " (" + (trunk.empty() ? "0" : trunk) + ")" + grouped(number, '-');
        default:
            return grouped(trunk + number, ' ');
    }
}

std::string writeEmail(std::string email, std::uint64_t style) {
    if (style % 100 < 88) return email;
    const auto at = email.find('@');
    if (style % 3 == 0) {  // all upper case, ASCII only
        for (char& c : email) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    } else if (style % 3 == 1) {
        email[0] = email[0] >= 'a' && email[0] <= 'z' ? static_cast<char>(email[0] - 32) : email[0];
    } else if (email[at + 1] >= 'a' && email[at + 1] <= 'z') {
        email[at + 1] = static_cast<char>(email[at + 1] - 32);
    }
    return email;
}

struct Address {
    std::string local;
    std::size_t domain = 0;  // index of kIdnDomains, when `idn`
    bool idn = false;
    std::string host;
};

/// The company of a person: about a dozen people share one.
std::uint64_t companyOf(std::uint64_t seed, std::uint64_t world) {
    return mix(seed ^ mix(world / 12 + 77));
}

std::string hostOf(std::uint64_t company) {
    return std::string(kHostWords[company % kHostWords.size()]) + "-" + base36(company % 1679616) +
           ".example";
}

Address addressOf(std::uint64_t seed, std::uint64_t world, const NameParts& name) {
    Dice dice(mix(seed ^ mix(world) ^ 0xE3A11ULL));
    Address address;
    const std::uint64_t company = companyOf(seed, world);
    address.host = hostOf(company);
    if (dice.percent(2)) {
        address.local = dice.percent(50) ? "info" : "contact";
        return address;
    }
    address.local = std::string(name.firstAscii) + (dice.percent(70) ? "." : "_") +
                    std::string(name.lastAscii) + base36(world);
    if (dice.percent(3)) address.local += "+crm";
    if (dice.percent(1)) {
        address.idn = true;
        address.domain = dice.below(kIdnDomains.size());
    } else if (dice.percent(30)) {
        address.host = kFreeHosts[dice.below(kFreeHosts.size())];
    }
    return address;
}

Country countryOf(std::uint64_t seed, std::uint64_t world) {
    const auto roll = mix(seed ^ mix(world / 12 + 13)) % 100;
    return roll < 45 ? Country::france : roll < 75 ? Country::italy : Country::germany;
}

NameParts nameOf(std::uint64_t seed, std::uint64_t world) {
    Dice dice(mix(seed ^ mix(world) ^ 0x4A3EULL));
    const auto& country = kCountries[static_cast<std::size_t>(countryOf(seed, world))];
    const auto& first = country.first[dice.below(country.first.size())];
    const auto& last = country.last[dice.below(country.last.size())];
    return {first.text, first.ascii, last.text, last.ascii};
}

/// A few percent of the rows repeat one of the twenty before them.
std::uint64_t originalOf(std::uint64_t seed, std::uint64_t world) {
    Dice dice(mix(seed ^ mix(world) ^ 0xD0B1EULL));
    if (world % 1000000007ULL < 20 || !dice.percent(3)) return world;
    return world - 1 - dice.below(19);
}

bool hasNoEmail(std::uint64_t seed, std::uint64_t world) {
    return mix(seed ^ mix(world) ^ 0x0E3A11ULL) % 100 < 4;
}

}  // namespace

World::World(std::uint64_t seed, std::uint64_t people, double overlap, std::string_view vendor)
    : seed_(mix(seed)),
      people_(people),
      shared_(static_cast<std::uint64_t>(static_cast<double>(people) * overlap)),
      offset_((1 + hashText(vendor) % 1000) * 1000000007ULL),
      writing_(hashText(vendor)) {}

std::uint64_t World::worldIndex(std::uint64_t i) const { return i < shared_ ? i : offset_ + i; }

std::uint64_t World::number(std::uint64_t i, std::string_view topic) const {
    return mix(seed_ ^ mix(worldIndex(i)) ^ hashText(topic));
}

bool World::chance(std::uint64_t i, std::string_view topic, unsigned percent) const {
    return number(i, topic) % 100 < percent;
}

std::string World::email(std::uint64_t i) const {
    const auto world = worldIndex(i);
    const auto original = originalOf(seed_, world);
    if (hasNoEmail(seed_, original)) return {};
    const auto address = addressOf(seed_, original, nameOf(seed_, original));
    const auto host = address.idn ? std::string(kIdnDomains[address.domain].text) : address.host;
    return writeEmail(address.local + "@" + host, mix(world ^ writing_));
}

Person World::person(std::uint64_t i) const {
    Person person;
    person.world = worldIndex(i);
    const auto original = originalOf(seed_, person.world);
    const auto name = nameOf(seed_, original);
    const auto country = countryOf(seed_, original);
    const auto& facts = kCountries[static_cast<std::size_t>(country)];
    const auto style = mix(person.world ^ writing_);
    person.first = name.first;
    person.last = name.last;
    person.email = email(i);
    person.emailAscii = person.email;
    if (const auto address = addressOf(seed_, original, name);
        address.idn && !person.email.empty()) {
        person.emailAscii = person.email.substr(0, person.email.find('@') + 1) +
                            std::string(kIdnDomains[address.domain].ascii);
    }
    Dice dice(mix(seed_ ^ mix(original) ^ 0xF0EULL));
    if (dice.percent(80)) {
        person.mobile = writePhone(country, subscriber(country, original, true), style >> 8);
    }
    if (dice.percent(45)) {
        person.landline = writePhone(country, subscriber(country, original, false), style >> 16);
    }
    const auto company = companyOf(seed_, original);
    person.company = std::string(kCompanyWords[company % kCompanyWords.size()]) + " " +
                     std::string(facts.last[company / 64 % facts.last.size()].text) + " " +
                     facts.legalForm;
    const auto& town = facts.towns[company / 4096 % facts.towns.size()];
    person.city = town.name;
    person.postcode = town.postcode;
    person.country = facts.code;
    person.language = facts.language;
    return person;
}

}  // namespace concordat::simulators
