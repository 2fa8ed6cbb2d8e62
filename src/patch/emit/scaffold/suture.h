/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * For the source of a fix that has to do more than replace functions: #include <suture.h>.
 *
 * A callback is called for the object (vmlinux, or the one module) that the file belongs to. At most
 * one of each kind for an object:
 *
 *	static int prepare(struct klp_object *object) { return 0; }
 *	SUTURE_PRE_PATCH(prepare);
 *
 * What they are for, and which locks the kernel holds: Documentation/livepatch/callbacks.rst. When a
 * newer level replaces this one, none of its unpatch callbacks is called.
 *
 * A state says that the patch changes something that outlives its functions. A kernel that runs a
 * patch with a state refuses to replace it by a patch that lacks this state, or has an older version
 * of it: Documentation/livepatch/system-state.rst. Its data are at klp_get_state(&suture_patch, id).
 *
 *	SUTURE_STATE(1, 1);
 *
 * A variable whose initial value the fix changes, and which callbacks of the fix set to the new value:
 *
 *	SUTURE_WRITTEN(limit);
 *
 * Shadow variables (klp_shadow_alloc() and its kin) need nothing from here:
 * Documentation/livepatch/shadow-vars.rst.
 */
#ifndef SUTURE_H
#define SUTURE_H

#include <linux/livepatch.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

/* The live patch that this file becomes a part of. */
extern struct klp_patch suture_patch;

/* Each puts one pointer into a section of its own, whence Suture takes it. */
#define SUTURE_CALLBACK(kind, result, function) \
	static result (*const suture_##kind)(struct klp_object *) __used __section(".suture." #kind) = function

#define SUTURE_PRE_PATCH(function) SUTURE_CALLBACK(pre_patch, int, function)
#define SUTURE_POST_PATCH(function) SUTURE_CALLBACK(post_patch, void, function)
#define SUTURE_PRE_UNPATCH(function) SUTURE_CALLBACK(pre_unpatch, void, function)
#define SUTURE_POST_UNPATCH(function) SUTURE_CALLBACK(post_unpatch, void, function)

#define SUTURE_WRITTEN(variable) \
	static const void *const __UNIQUE_ID(suture_written) __used __section(".suture.written") = &(variable)

/*
 * Replaces a value of the kernel's or a module's data, of 1, 2, 4 or 8 bytes and aligned, by one store; in
 * read-only memory too. Does nothing if another value than `before` is there. May sleep. -ENOMEM, or 0.
 */
static inline int suture_replace(void *place, unsigned int size, unsigned long before, unsigned long after)
{
	unsigned long address = (unsigned long)place;
	bool in_module = address >= MODULES_VADDR && address < MODULES_END;
	struct page *page = in_module ? vmalloc_to_page(place) : virt_to_page(place);
	void *window = vmap(&page, 1, VM_MAP, PAGE_KERNEL);

	if (!window)
		return -ENOMEM;
	place = window + offset_in_page(address);
	switch (size) {
	case 1:
		cmpxchg((u8 *)place, (u8)before, (u8)after);
		break;
	case 2:
		cmpxchg((u16 *)place, (u16)before, (u16)after);
		break;
	case 4:
		cmpxchg((u32 *)place, (u32)before, (u32)after);
		break;
	case 8:
		cmpxchg((u64 *)place, (u64)before, (u64)after);
		break;
	}
	vunmap(window);
	return 0;
}

/* As struct suture_state in suture_tables.h. */
struct suture_declared_state {
	unsigned long id;
	unsigned int version;
	unsigned int reserved;
};

/* `number` is a number of your choice, not 0; `since` counts the versions of what it stands for. */
#define SUTURE_STATE(number, since)                                                                       \
	static const struct suture_declared_state __UNIQUE_ID(suture_state) __used __aligned(8)             \
		__section(".suture.states") = { .id = (number), .version = (since) };                       \
	static_assert((number) != 0, "0 is not a state's number")

#endif
