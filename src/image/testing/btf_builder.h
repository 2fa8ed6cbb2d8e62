// Writes the content of a .BTF section, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace suture::image::testing {

/// Writes BTF, type after type; each returns its id.
class BtfBuilder {
 public:
  struct Field {
    std::string name;
    std::uint32_t type;
    std::uint32_t offset;  ///< in bits; with bit fields the width in the upper 8 bits
  };

  std::uint32_t integer(const std::string& name, std::uint32_t size) {
    const auto id = record(name, 1, 0, size);
    append_le<std::uint32_t>(types_, size * 8);
    return id;
  }
  std::uint32_t pointer(std::uint32_t target) { return record("", 2, 0, target); }
  std::uint32_t array(std::uint32_t element, std::uint32_t count) {
    const auto id = record("", 3, 0, 0);
    for (const auto word : {element, element, count}) append_le(types_, word);
    return id;
  }
  std::uint32_t structure(const std::string& name, std::uint32_t size, const std::vector<Field>& fields,
                          bool bit_fields = false) {
    return members(name, 4, size, fields, bit_fields);
  }
  std::uint32_t combined(const std::string& name, std::uint32_t size, const std::vector<Field>& fields) {
    return members(name, 5, size, fields, false);
  }
  std::uint32_t alias(const std::string& name, std::uint32_t target) { return record(name, 8, 0, target); }

  Bytes build() const {
    Bytes out;
    append_le<std::uint16_t>(out, 0xeb9f);
    append_le<std::uint16_t>(out, 1);
    const auto types_size = static_cast<std::uint32_t>(types_.size());
    for (const auto word : {24U, 0U, types_size, types_size, static_cast<std::uint32_t>(strings_.size())})
      append_le(out, word);
    out.insert(out.end(), types_.begin(), types_.end());
    out.insert(out.end(), strings_.begin(), strings_.end());
    return out;
  }

 private:
  std::uint32_t string(const std::string& text) {
    if (text.empty()) return 0;
    const auto offset = static_cast<std::uint32_t>(strings_.size());
    strings_.insert(strings_.end(), text.begin(), text.end());
    strings_.push_back(0);
    return offset;
  }
  std::uint32_t record(const std::string& name, std::uint32_t kind, std::uint32_t info, std::uint32_t size_or_target) {
    for (const auto word : {string(name), kind << 24 | info, size_or_target}) append_le(types_, word);
    return ++last_;
  }
  std::uint32_t members(const std::string& name, std::uint32_t kind, std::uint32_t size,
                        const std::vector<Field>& fields, bool bit_fields) {
    const auto info = static_cast<std::uint32_t>(fields.size()) | (bit_fields ? 1U << 31 : 0);
    const auto id = record(name, kind, info, size);
    for (const auto& field : fields)
      for (const auto word : {string(field.name), field.type, field.offset}) append_le(types_, word);
    return id;
  }

  Bytes types_;
  Bytes strings_{0};
  std::uint32_t last_ = 0;
};

}  // namespace suture::image::testing
