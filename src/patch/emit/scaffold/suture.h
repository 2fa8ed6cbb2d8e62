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
 * Shadow variables (klp_shadow_alloc() and its kin) need nothing from here:
 * Documentation/livepatch/shadow-vars.rst.
 */
#ifndef SUTURE_H
#define SUTURE_H

#include <linux/livepatch.h>

/* The live patch that this file becomes a part of. */
extern struct klp_patch suture_patch;

/* Each puts one pointer into a section of its own, whence Suture takes it. */
#define SUTURE_CALLBACK(kind, result, function) \
	static result (*const suture_##kind)(struct klp_object *) __used __section(".suture." #kind) = function

#define SUTURE_PRE_PATCH(function) SUTURE_CALLBACK(pre_patch, int, function)
#define SUTURE_POST_PATCH(function) SUTURE_CALLBACK(post_patch, void, function)
#define SUTURE_PRE_UNPATCH(function) SUTURE_CALLBACK(pre_unpatch, void, function)
#define SUTURE_POST_UNPATCH(function) SUTURE_CALLBACK(post_unpatch, void, function)

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
