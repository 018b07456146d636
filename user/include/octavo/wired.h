/* SPDX-License-Identifier: MIT
 *
 * For programs that have no pager: init, con, pager, login. One of these lines at file scope
 *
 *     OCTAVO_WIRED_PROGRAM;     started with a start block at sp, as ordinary programs are
 *     OCTAVO_FIRST_PROGRAM;     init: started by the kernel with nothing at sp (argc is 0)
 *
 * makes the library take memory for sbrk (so malloc) and thread stacks with page_alloc instead of
 * asking a pager. Heap: from the page after the program's bss up to WIRED_HEAP_END; a server keeps
 * its own mappings above that. No descriptors are open unless the start block names some.
 *
 * The first of the two is started with what its file has, and the uppermost page of its stack. The pages
 * of its bss and the rest of the stack the library takes before anything else, so that they are the
 * program's own account's; if there is no memory the program ends there (a breakpoint). */
#ifndef OCTAVO_WIRED_H
#define OCTAVO_WIRED_H

#define WIRED_HEAP_END 0x40000000ul
#define WIRED_STACK_BYTES (64ul << 10)

#define OCTAVO_PAGED 0
#define OCTAVO_WIRED 1
#define OCTAVO_FIRST 2

/* The library has a weak definition: OCTAVO_PAGED. */
extern const unsigned char octavo_wired;

#define OCTAVO_WIRED_PROGRAM const unsigned char octavo_wired = OCTAVO_WIRED
#define OCTAVO_FIRST_PROGRAM const unsigned char octavo_wired = OCTAVO_FIRST

#endif
