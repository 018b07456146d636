/* SPDX-License-Identifier: MIT
 *
 * Messages. In registers: a1 tag, a2-a5 four words, a6 token. Everything longer goes through the
 * thread's message page, which the kernel maps and pins at MSG_BASE.
 *
 *               in                                   out (a0 < 0: an errno, nothing else is valid)
 *   call        a0 right, a1 tag, a2-a5              a0 0, a1 the answer's tag, a2-a5
 *   recv        a0 port, a1 deadline                 a0 badge, a1 tag, a2-a5, a6 token
 *   reply       a1 tag, a2-a5, a6 token              a0 0
 *   reply_recv  a0 port, a1 tag, a2-a5, a6 token     as recv; a failed reply returns at once
 *
 * A request gets exactly one answer. The token names the waiting caller: it belongs to the task
 * that received the call, any of its threads may use it, and once answered it is stale (ESTALE). The next
 * request of the same thread has a token larger by MSG_TOKEN_SLOTS; the remainder is INFO_THREAD's index. */
#ifndef OCTAVO_ABI_MSG_H
#define OCTAVO_ABI_MSG_H

#include <abi/handle.h>
#include <stdint.h>

/* Tag: what a message is and what comes with it. */
#define MSG_LABEL_MASK 0xfffful /* request: operation; answer: protocol status (0 = well) */
#define MSG_HANDLES_SHIFT 16    /* number of handles in the message page, 0..4 */
#define MSG_HANDLES_MASK 0x7ul
#define MSG_ITEMS_SHIFT 20 /* answer through a pager right: number of items, 0..64 */
#define MSG_ITEMS_MASK 0xfful
#define MSG_IN (1ul << 28)  /* request: the server may read `in` */
#define MSG_OUT (1ul << 29) /* request: the server may write `out` */
#define MSG_MAP (1ul << 30) /* answer through a pager right: a2-a5 are one MAP item, packed */
/* Answer: fault in part of a buffer, then repeat the call: a2 direction (COPY_*), a3 offset, a4 bytes (at
 * most 4096). */
#define MSG_RESTART (1ul << 31)
#define MSG_NO (1ul << 32) /* answer to a FAULT: refused; label = code (VM_FAULT_*) */
/* Answer to a CALL through a pager right, alone or with items: once all are applied, the caller begins
 * anew at pc a2 with sp a3. a1 = its message page; all other registers, the FP ones and the task's upcall
 * entry become 0, and upcalls are unmasked. */
#define MSG_START (1ul << 33)
/* Request: a signal to the thread (THREAD_INTERRUPT) ends the call with EINTR, and the server finds the
 * token stale. Without it a call that has begun is waited for: its effects could not be undone. */
#define MSG_INTERRUPT (1ul << 34)
#define MSG_KIND_SHIFT 60 /* set by the kernel alone; a sender's bits are masked off */
#define MSG_KIND(tag) ((tag) >> MSG_KIND_SHIFT)
#define MSG_LABEL(tag) ((tag)&MSG_LABEL_MASK)
#define MSG_HANDLES(tag) (((tag) >> MSG_HANDLES_SHIFT) & MSG_HANDLES_MASK)
#define MSG_ITEMS(tag) (((tag) >> MSG_ITEMS_SHIFT) & MSG_ITEMS_MASK)
#define MSG_SEND_MASK ((1ul << MSG_KIND_SHIFT) - 1)

enum msg_kind {
    MSG_KIND_CALL = 0, /* label and words are the caller's; a0 its badge */
    /* Label ACCESS_*, a2 address, a3 pc, a4 sp; a0 badge = the space. Answer: MSG_MAP or items, or label 0
     * to retry, or MSG_NO. */
    MSG_KIND_FAULT = 1,
    /* Label scause, a2 stval, a3 pc, a4 code (VM_FAULT_*), a5 thread number. Answer: label 0 to retry;
     * otherwise the thread stays stopped. */
    MSG_KIND_EXCEPTION = 2,
    MSG_KIND_CLOSED = 3, /* the last copy of the right with badge a0 is gone; no token */
    MSG_KIND_NOTIFY = 4  /* a2 = the bits set since the last one; no token */
};

/* What a fault wanted. */
#define ACCESS_READ 1u
#define ACCESS_WRITE 2u
#define ACCESS_EXECUTE 4u

/* Why a pager said no: si_code's distinctions (POSIX signal.h). */
#define VM_FAULT_MAPERR 1u /* nothing is mapped there: SIGSEGV */
#define VM_FAULT_ACCERR 2u /* mapped, but not for this access: SIGSEGV */
#define VM_FAULT_ADRERR 3u /* beyond the end of the object: SIGBUS */
#define VM_FAULT_OBJERR 4u /* the object could not be read: SIGBUS */
#define VM_FAULT_NOMEM 5u  /* no memory: the process is ended */

#define MSG_TOKEN_SLOTS 65536u
#define MSG_MAX_HANDLES 4
#define MSG_MAX_ITEMS 64

/* Direction of a copy, seen from the server. */
#define COPY_IN 0u  /* from the caller's `in` to the server */
#define COPY_OUT 1u /* from the server to the caller's `out` */

/* One change to an address space. `src` is an address in the pager's own space and must be backed
 * by a frame that the pager's task allocated itself. */
struct vm_op {
    uint64_t src;   /* MAP: page-aligned own address. COPY: own address */
    uint64_t dst;   /* the space's address, page-aligned; COPY: offset in `out` */
    uint32_t count; /* pages; COPY: bytes */
    uint8_t op;     /* VM_* */
    uint8_t prot;   /* PTE_PROT_*: VM_R, VM_W, VM_X */
    uint16_t flags; /* VM_TOUCHED, ... */
    uint64_t out;   /* own address of `count` bytes for VM_WAS_* of each page, or 0 (vm only) */
};

enum vm_opcode {
    /* map count frames from src at dst. A present page there is replaced (invalidate, fence,
     * install) */
    VM_MAP = 1,
    VM_UNMAP = 2,   /* remove */
    VM_PROTECT = 3, /* change prot of present pages */
    VM_HARVEST = 4, /* read and clear the accessed bits */
    VM_COPY = 5     /* answers only: copy count bytes from src to the caller's `out` at dst */
};

#define VM_R 1u
#define VM_W 2u
#define VM_X 4u

/* MAP: set A in every PTE of this item, and D where VM_W (the faulting page gets this by itself). */
#define VM_TOUCHED 0x1u

/* What a page was before UNMAP, PROTECT or HARVEST. */
#define VM_WAS_PRESENT 1u
#define VM_WAS_ACCESSED 2u
#define VM_WAS_DIRTY 4u
#define VM_IS_SHARED 8u /* after UNMAP: still mapped somewhere besides the owner's window */

/* The MAP item of a MSG_MAP answer, in words: a2 = src, a3 = dst, a4 = count, a5 = prot | flags << 8 */

struct msg_buffer {
    uint64_t address;
    uint64_t length; /* bytes */
};

/* Registers at the moment of an upcall, and why it came. libc copies this away, then unmasks. */
struct upcall_frame {
    uint64_t pc;
    uint64_t x[31]; /* x1..x31 */
    uint64_t cause; /* UPCALL_* */
    uint64_t code;  /* FAULT: VM_FAULT_*; EXCEPTION: scause; SIGNAL: the bits */
    uint64_t address;
};

#define UPCALL_FAULT 1u     /* the pager said no */
#define UPCALL_EXCEPTION 2u /* illegal instruction, misaligned, breakpoint ... */
#define UPCALL_SIGNAL 3u    /* thread_control(THREAD_INTERRUPT) */

/* The message page. The kernel reads handle, accept, in, out and item when it takes a message, and
 * writes handle and done when it delivers one. `libc` is the thread's own. */
struct msg_page {
    handle_t handle[MSG_MAX_HANDLES]; /* sent with a message; then those received */
    uint32_t accept;                  /* how many handles the next message may bring */
    uint32_t done;                    /* items of the last answer that were applied */
    struct msg_buffer in, out;        /* what the server of this thread's call may read, write */
    /* Received: handle[i] is HANDLE_NONE and badge[i] set where it was a right to a port of the receiver. */
    uint64_t badge[MSG_MAX_HANDLES];
    struct vm_op item[MSG_MAX_ITEMS];
    struct upcall_frame upcall;
    uint64_t fp_used; /* set by the kernel: this thread has used floating point since it began */
    uint64_t libc[209];
};
_Static_assert(
    sizeof(struct vm_op) == 32,
    "struct vm_op is part of the ABI: what a field is added for needs an operation of its own");
_Static_assert(sizeof(struct msg_page) == 4096,
               "struct msg_page is one page: change the length of libc");

#endif
