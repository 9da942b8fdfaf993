// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::simulators::eudonet {

/// Where a customer's base keeps consent; no two customers are alike, these are the three families.
enum class Layout { ContactFlags, AddressFlags, ConsentTable };

/// `contact_flags`, `address_flags`, `consent_table`; nothing for another word. [any]
std::optional<Layout> layoutNamed(std::string_view name);

/// What a field holds, and with it how it is stored, shown and compared.
enum class FieldKind { Text, Email, Phone, Memo, Date, Flag, Number, Catalog, Link, AutoId };

/// One field of a table as MetaInfos tells it. A field of kind Link bears the DescId of the parent
/// table's label (`201`) and holds the parent's file id.
struct Field {
    int descId = 0;
    std::string label;
    FieldKind kind = FieldKind::Text;
    bool mandatory = false;
    bool multiple = false;
    bool indexed = false;
    bool readOnly = false;
    int length = 100;
};

/// System fields that every table has, as offsets from the table's DescId.
constexpr int kCreatedOn = 95, kModifiedOn = 96, kCreatedBy = 97, kModifiedBy = 98;

struct Table {
    int descId = 0;
    std::string label;
    std::vector<Field> fields;

    /// The column of field `fieldDescId`, or nothing.
    std::optional<std::size_t> column(int fieldDescId) const;
};

struct CatalogValue {
    int dbValue = 0;
    std::string label;
};

/// The values a catalog field can take, named by that field's DescId.
struct Catalog {
    int descId = 0;
    std::vector<CatalogValue> values;
};

/// The description of a whole base. Fixed after start. [any]
struct Schema {
    Layout layout = Layout::ContactFlags;
    std::vector<Table> tables;
    std::vector<Catalog> catalogs;

    const Table* table(int descId) const;
    const Catalog* catalog(int fieldDescId) const;
};

/// The demo base: 200 contacts, 300 companies, 400 addresses, and 1100 consents when the layout
/// has that table. Without `modifiedOn` no table has the field for the date of change.
Schema demoSchema(Layout layout, bool modifiedOn);

}  // namespace concordat::simulators::eudonet
