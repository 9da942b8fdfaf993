// SPDX-License-Identifier: Apache-2.0
#pragma once
// The transfer class of a hop on a day (D7, D8, D20, D21, D39). Pure.

#include <set>
#include <string>

#include "hub/flowmap/hop.h"
#include "hub/manifest/vocabularies.h"

namespace concordat::flowmap {

/// What a hop lacks for a better class.
enum class Gap : std::uint8_t {
    Place,
    Mechanism,
    NotValid,      ///< no such mechanism, or invalid, or not on this day or for this exporter
    OtherGroup,    ///< binding corporate rules do not bind both ends
    ScopeMissing,  ///< nobody checked that a limited adequacy covers the importer
    ScopeStale,
    ScopeFailed,
    DpfEntity,  ///< the importer is not the entity on the list
    DpfStatus,
    DpfCover,
    Roles,
    Instrument,  ///< of this pair: none, or not said
    Unsigned,
    Ended,
    Categories,
    Evidence,  ///< a field of the mechanism's evidence
    TiaMissing,
    TiaStale,
    TiaBeforeLaw,
    TiaLawUnknown,
    TiaCover,
    Routine,  ///< a derogation for what is not occasional
    Reason
};

const std::string& wordOf(Gap gap);

struct Judgement {
    TransferClass value = TransferClass::Unknown;
    std::string mechanism;         ///< what the class rests on; empty: nothing, or none is needed
    bool limited = false;          ///< adequacy of limited scope
    bool fallbackReady = false;    ///< "+ SCC ready": changes neither lane nor order
    bool underForeignLaw = false;  ///< onward from an adequate country, by the law there
    std::set<Gap> gaps;
};

/// Own thresholds, in months.
struct TransferPolicy {
    int scopeCheckMonths = 12;
    int dpfCheckMonths = 3;
    int tiaMonths = 24;
};

Judgement judge(const Hop& hop,
                const manifest::Vocabularies& vocabularies,
                manifest::Day today,
                const TransferPolicy& policy = {});

/// What the primary safeguard or `instrument` lacks to bind this hop; empty: it is complete.
std::set<Gap> gapsOf(const manifest::Instrument& instrument,
                     const Hop& hop,
                     const manifest::Vocabularies& vocabularies,
                     manifest::Day today,
                     const TransferPolicy& policy = {});
/// What a limited adequacy lacks to cover this hop; empty: covered, or there is no limited one.
std::set<Gap> scopeGapsOf(const Hop& hop,
                          const manifest::Vocabularies& vocabularies,
                          manifest::Day today,
                          const TransferPolicy& policy = {});
/// The mechanism that a transfer names first, in the form of its fallbacks.
manifest::Instrument primaryOf(const manifest::Transfer& transfer);
/// Whether the data of the list name this mechanism as good on `today` for this hop's exporter.
bool isUsable(const manifest::Mechanism& mechanism, const Hop& hop, manifest::Day today);
/// "EU", "EEA-EFTA", "UK", "CH" or "": by whose law the hop is judged.
std::string judgedBy(const Hop& hop);
/// `date` + `months` is not before `today`, and `date` is not after it.
bool isFresh(const manifest::Date& date, int months, manifest::Day today);

}  // namespace concordat::flowmap
