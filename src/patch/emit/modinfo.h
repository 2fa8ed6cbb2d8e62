// What a module says of itself: .modinfo, __versions and its build-id.
#pragma once

#include <set>
#include <string>

#include "patch/emit/assembly.h"
#include "patch/emit/kernel.h"

namespace suture::patch::emitter {

/// `.modinfo`, in this order: license, livepatch, name, vermagic, retpoline, depends, import_ns (one
/// for each namespace), suture_objects, suture_kernel_build_id, cve (one for each), then the
/// request's own entries. There is no "intree": the module taints the kernel as what it is.
/// `exports` are what the module takes from vmlinux, `objects` what it patches.
Status write_modinfo(Assembly& assembly, const EmitKernel& kernel, const EmitRequest& request,
                     const std::set<std::string>& exports, const std::vector<std::string>& objects);

/// `__versions`: an array of struct modversion_info (include/linux/module.h, 64 bytes) with the
/// checksum of module_layout, then of all `exports` by name.
Status write_versions(Assembly& assembly, const image::Symvers& symvers, const std::set<std::string>& exports);

/// Room for `.note.gnu.build-id`; its last 20 bytes are the build-id, zero as yet.
Status write_build_id_note(Assembly& assembly);

/// The module as a file. Its build-id is the beginning of the SHA-256 of the file with zeroes in the
/// build-id's place.
Result<Bytes> write_module(elf::Object module);

}  // namespace suture::patch::emitter
