/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What emit writes and the scaffold reads. Compiled as C for the kernel and as C++ for Suture, so it
 * includes nothing; both sides are x86-64.
 */
#ifndef SUTURE_TABLES_H
#define SUTURE_TABLES_H

struct klp_object;

/* ld --build-id=sha1, as the kernel links itself and its modules. */
#define SUTURE_BUILD_ID_SIZE 20

/* The kernel that the patch was made for. One, called suture_kernel. */
struct suture_kernel {
	unsigned char build_id[SUTURE_BUILD_ID_SIZE];
};

/* Where the patch holds an address in a module, which livepatch fills in when the module is there. */
struct suture_field {
	void *where;
	unsigned long size;
};

/* A module that the patch changes. An array, suture_targets, that ends with object == NULL. */
struct suture_target {
	const char *object;
	/* Where the module's build-id note lies in memory. One of the fields above. */
	const void *note;
	/* What to set back to zero: all fields of this module, until where == NULL. */
	const struct suture_field *fields;
	/* The author's own callbacks, or NULL. */
	int (*pre_patch)(struct klp_object *object);
	void (*post_unpatch)(struct klp_object *object);
	unsigned char build_id[SUTURE_BUILD_ID_SIZE];
	/* Not 0 if the kernel does so itself when the module goes. Not when it is refused. */
	unsigned int kernel_clears;
};

/* A state that the fix declares with SUTURE_STATE: what the section .suture.states is an array of. */
struct suture_state {
	unsigned long id;
	unsigned int version;
	unsigned int reserved;
};

#endif
