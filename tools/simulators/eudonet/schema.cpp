// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/schema.h"

#include <algorithm>

namespace concordat::simulators::eudonet {
namespace {

Field text(int descId, std::string label, FieldKind kind = FieldKind::Text) {
    return {.descId = descId, .label = std::move(label), .kind = kind};
}

Field indexed(Field field) {
    field.indexed = true;
    return field;
}

Field mandatory(Field field) {
    field.mandatory = true;
    return field;
}

Field linkTo(int parentTab, std::string label) {
    return indexed(text(parentTab + 1, std::move(label), FieldKind::Link));
}

void addOptOuts(Table& table, int firstOffset) {
    int descId = table.descId + firstOffset;
    for (const char* channel : {"e-mail", "SMS", "téléphone", "courrier"}) {
        table.fields.push_back(
            text(descId++, std::string("Opposition ") + channel, FieldKind::Flag));
    }
}

void addSystemFields(Table& table, bool modifiedOn) {
    const int tab = table.descId;
    table.fields.push_back(text(tab + kCreatedOn, "Créé le", FieldKind::Date));
    if (modifiedOn) table.fields.push_back(text(tab + kModifiedOn, "Modifié le", FieldKind::Date));
    table.fields.push_back(text(tab + kCreatedBy, "Créé par"));
    table.fields.push_back(text(tab + kModifiedBy, "Modifié par"));
    for (Field& field : table.fields) {
        if (field.descId >= tab + kCreatedOn) field.readOnly = true;
    }
}

Table contacts(Layout layout) {
    Table table{200,
                "Contacts",
                {mandatory(indexed(text(201, "Nom"))), text(202, "Prénom"),
                 text(208, "Date de naissance", FieldKind::Date),
                 text(217, "Civilité", FieldKind::Catalog)}};
    if (layout != Layout::AddressFlags) {
        table.fields.push_back(indexed(text(221, "E-mail", FieldKind::Email)));
        table.fields.push_back(indexed(text(222, "Téléphone portable", FieldKind::Phone)));
    }
    if (layout == Layout::ContactFlags) addOptOuts(table, 31);
    table.fields.push_back(text(240, "Commentaire", FieldKind::Memo));
    return table;
}

Table companies() {
    return {300,
            "Sociétés",
            {mandatory(indexed(text(301, "Raison sociale"))), indexed(text(302, "SIRET")),
             text(303, "Chiffre d'affaires (k€)", FieldKind::Number)}};
}

Table addresses(Layout layout) {
    Table table{400,
                "Adresses",
                {text(401, "Intitulé"), mandatory(linkTo(200, "Contacts")), linkTo(300, "Sociétés"),
                 indexed(text(408, "E-mail professionnel", FieldKind::Email)),
                 indexed(text(409, "Téléphone", FieldKind::Phone)),
                 indexed(text(410, "Portable", FieldKind::Phone)), text(411, "Rue"),
                 text(412, "Code postal"), text(413, "Ville")}};
    if (layout == Layout::AddressFlags) addOptOuts(table, 31);
    return table;
}

Table consents() {
    Field reference = text(1101, "Référence", FieldKind::AutoId);
    reference.readOnly = true;
    return {1100,
            "Consentements",
            {reference, mandatory(linkTo(200, "Contacts")),
             mandatory(text(1102, "Canal", FieldKind::Catalog)),
             mandatory(text(1103, "Finalité", FieldKind::Catalog)),
             mandatory(text(1104, "Statut", FieldKind::Catalog)),
             text(1105, "Date du consentement", FieldKind::Date), text(1106, "Source"),
             text(1107, "Justificatif", FieldKind::Memo)}};
}

std::vector<Catalog> consentCatalogs() {
    return {{1102, {{11, "E-mail"}, {12, "SMS"}, {13, "Téléphone"}, {14, "Courrier"}}},
            {1103, {{21, "Newsletter"}, {22, "Offres commerciales"}, {23, "Événements"}}},
            {1104, {{31, "Accepté"}, {32, "Refusé"}, {33, "Non renseigné"}}}};
}

}  // namespace

std::optional<Layout> layoutNamed(std::string_view name) {
    if (name == "contact_flags") return Layout::ContactFlags;
    if (name == "address_flags") return Layout::AddressFlags;
    if (name == "consent_table") return Layout::ConsentTable;
    return std::nullopt;
}

std::optional<std::size_t> Table::column(int fieldDescId) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) {
        return field.descId == fieldDescId;
    });
    if (found == fields.end()) return std::nullopt;
    return static_cast<std::size_t>(found - fields.begin());
}

const Table* Schema::table(int descId) const {
    const auto found = std::find_if(tables.begin(), tables.end(),
                                    [&](const Table& one) { return one.descId == descId; });
    return found == tables.end() ? nullptr : &*found;
}

const Catalog* Schema::catalog(int fieldDescId) const {
    const auto found = std::find_if(catalogs.begin(), catalogs.end(),
                                    [&](const Catalog& one) { return one.descId == fieldDescId; });
    return found == catalogs.end() ? nullptr : &*found;
}

Schema demoSchema(Layout layout, bool modifiedOn) {
    Schema schema{layout, {contacts(layout), companies(), addresses(layout)}, {}};
    schema.catalogs.push_back({217, {{1, "Monsieur"}, {2, "Madame"}, {3, "Mx"}}});
    if (layout == Layout::ConsentTable) {
        schema.tables.push_back(consents());
        for (Catalog& catalog : consentCatalogs()) schema.catalogs.push_back(std::move(catalog));
    }
    for (Table& table : schema.tables) addSystemFields(table, modifiedOn);
    return schema;
}

}  // namespace concordat::simulators::eudonet
