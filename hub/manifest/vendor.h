// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of a vendor's product, shipped with the hub; what is not known stays unknown.

#include <string>
#include <vector>

#include "hub/manifest/parties.h"

namespace concordat::manifest {

struct VendorSlot {
    Position at;
    std::string slot;
    std::vector<std::string> channels;
    Text polarity;  ///< permit, deny, either
    Source source;
};

struct VendorLimit {
    Position at;
    std::string pool;
    Text limit;
    Source source;
};

/// Kind `connector`.
struct ConnectorManifest {
    Position at;
    std::string unit;
    std::string id;
    std::string title;
    std::string version;
    Date checkedOn;
    Text vendor;  ///< a party
    Text abi;
    std::vector<Host> hosts;
    std::vector<VendorSlot> slots;
    std::vector<std::string> identifiers;
    std::vector<std::string> readFields;
    std::vector<VendorLimit> limits;
    std::vector<Place> places;  ///< where the product may keep data
    std::vector<Engagement> subProcessors;
    std::vector<Access> access;
    std::vector<SourcedFact> facts;
};

}  // namespace concordat::manifest
