/*
 * A shipped kernel of a few functions, for the tests of the verifier. fake_kernel.cc links it.
 *
 * What its symbols are for is said where the live patch of live_patch.S uses them.
 *
 * With IBT it tracks indirect branches, and has padding before functions for what counts calls.
 */
/* Not called through a pointer. */
.macro local_function name
#ifdef IBT
	.p2align 4
	.fill 16, 1, 0x90
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
.macro end name
	.size \name, . - \name
.endm

	.text
	.globl _stext
_stext:

function __fentry__
	ret
end __fentry__

function __x86_return_thunk
	ret
end __x86_return_thunk

function show
	call	__fentry__
	push	%rbx
	mov	%rdi, %rbx
	call	quiet
	mov	%rbx, %rdi
	call	helper
	pop	%rbx
	jmp	__x86_return_thunk
.Lwarning:
	ud2
end show

function peek
	call	__fentry__
	call	quiet
	add	$1, %eax
	jmp	__x86_return_thunk
	ud2	/* GCC's, for a path that it takes for impossible */
end peek

/* ftrace cannot hook in here. */
local_function quiet
	mov	8(%rdi), %eax
	shl	$2, %eax
	add	$7, %eax
	xor	%edx, %edx
	jmp	__x86_return_thunk
end quiet

function helper
#ifdef IBT
	.pushsection .data
	.globl __start_runtime_shift_d_hash_shift, __stop_runtime_shift_d_hash_shift
__start_runtime_shift_d_hash_shift:
	.long peek + 9 - .
__stop_runtime_shift_d_hash_shift:
	.popsection
#endif
	call	__fentry__
	mov	(%rdi), %eax
	jmp	__x86_return_thunk
end helper

/* Four of one name, as static functions of three files are. */
.Lfirst_reset:
function reset
	call	__fentry__
	movl	$0, .Lfirst_state(%rip)
	mov	$1, %eax
	jmp	__x86_return_thunk
end reset

	.globl klp_update_patch_state
function klp_update_patch_state
	call	__fentry__
	jmp	__x86_return_thunk
end klp_update_patch_state

/*
 * The other resets have other names here, for an assembler's symbols are unique; fake_kernel.cc
 * takes everything from "__again_" off.
 */
function reset__again_2
	call	__fentry__
	push	%rbx
	mov	%rdi, %rbx
	movl	$5, .Lsecond_state(%rip)
	imul	$60, 16(%rbx), %eax
	mov	%eax, 24(%rbx)
	pop	%rbx
	jmp	__x86_return_thunk
end reset__again_2

function reset__again_3
	call	__fentry__
	push	%rbx
	mov	%rdi, %rbx
	movl	$7, .Lthird_state(%rip)
	pop	%rbx
	jmp	__x86_return_thunk
end reset__again_3

/* Much longer than the others, and by chance with some of the second one's code. */
function reset__again_4
	call	__fentry__
	imul	$60, 16(%rbx), %eax
	mov	%eax, 24(%rbx)
	.irp at, 4, 12, 20, 28, 36, 44, 52, 60, 68, 76, 84
	mov	%ecx, \at(%rsi)
	.endr
	jmp	__x86_return_thunk
end reset__again_4

/* An inline function that a file keeps apart, and that nothing of the live patch has to do with. */
local_function hush
	mov	8(%rdi), %eax
	shl	$2, %eax
	xor	%edx, %edx
	jmp	__x86_return_thunk
end hush

function librarian
	call	__fentry__
	call	hush
	jmp	__x86_return_thunk
end librarian

#ifdef IBT
/* Exported, and only called. */
	.globl _printk
local_function _printk
	jmp	__x86_return_thunk
end _printk

function callthunks_patch_module_calls
	ret
end callthunks_patch_module_calls
#endif

	.globl _etext
_etext:

	.data
.macro variable name
	.type \name, @object
\name:
	.quad 0
	.size \name, 8
.endm
.Lfirst_state:
variable state
.Lsecond_state:
variable state__again_2
.Lthird_state:
variable state__again_3
variable feature_key
variable __SCK__tick
variable pv_ops
variable BUG_func
variable vmlinux_build_id
/* Their presence says that this kernel changes returns and indirect branches, and unwinds by ORC. */
variable __return_sites
variable __retpoline_sites
variable __start_orc_unwind

	.globl __start___bug_table, __stop___bug_table
__start___bug_table:
	.long .Lwarning - .
	.zero 8
__stop___bug_table:

#ifdef IBT
	.globl __ibt_endbr_seal, __ibt_endbr_seal_end
__ibt_endbr_seal:
	.long helper - .
__ibt_endbr_seal_end:
#endif

	.section .init.text, "ax"
function boot_only
	ret
end boot_only
