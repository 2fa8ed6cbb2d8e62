// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * The part that all live patches share: it makes sure of what is about to be patched, and hands the
 * tables that emit wrote to the kernel's livepatch core.
 *
 * A release string is not an identity: a rebuilt kernel keeps it, and a module built elsewhere can
 * have any name. So the running kernel and each module must carry the build-id of what the patch
 * was made from, or nothing is patched.
 *
 * And a module may go and come again. Before 6.3 livepatch leaves the module's addresses in the
 * patch, and apply_relocate_add() (arch/x86/kernel/module.c) refuses to write over what is not zero,
 * so that the module cannot be loaded a second time. There the fields are cleared here. Later kernels
 * clear them when the module goes (klp_clear_object_relocs()), but not when a live patch refused it:
 * the error path of klp_module_coming() passes over the patch that failed.
 */
#include <linux/elf.h>
#include <linux/livepatch.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/string.h>

#include <asm/text-patching.h>

#include "suture_tables.h"

/* What kbuild puts into every module since 6.4: which form of ORC entries it was made with. */
#if defined(CONFIG_UNWINDER_ORC) && __has_include(<asm/orc_header.h>)
#include <asm/orc_header.h>
ORC_HEADER;
#endif

extern struct klp_patch suture_patch;
extern const struct suture_kernel suture_kernel;
extern struct suture_target suture_targets[];

/* lib/buildid.c. Its declaration depends on the configuration, its presence is checked by emit. */
extern unsigned char vmlinux_build_id[];

int suture_enter_target(struct klp_object *object);
void suture_leave_target(struct klp_object *object);

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

static int check_identity(const struct suture_target *target, const struct module *module)
{
	const struct build_id_note *note = target->note;

	if (!is_inside(note, module) || !is_build_id_note(note)) {
		pr_err("%s: module '%s' is not the one this live patch was made for: its build-id is not where it should be (expected %*phN)\n",
		       THIS_MODULE->name, target->object, SUTURE_BUILD_ID_SIZE, target->build_id);
		return -EINVAL;
	}
	if (memcmp(note->build_id, target->build_id, SUTURE_BUILD_ID_SIZE)) {
		pr_err("%s: module '%s' is not the one this live patch was made for: its build-id is %*phN, expected %*phN\n",
		       THIS_MODULE->name, target->object, SUTURE_BUILD_ID_SIZE, note->build_id,
		       SUTURE_BUILD_ID_SIZE, target->build_id);
		return -EINVAL;
	}
	return 0;
}

/* Like clear_relocate_add() of later kernels. */
static void clear_fields(const struct suture_target *target)
{
	const unsigned long zero = 0;
	const struct suture_field *field;

	mutex_lock(&text_mutex);
	for (field = target->fields; field->where; field++)
		text_poke(field->where, &zero, field->size);
	text_poke_sync();
	mutex_unlock(&text_mutex);
}

/*
 * pre_patch of every module. The livepatch core has just applied this module's relocations. An error
 * keeps a module that is being loaded from loading, and a patch that is being loaded from patching.
 */
int suture_enter_target(struct klp_object *object)
{
	struct suture_target *target = find_target(object);
	int result;

	if (!target || !object->mod) {
		pr_err("%s: no record of module '%s'\n", THIS_MODULE->name, object->name);
		return -EINVAL;
	}
	result = check_identity(target, object->mod);
	if (!result && target->pre_patch)
		result = target->pre_patch(object);
	/* After an error post_unpatch is not called, and the right module may come yet. */
	if (result)
		clear_fields(target);
	return result;
}

/*
 * post_unpatch of every module: it goes, or the patch does. Only in the first case may the fields be
 * needed again. Nobody runs the module's functions then, so nobody runs what replaces them; unless
 * someone forced a transition, after which nothing is certain.
 */
void suture_leave_target(struct klp_object *object)
{
	struct suture_target *target = find_target(object);

	if (!target)
		return;
	if (target->post_unpatch)
		target->post_unpatch(object);
	if (!target->kernel_clears && object->mod && object->mod->state != MODULE_STATE_LIVE && !suture_patch.forced)
		clear_fields(target);
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
