#include "check/suture_tables.h"

namespace suture::check {
namespace {

// struct suture_target: const char *object; const void *note; const struct suture_field *fields;
// int (*pre_patch)(…); void (*post_unpatch)(…); unsigned char build_id[20]; unsigned int reserved.
// The array ends with object == NULL.
constexpr std::uint64_t object_field = 0;
constexpr std::uint64_t note_field = 8;
constexpr std::uint64_t fields_field = 16;
constexpr std::uint64_t build_id_field = 40;
constexpr std::uint64_t table_record_size = 64;

// struct suture_field: void *where; unsigned long size. The list ends with where == NULL.
constexpr std::uint64_t size_of_field = 8;
constexpr std::uint64_t field_size = 16;

std::string hex(const ModuleFile& module, Place place) {
  const auto found = Reader(module.section(place.section).data, "").slice(place.offset, build_id_size);
  return found ? to_hex(*found) : "";
}

std::optional<Place> pointed_to(const ModuleFile& module, Place pointer) {
  const auto* relocation = module.relocation_at(pointer);
  return relocation != nullptr ? module.target(*relocation) : std::nullopt;
}

std::vector<SutureField> fields_of(const ModuleFile& module, Place list) {
  std::vector<SutureField> fields;
  auto at = pointed_to(module, list);
  for (; at; at->offset += field_size) {
    const auto where = pointed_to(module, *at);
    const auto size = Reader(module.section(at->section).data, "").at<std::uint64_t>(at->offset + size_of_field);
    if (!where || !size) break;
    fields.push_back({.pointer = *at, .where = *where, .size = *size});
  }
  return fields;
}

}  // namespace

std::optional<SutureKernel> suture_kernel(const ModuleFile& module) {
  const auto* symbol = module.find_symbol("suture_kernel");
  if (symbol == nullptr) return std::nullopt;
  const Place place{symbol->section, symbol->value};
  return SutureKernel{place, hex(module, place)};
}

bool has_suture_targets(const ModuleFile& module) { return module.find_symbol("suture_targets") != nullptr; }

std::vector<SutureTarget> suture_targets(const ModuleFile& module) {
  std::vector<SutureTarget> targets;
  const auto* table = module.find_symbol("suture_targets");
  if (table == nullptr) return targets;
  const auto& data = module.section(table->section).data;
  for (Place record{table->section, table->value};
       record.offset <= data.size() && table_record_size <= data.size() - record.offset;
       record.offset += table_record_size) {
    const auto text = pointed_to(module, {record.section, record.offset + object_field});
    if (!text) break;
    const auto name = Reader(module.section(text->section).data, "").string(text->offset);
    if (!name) break;
    targets.push_back({.object = std::string(*name),
                       .record = record,
                       .note = {record.section, record.offset + note_field},
                       .build_id = hex(module, {record.section, record.offset + build_id_field}),
                       .fields = fields_of(module, {record.section, record.offset + fields_field})});
  }
  return targets;
}

std::optional<SutureTarget> suture_target(const ModuleFile& module, std::string_view object) {
  for (auto& each : suture_targets(module))
    if (each.object == object) return std::move(each);
  return std::nullopt;
}

}  // namespace suture::check
