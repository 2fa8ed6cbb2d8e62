/*
 * demo.ko, a shipped module, which live_patch.S patches. "__again_2" comes off the names: an
 * assembler's symbols are unique, a module's are not.
 */
	.text
	.type demo_open, @function
demo_open:
	call	__fentry__
	mov	$3, %esi
	call	demo_helper
	jmp	__x86_return_thunk
	ud2
	.size demo_open, . - demo_open

	.type demo_helper, @function
demo_helper:
	lea	(%rdi,%rsi), %eax
	jmp	__x86_return_thunk
	.size demo_helper, . - demo_helper

/* Calls what may be an export of the kernel. */
	.type demo_listen, @function
demo_listen:
	call	__fentry__
	call	quiet
	jmp	__x86_return_thunk
	.size demo_listen, . - demo_listen

#ifdef IBT
/* Called through pointers of the module's own; or not, so that ENDBR64 goes when it is loaded. */
.macro function name
	.type \name, @function
\name:
	endbr64
	jmp	__x86_return_thunk
	.size \name, . - \name
.endm
function demo_work
function demo_sealed

	.pushsection .ibt_endbr_seal, "a"
	.long demo_sealed - .
	.popsection
#endif

/* One name in memory that stays, and in memory that goes when the module has started. */
	.type demo_setup, @function
demo_setup:
	jmp	__x86_return_thunk
	.size demo_setup, . - demo_setup

	.section .init.text, "ax"
	.type init_module, @function
	.globl init_module
init_module:
	xor	%eax, %eax
	ret
	.size init_module, . - init_module

	.type demo_setup__again_2, @function
demo_setup__again_2:
	ret
	.size demo_setup__again_2, . - demo_setup__again_2

	.section __mcount_loc, "a"
	.quad demo_open
	.quad demo_listen

	.section .note.gnu.build-id, "a", @note
	.long 4, 20, 3
	.asciz "GNU"
	.fill 20, 1, 0xd0

	.section .note.Linux, "a", @note
	.type _note_9, @object
_note_9:
	.long 6, 1, 0x100
	.asciz "Linux"
	.align 4
	.long 0
	.size _note_9, . - _note_9

	.section .modinfo, "a"
	.asciz "name=demo"
	.asciz "depends="
