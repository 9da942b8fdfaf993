// SPDX-License-Identifier: Apache-2.0
#pragma once
// The members of each kind of manifest, told to a Shape.

#include <functional>
#include <string>
#include <vector>

#include "hub/manifest/model.h"
#include "hub/manifest/shape.h"

namespace concordat::manifest {

void describe(Shape& shape, Source& source);
void describe(Shape& shape, Place& place);
void describe(Shape& shape, Contact& contact);
void describe(Shape& shape, Host& host);
void describe(Shape& shape, Tia& tia);
void describe(Shape& shape, Instrument& instrument);
void describe(Shape& shape, Transfer& transfer);
void describe(Shape& shape, Access& access);
void describe(Shape& shape, Contract& contract);
void describe(Shape& shape, SubProcessorNotice& notice);
void describe(Shape& shape, Engagement& engagement);
void describe(Shape& shape, ControlledFrom& control);
void describe(Shape& shape, DpfEntry& entry);
void describe(Shape& shape, Certification& certification);
void describe(Shape& shape, SourcedFact& fact);
void describe(Shape& shape, Party& party);
void describe(Shape& shape, DataProtectionOfficer& officer);
void describe(Shape& shape, Establishment& establishment);
void describe(Shape& shape, Controller& controller);
void describe(Shape& shape, Scope& scope);
void describe(Shape& shape, BreachProcedure& breach);
void describe(Shape& shape, RightsChannel& channel);
void describe(Shape& shape, Training& training);
void describe(Shape& shape, PolicyDocument& policy);
void describe(Shape& shape, Company& company);
void describe(Shape& shape, Arrangement& arrangement);
void describe(Shape& shape, PrivacyNotice& notice);
void describe(Shape& shape, CategoryNeed& need);
void describe(Shape& shape, Lia& lia);
void describe(Shape& shape, Dpia& dpia);
void describe(Shape& shape, Activity& activity);
void describe(Shape& shape, Term& term);
void describe(Shape& shape, Retention& retention);
void describe(Shape& shape, Evidence& evidence);
void describe(Shape& shape, Withdrawal& withdrawal);
void describe(Shape& shape, Backups& backups);
void describe(Shape& shape, Flow& flow);
void describe(Shape& shape, PurposeUse& use);
void describe(Shape& shape, DataField& field);
void describe(Shape& shape, SubjectGroup& group);
void describe(Shape& shape, DataSource& source);
void describe(Shape& shape, Collection& collection);
void describe(Shape& shape, Measure& measure);
void describe(Shape& shape, RightsSupport& rights);
void describe(Shape& shape, BreachContact& contact);
void describe(Shape& shape, Owner& owner);
void describe(Shape& shape, Review& review);
void describe(Shape& shape, System& system);
void describe(Shape& shape, InventoryItem& item);
void describe(Shape& shape, VendorSlot& slot);
void describe(Shape& shape, VendorLimit& limit);
void describe(Shape& shape, ConnectorManifest& connector);
/// An inventory has one list for each use.
void describe(Shape& shape, Inventory& inventory);

/// A file of kind party: the party, and who engages it.
struct PartyFile {
    Party party;
    std::vector<Engagement> engagements;
};
void describe(Shape& shape, PartyFile& file);
/// A file of kind connector: the product, and the parties its vendor works with.
struct ConnectorFile {
    ConnectorManifest connector;
    std::vector<PartyFile> parties;
};
void describe(Shape& shape, ConnectorFile& file);
/// A file of kind integration or hub: the system, and parties named nowhere else.
struct SystemFile {
    System system;
    std::vector<PartyFile> parties;
};
void describe(Shape& shape, SystemFile& file);

}  // namespace concordat::manifest
