// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads one file after another into the model; the organisation first, since the others name it.

#include <string>
#include <vector>

#include "hub/manifest/codes.h"
#include "hub/manifest/describe.h"
#include "hub/manifest/document.h"
#include "hub/manifest/manifests.h"

namespace concordat::manifest {

/// A file that is well-formed YAML.
struct Parsed {
    std::string file;
    Node root;
    bool shipped = false;
};

class Loader {
 public:
    explicit Loader(Manifests& all);

    void readOrganisation(const Parsed& parsed);
    /// Everything but the organisation and vocabularies.
    void readOther(const Parsed& parsed);
    /// After the organisation: the purposes it adds count as codes.
    void useCodes();

 private:
    template <typename T>
    void fill(const Parsed& parsed, T& value);
    std::uint32_t numberOf(const std::string& file);
    void readSystem(const Parsed& parsed, bool isHub);
    void readParty(PartyFile file, bool shipped);
    void addParty(Party party);
    void readConnector(const Parsed& parsed);
    void readInventory(const Parsed& parsed);
    void settleTerms(System& system);
    void say(const Position& at, const std::string& message);

    Manifests& all_;
    CodeBook codes_;
};

}  // namespace concordat::manifest
