// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace concordat::simulators {

/// One made-up person as one vendor has them on file. The same world index gives the same person
/// in every vendor; only the writing of phones and the casing of e-mails may differ.
struct Person {
    std::uint64_t world = 0;  ///< identity of the row across vendors
    std::string first;        ///< eg: "Chloé", "Jean-Baptiste"
    std::string last;         ///< eg: "D'Angelo", "Müller-Lüdenscheidt"
    std::string email;        ///< may be "", oddly cased, plus-addressed, or a shared role mailbox
    std::string emailAscii;   ///< the same with an IDN domain in its xn-- form
    std::string mobile;       ///< national or international writing, may be ""
    std::string landline;     ///< same, may be ""
    std::string company;
    std::string city;
    std::string postcode;
    std::string country;   ///< ISO code: "FR", "IT", "DE"
    std::string language;  ///< "fr", "it", "de"
};

/// The people of one vendor. Person 0 … overlap*people-1 are shared by all vendors with the same
/// seed and number; the rest exist in this vendor only. Nothing is stored: each call computes its
/// person (about a microsecond). [any]
class World {
 public:
    World(std::uint64_t seed, std::uint64_t people, double overlap, std::string_view vendor);

    std::uint64_t size() const { return people_; }
    /// World index of the vendor's i-th person.
    std::uint64_t worldIndex(std::uint64_t i) const;
    /// The vendor's i-th person. A few percent repeat an earlier person in another writing, a few
    /// have no e-mail, a few share a role mailbox of their company.
    Person person(std::uint64_t i) const;
    /// Only the e-mail of person(i), cheaper.
    std::string email(std::uint64_t i) const;
    /// A stable coin: true for about `percent` of the people, the same at every call and vendor.
    bool chance(std::uint64_t i, std::string_view topic, unsigned percent) const;
    /// A stable number for person i and a topic, evenly spread over 64 bits.
    std::uint64_t number(std::uint64_t i, std::string_view topic) const;

 private:
    std::uint64_t seed_;
    std::uint64_t people_;
    std::uint64_t shared_;
    std::uint64_t offset_;
    std::uint64_t writing_;  // differs per vendor, so that the same phone is written differently
};

}  // namespace concordat::simulators
