/*
 * A live patch without fault, by hand: the smallest that has one of everything that the verifier
 * looks at. It is for the kernel of kernel.S and replaces
 *
 *	show		unique, calls helper, which is not exported
 *	peek		only because it calls quiet
 *	reset,2		one of four functions of this name; refers to one of three variables
 *	demo: demo_open	a module's, refers to a function of the module
 *
 * and brings its own version of quiet, which ftrace cannot hook into: all that call it are replaced.
 *
 * With IBT it is for a kernel that tracks indirect branches and has padding before functions: then
 * functions that are called through pointers begin with ENDBR64, and calls are listed.
 *
 * Names of livepatch's symbols are written in full; live_patch.cc makes livepatch relocations of
 * those that use them, adds __versions, and gives the tests a way to spoil it.
 */
.macro end name
	.size \name, . - \name
.endm

/* From here on the caller's frame begins `distance` bytes above the stack pointer. */
.macro frame distance
98:	.pushsection .orc_unwind_ip, "a"
	.long 98b - .
	.popsection
	.pushsection .orc_unwind, "a"
	.short \distance, 0
	.byte 5, 0
	.popsection
.endm
.macro no_frame
99:	.pushsection .orc_unwind_ip, "a"
	.long 99b - .
	.popsection
	.pushsection .orc_unwind, "a"
	.short 0, 0
	.byte 0, 0
	.popsection
.endm

/* The next instruction is in a table of relative pointers. */
.macro site table
97:	.pushsection \table, "a"
	.long 97b - .
	.popsection
.endm
.macro traced
96:	.pushsection __mcount_loc, "a"
	.quad 96b
	.popsection
	call	__fentry__
.endm
/* The next instruction is a call that the kernel may count. */
.macro counted
#ifdef IBT
	site .call_sites
#endif
.endm

/* Not called through a pointer. */
.macro local_function name
#ifdef IBT
	.p2align 4
	.type __pfx_\name, @function
__pfx_\name:
	frame 8
	.fill 16, 1, 0x90
	end __pfx_\name
#endif
	.type \name, @function
\name:
.endm
.macro function name
	local_function \name
#ifdef IBT
	endbr64
#endif
.endm
.macro leave
	site .return_sites
	jmp	__x86_return_thunk
.endm

	.text
function show
	frame 8
	traced
	push	%rbx
	frame 16
	mov	%rdi, %rbx
	counted
	call	quiet
	mov	%rbx, %rdi
	counted
	call	".klp.sym.vmlinux.helper,0"
	mov	$.Lformat, %rdi
	counted
	call	_printk

	/* A static key: a nop that becomes a jump. */
1:	.byte 0x0f, 0x1f, 0x44, 0x00, 0x00
	.pushsection __jump_table, "aw"
	.long 1b - ., 2f - .
	.quad feature_key - .
	.popsection
	site .smp_locks
	lock incl (%rbx)
2:
	/* An alternative: 3 bytes of nop, or clac. */
3:	.byte 0x0f, 0x1f, 0x00
4:	.pushsection .altinstr_replacement, "ax"
5:	.byte 0x0f, 0x01, 0xca
6:	.popsection
	.pushsection .altinstructions, "a"
	.long 3b - ., 5b - .
	.short 20
#ifdef IBT
	.short 0
#endif
	.byte 4b - 3b, 6b - 5b
	.popsection

	/* A paravirtual call, a static call, a call through a pointer. */
7:	call	*pv_ops(%rip)
8:
#ifdef IBT
	.pushsection .altinstr_replacement, "ax"
5:	call	BUG_func
6:	.popsection
	.pushsection .altinstructions, "a"
	.long 7b - ., 5b - .
	.short 21, 2
	.byte 8b - 7b, 6b - 5b
	.popsection
#else
	.pushsection .parainstructions, "a"
	.quad 7b
	.byte 1, 8b - 7b
	.zero 6
	.popsection
#endif
9:	call	__SCT__tick
	.pushsection .static_call_sites, "aw"
	.long 9b - ., __SCK__tick - .
	.popsection
	mov	8(%rbx), %rax
	site .retpoline_sites
	call	__x86_indirect_thunk_rax

	/* A read that may fault, and a warning. */
10:	mov	(%rbx), %rax
11:	.pushsection __ex_table, "a"
	.long 10b - ., 11b - ., 1
	.popsection
	test	%eax, %eax
	jne	12f
13:	ud2
	.pushsection __bug_table, "aw"
	.long 13b - ., .Lfile - .
	.short 17, 1
	.popsection
12:
	pop	%rbx
	frame 8
	leave
end show

function peek
	traced
	counted
	call	quiet
	add	$1, %eax
	leave
end peek

local_function quiet
	mov	8(%rdi), %eax
	shl	$2, %eax
	add	$9, %eax
	xor	%edx, %edx
	leave
end quiet

function reset
	traced
	push	%rbx
	frame 16
	mov	%rdi, %rbx
	movl	$6, ".klp.sym.vmlinux.state,2"(%rip)
	imul	$60, 16(%rbx), %eax
	mov	%eax, 24(%rbx)
	js	15f		/* the slow path of static_cpu_has() */
	.pushsection .altinstr_aux, "ax"
15:	testb	$1, 7(%rbx)
	jmp	16f
	.popsection
16:	pop	%rbx
	frame 8
	leave
end reset

function demo_open
	traced
	mov	$4, %esi
	call	".klp.sym.demo.demo_helper,0"
.Lafter_demo_helper:
	leave
end demo_open

function suture_enter_target
	traced
	xor	%eax, %eax
	leave
end suture_enter_target
	no_frame

	.section .init.text, "ax"
	.globl init_module
function init_module
	frame 8
	traced
	mov	suture_kernel(%rip), %rax
	cmp	vmlinux_build_id(%rip), %rax
	jne	1f
	mov	$suture_patch, %rdi
	jmp	klp_enable_patch
1:	mov	$-22, %eax
	leave
end init_module
	no_frame

	.section .exit.text, "ax"
	.globl cleanup_module
function cleanup_module
	frame 8
	leave
end cleanup_module
	no_frame

/* What modpost writes for every module; sizes and fields as fake_kernel.cc describes them. */
	.section .gnu.linkonce.this_module, "aw"
	.globl __this_module
	.type __this_module, @object
__this_module:
	.zero 24
	.asciz "good"
	.org __this_module + 80
	.quad init_module
	.quad cleanup_module
	.zero 32
	.size __this_module, . - __this_module

	.section .modinfo, "a"
	.asciz "livepatch=Y"
	.asciz "license=GPL"
	.asciz "depends="
	.asciz "retpoline=Y"
	.asciz "name=good"
	.asciz "vermagic=6.1.0-test SMP mod_unload "

	.section .rodata.str1.1, "aMS", @progbits, 1
.Lformat:	.asciz "shown\n"
.Lfile:		.asciz "fs/show.c"
.Lshow:		.asciz "show"
.Lpeek:		.asciz "peek"
.Lreset:	.asciz "reset"
.Ldemo:		.asciz "demo"
.Ldemo_open:	.asciz "demo_open"

.macro klp_func name, replacement, position
	.quad \name, \replacement, \position
	.zero 128
.endm
.macro klp_end
	.zero 152
.endm

	.data
	.align 8
	.type suture_patch, @object
suture_patch:
	.quad __this_module, klp_objects, 0
	.byte 1
	.zero 175
	.size suture_patch, . - suture_patch

klp_objects:
	.quad 0, klp_functions
	.zero 152
	.quad .Ldemo, demo_functions, suture_enter_target
	.zero 144
	.zero 168

	.type klp_functions, @object
klp_functions:
	klp_func .Lshow, show, 0
	klp_func .Lpeek, peek, 0
	klp_func .Lreset, reset, 2
	klp_end
demo_functions:
	klp_func .Ldemo_open, demo_open, 0
	klp_end

	.type suture_targets, @object
suture_targets:
	.quad .Ldemo
.Lnote:
	.quad ".klp.sym.demo._note_9,0" - 36
	.quad .Ldemo_fields, 0, 0
	.fill 20, 1, 0xd0
	.long 0
	.zero 64
	.size suture_targets, . - suture_targets
	.type demo_fields, @object
.Ldemo_fields:
demo_fields:
	.quad .Lafter_demo_helper - 4, 4
	.quad .Lnote, 8
	.quad 0, 0
	.size demo_fields, . - demo_fields

#ifdef IBT
	.section .orc_header, "a"
	.byte 0x0c

	.section .rodata, "a"
	.type operations, @object
operations:
	.quad ".klp.sym.vmlinux.reset,2", suture_enter_target
	.size operations, . - operations
#endif

	.section .rodata, "a"
	.type suture_kernel, @object
suture_kernel:
	.fill 20, 1, 0xab
	.size suture_kernel, . - suture_kernel
