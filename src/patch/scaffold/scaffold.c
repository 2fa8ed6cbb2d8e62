// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * The part that all live patches share: it makes sure of what is about to be patched, and hands the
 * tables that emit wrote to the kernel's livepatch core.
 *
 * A release string is not an identity: a rebuilt kernel keeps it, and a module built elsewhere can
 * have any name. So the running kernel and each module must carry the build-id of what the patch
 * was made from, or nothing is patched.
 */
#include <linux/buildid.h>
#include <linux/elf.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "suture_tables.h"

extern struct klp_patch suture_patch;
extern const struct suture_kernel suture_kernel;
extern struct suture_target suture_targets[];

int suture_check_target(struct klp_object *object);

/* As the linker writes it. The type is NT_GNU_BUILD_ID, a name that not every kernel has. */
#define BUILD_ID_NOTE_TYPE 3

struct build_id_note {
	Elf64_Nhdr header;
	char name[4];
	unsigned char build_id[SUTURE_BUILD_ID_SIZE];
};

static bool is_build_id_note(const struct build_id_note *note)
{
	return note->header.n_type == BUILD_ID_NOTE_TYPE && note->header.n_namesz == sizeof(note->name) &&
	       note->header.n_descsz == SUTURE_BUILD_ID_SIZE && !memcmp(note->name, "GNU", sizeof(note->name));
}

/* The whole note must lie in the module: in another build of it, anything may be at that place. */
static bool is_inside(const struct build_id_note *note, const struct module *module)
{
	unsigned long first = (unsigned long)note;
	unsigned long last = first + sizeof(*note) - 1;

	return first < last && within_module_core(first, module) && within_module_core(last, module);
}

static struct suture_target *find_target(const struct klp_object *object)
{
	struct suture_target *target;

	for (target = suture_targets; object->name && target->object; target++) {
		if (!strcmp(target->object, object->name))
			return target;
	}
	return NULL;
}

/*
 * pre_patch of every module. The livepatch core has just applied this module's relocations. An error
 * keeps a module that is being loaded from loading, and a patch that is being loaded from patching.
 */
int suture_check_target(struct klp_object *object)
{
	struct suture_target *target = find_target(object);
	const struct build_id_note *note;

	if (!target || !object->mod) {
		pr_err("%s: no record of module '%s'\n", THIS_MODULE->name, object->name);
		return -EINVAL;
	}

	/*
	 * Relocations are applied anew when the module comes again, and only to fields that hold zero
	 * (apply_relocate_add() in arch/x86/kernel/module.c).
	 */
	note = target->note;
	target->note = NULL;

	if (!is_inside(note, object->mod) || !is_build_id_note(note)) {
		pr_err("%s: module '%s' is not the one this live patch was made for: its build-id is not where it should be (expected %*phN)\n",
		       THIS_MODULE->name, object->name, SUTURE_BUILD_ID_SIZE, target->build_id);
		return -EINVAL;
	}
	if (memcmp(note->build_id, target->build_id, SUTURE_BUILD_ID_SIZE)) {
		pr_err("%s: module '%s' is not the one this live patch was made for: its build-id is %*phN, expected %*phN\n",
		       THIS_MODULE->name, object->name, SUTURE_BUILD_ID_SIZE, note->build_id, SUTURE_BUILD_ID_SIZE,
		       target->build_id);
		return -EINVAL;
	}
	return target->pre_patch ? target->pre_patch(object) : 0;
}

static int __init suture_init(void)
{
	if (memcmp(vmlinux_build_id, suture_kernel.build_id, SUTURE_BUILD_ID_SIZE)) {
		pr_err("%s: the running kernel is not the one this live patch was made for: its build-id is %*phN, expected %*phN\n",
		       THIS_MODULE->name, SUTURE_BUILD_ID_SIZE, vmlinux_build_id, SUTURE_BUILD_ID_SIZE,
		       suture_kernel.build_id);
		return -EINVAL;
	}
	return klp_enable_patch(&suture_patch);
}

/* Without an exit function the kernel would not let the module be unloaded. */
static void __exit suture_exit(void)
{
}

module_init(suture_init);
module_exit(suture_exit);
MODULE_LICENSE("GPL");
