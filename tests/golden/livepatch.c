// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * The live patch of fix.patch as a person would write it, for kbuild to compile and link: the fixed
 * function, and in C the tables that Suture lays out from the kernel's type information. The scaffold
 * is linked to it.
 */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "suture_tables.h"

extern struct klp_patch suture_patch;
extern const struct suture_kernel suture_kernel;
extern struct suture_target suture_targets[];

static int cmdline_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "golden\n");
	return 0;
}

static struct klp_func suture_functions_vmlinux[] = {
	{ .old_name = "cmdline_proc_show", .new_func = cmdline_proc_show },
	{}
};

static struct klp_object suture_objects[] = {
	{ .funcs = suture_functions_vmlinux },
	{}
};

struct klp_patch suture_patch = {
	.mod = THIS_MODULE,
	.objs = suture_objects,
	.replace = true,
};

const struct suture_kernel suture_kernel = { .build_id = KERNEL_BUILD_ID };
/* All zeroes, so the compiler would put it into .bss. */
struct suture_target suture_targets[] __section(".data") = { {} };

MODULE_INFO(livepatch, "Y");
