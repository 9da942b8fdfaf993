// SPDX-License-Identifier: Apache-2.0
#pragma once
// What people do: in the systems, at the hub, as its admins.

#include "tests/simulation/simulation.h"

namespace concordat::simulation {

/// One act, and what it means by the truth.
class Acts {
 public:
    Acts(Simulation& world, const Act& act);
    void run();

 private:
    std::optional<sdk::RecordRef> pickRow(bool deleted = false);
    const consent::SlotRules* pickSlot(const sdk::RecordRef& ref);
    sdk::VendorTime typedNow(const sdk::SlotDescription& slot);
    void deny(bool imported);
    void denySlot(const sdk::RecordRef& ref, const consent::SlotRules& rules, bool imported);
    void permit(bool proven, bool evidence);
    bool isSeenPermitted(const sdk::RecordRef& ref, const consent::SlotRules& rules);
    bool isSeenDenied(const sdk::RecordRef& ref, const consent::SlotRules& rules);
    void clear();
    void redate();
    void importFile();
    void merge();
    void convert();
    void newEmail();
    void say(consent::Decision decision);
    void sayYes();
    void erase();
    void endMerge();
    void workInbox();
    void workItem(const store::InboxItem& item);
    void voidImport();
    void stand();
    void retry();
    void edit(const sdk::RecordRef& ref,
              const std::string& words,
              const std::function<void(Row&)>& how);
    bool hub(const std::function<void(sync::Core&)>& work) { return world_.call(work); }
    EpochMs vendorNow() { return system_.model->now(); }
    Event cover(const consent::SlotRules& rules, consent::Decision decision);

    Simulation& world_;
    const Act& act_;
    System& system_;
    Dice dice_;
};

}  // namespace concordat::simulation
