// SPDX-License-Identifier: Apache-2.0
#pragma once
// One step of data from an entity to an entity (D7), and the classes a step can have.

#include <cstdint>
#include <string>
#include <vector>

#include "hub/manifest/parties.h"

namespace concordat::flowmap {

/// Worst last, so that the larger of two is the worse.
enum class TransferClass : std::uint8_t {
    OutsideScope,
    NoTransfer,
    Eea,
    Adequate,
    Safeguarded,
    Incomplete,
    Derogation,
    Unknown,
    Unsafeguarded
};

/// The word of manifests, API, CLI and pages, such as "unsafeguarded".
const std::string& wordOf(TransferClass value);
TransferClass worst(TransferClass one, TransferClass other);

/// Why a step between two may be none in law (D7, 2).
enum class Closeness : std::uint8_t { Separate, SameEntity, OwnStaff, Person };

/// What the data were protected by when they came to the exporter (D20).
enum class Arrival : std::uint8_t { Initial, BoundByClauses, UnderAdequateLaw, OutsideScope };

/// (exporter, importer, kind, place, categories, subjects). `transfer` and `dpf` point into the
/// model, which must outlive the hop.
struct Hop {
    std::string exporter;
    std::string importer;
    std::string exporterGroup;
    std::string importerGroup;
    std::string importerCountry;  ///< of establishment; empty: not said
    manifest::ExporterLaw law = manifest::ExporterLaw::EuGdpr;
    manifest::Role exporterRole = manifest::Role::Controller;
    manifest::Role importerRole = manifest::Role::Processor;
    Closeness closeness = Closeness::Separate;
    Arrival arrival = Arrival::Initial;
    manifest::PlaceUse use = manifest::PlaceUse::Store;
    manifest::Place place;  ///< absent country and no organisation: not said
    std::vector<std::string> categories;
    std::vector<std::string> subjects;
    bool routine = true;  ///< hosting, synchronisation, anything regular
    manifest::Stated<manifest::Authorisation> authorisation;
    const manifest::Transfer* transfer = nullptr;  ///< what is listed for this pair
    bool byDefault = false;                        ///< `transfer` is only the party's default
    const manifest::DpfEntry* dpf = nullptr;       ///< of the importer
    manifest::Position at;

    bool onward() const { return arrival != Arrival::Initial; }
    /// Country or organisation code; empty if it is not known.
    std::string placeCode() const;
};

}  // namespace concordat::flowmap
