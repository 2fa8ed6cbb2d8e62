// What a person wants to know of a live patch's file, read from the file alone: no kit, no judgement.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::check {

struct InspectedFunction {
  std::string name;
  std::uint64_t position = 0;
  std::string replacement;  ///< the module's own function; empty if it cannot be told
  std::uint64_t size = 0;   ///< of the replacement, in bytes
};
BOOST_DESCRIBE_STRUCT(InspectedFunction, (), (name, position, replacement, size))

struct InspectedCallback {
  std::string kind;
  std::string function;
};
BOOST_DESCRIBE_STRUCT(InspectedCallback, (), (kind, function))

struct InspectedObject {
  std::string name;
  std::string build_id;  ///< what the live patch demands of it; empty if it does not say
  std::vector<InspectedFunction> functions;
  std::vector<InspectedCallback> callbacks;
};
BOOST_DESCRIBE_STRUCT(InspectedObject, (), (name, build_id, functions, callbacks))

struct InspectedState {
  std::uint64_t id = 0;
  std::uint32_t version = 0;
};
BOOST_DESCRIBE_STRUCT(InspectedState, (), (id, version))

struct InspectedImport {
  std::string symbol;
  std::string crc;  ///< "0x1b2c3d4e"; empty if __versions does not have it
};
BOOST_DESCRIBE_STRUCT(InspectedImport, (), (symbol, crc))

struct InspectedSymbol {
  std::string object;
  std::string name;
  std::uint64_t position = 0;
};
BOOST_DESCRIBE_STRUCT(InspectedSymbol, (), (object, name, position))

/// Bytes in memory; `init` is given back once the module has started.
struct InspectedSizes {
  std::uint64_t code = 0;
  std::uint64_t read_only = 0;
  std::uint64_t data = 0;
  std::uint64_t tables = 0;  ///< unwinding, and what tells the kernel where it may change code
  std::uint64_t init = 0;
  std::uint64_t file = 0;  ///< the whole file
};
BOOST_DESCRIBE_STRUCT(InspectedSizes, (), (code, read_only, data, tables, init, file))

struct InspectedInfo {
  std::string key;
  std::string value;
};
BOOST_DESCRIBE_STRUCT(InspectedInfo, (), (key, value))

struct Inspection {
  std::string name;
  std::string release;  ///< the kernel's, from vermagic
  std::string vermagic;
  std::string build_id;  ///< the module's own; empty if it has none
  bool is_live_patch = false;
  bool replaces = false;        ///< replaces all other live patches when it is loaded
  std::uint64_t signature = 0;  ///< length of the appended signature; 0 if there is none
  std::vector<InspectedObject> objects;
  std::vector<InspectedState> states;
  std::vector<InspectedImport> imports;
  std::vector<InspectedSymbol> livepatch_symbols;
  InspectedSizes sizes;
  std::vector<InspectedInfo> modinfo;
  std::vector<std::string> problems;  ///< what of livepatch's tables could not be read
};
BOOST_DESCRIBE_STRUCT(Inspection, (),
                      (name, release, vermagic, build_id, is_live_patch, replaces, signature, objects, states, imports,
                       livepatch_symbols, sizes, modinfo, problems))

/// Fails only where the file cannot be read as a module. `name` is what errors call it.
Result<Inspection> inspect_module(ByteView file, std::string_view name);

}  // namespace suture::check
