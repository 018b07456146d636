/* SPDX-License-Identifier: MIT
 *
 * Spaces: one for each program. Regions say what addresses mean, pages what is there. A space is
 * made by CREATE, filled by EXEC, and goes when the kernel says that the last copy of its right is
 * gone (CLOSED), after the task's own mappings are.
 *
 * A slot of `pages` is
 *   0                            nothing of its own: the region's object, or zeros
 *   struct anon  | ANON | prot   a private page; prot = how it is mapped now, 0 = not
 *   struct frame | prot          a page of the object, or the zero frame, mapped (never for write)
 * The pager may believe in a mapping that the kernel no longer has (the task is dying), never the
 * other way round. */
#ifndef PAGER_SPACE_H
#define PAGER_SPACE_H

#include <abi/errno.h>
#include <abi/handle.h>
#include <abi/layout.h>
#include <abi/msg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "user/pager/base/frame.h"
#include "user/pager/vm/anon.h"
#include "user/pager/vm/pages.h"
#include "user/pager/vm/region.h"
#include "user/pager/vm/usage.h"

#define SPACES_MAX 4096u         /* a power of two */
#define SPACES_PER_CREATOR 1024u /* a bomb leaves the others room */
#define SPACE_NAME 32

/* Where things lie: image low, heap after it, mappings down from the stack's guard. */
#define STACK_TOP USER_MAX
#define STACK_BYTES (8ul << 20)
#define GUARD_BYTES (64ul << 10)
#define STACK_START (STACK_TOP - STACK_BYTES)
#define MMAP_TOP (STACK_START - GUARD_BYTES)

#define SLOT_PROT 7ul /* VM_R | VM_W | VM_X */
#define SLOT_ANON 8ul
#define SLOT_POINTER (~15ul)

struct space {
    uint64_t badge; /* serial * SPACES_MAX + index */
    struct region_tree regions;
    struct pages pages;
    struct charge charge; /* metadata kept for it */
    uint64_t creator;     /* badge of the space that made it, or 0 */
    uint64_t brk_start, brk;
    uint64_t stream;        /* page where sequential first writes would go on */
    uint32_t stream_length; /* pages that the next one of them brings; 0 = 1, a new stream */
    uint32_t around;        /* most pages mapped by one fault */
    uint64_t refuse;        /* page number that is answered with NO; 0 = none */
    struct refs *refs; /* only the pages that the instruction needs stay mapped (refs.h), or NULL */
    bool watch;        /* faults take the long way: see space_watch */
    bool trace;
    bool lock_future;         /* mlockall(MCL_FUTURE) */
    uint32_t children;        /* spaces whose creator it is */
    uint32_t descriptions[2]; /* that it opened, of shared memory and of files (description.h) */
    uint32_t shared_objects;  /* shared anonymous objects that it made */
    uint64_t shared_pages;    /* and their pages */
    bool doomed; /* there was no memory: its pages are gone, and so is it with its next step */
    uint64_t faults, major;
    uint64_t resident;          /* mapped pages */
    uint64_t resident_object;   /* of them not private: an object's, or the zero frame */
    uint64_t resident_peak;     /* the most there were, as far as noted (space_note_peak) */
    struct usage_children used; /* by spaces that it made */
    char name[SPACE_NAME];
};

extern uint64_t space_count;

extern struct space *space_table[SPACES_MAX];

/* The space of a badge, or NULL. */
static inline struct space *space_find(uint64_t badge)
{
    struct space *space = space_table[badge % SPACES_MAX];

    return space && space->badge == badge ? space : NULL;
}

/* The first one with a badge of a larger index than that of `space` (NULL: of all), or NULL: in this order all are
 * visited, whatever goes meanwhile. */
struct space *space_next(const struct space *space);

/* An empty space, and *right, a handle on the first right to it: 0, -ENOMEM or -EAGAIN. */
int space_create(struct space *creator, struct space **space, handle_t *right);

/* A space that has no right and is in no table: to be filled, and then to be taken over by another one, which
 * has been emptied, or to be freed. NULL: no memory. */
struct space *space_create_inner(void);
void space_take_over(struct space *space, struct space *from);
void space_free_inner(struct space *space);

/* Whoever keeps something beside each space, and need not be known here. */
struct space_hook {
    void (*begins)(struct space *space,
                   const struct space *creator); /* or NULL; so may creator be */
    void (*ends)(struct space *space);
    struct space_hook *next;
};

/* From now on it is told. */
void space_hook(struct space_hook *hook);

/* Says anew whether faults take the long way: they are traced or recorded, a page is refused, or it has refs. */
void space_watch(struct space *space);

/* Nothing of it is mapped any more. */
void space_destroy(struct space *space);

/* Makes it empty: regions and pages go. Nothing of it may be mapped. */
void space_clear(struct space *space);

static inline struct frame *slot_frame(uint64_t slot)
{
    void *pointer = (void *)(uintptr_t)(slot & SLOT_POINTER);

    return slot & SLOT_ANON ? ((struct anon *)pointer)->frame : pointer;
}

static inline uint64_t slot_of_anon(const struct anon *anon)
{
    return (uint64_t)(uintptr_t)anon | SLOT_ANON;
}

static inline uint64_t slot_of_frame(const struct frame *frame)
{
    return (uint64_t)(uintptr_t)frame;
}

/* Notes that a page is mapped with prot, showing what `value` says (slot_of_*), and writes the slot,
 * which must be empty or show the same. 0 or -ENOMEM: nothing is changed. */
static inline int space_map(struct space *space, uint64_t page, uint64_t *slot, uint64_t value,
                            unsigned prot)
{
    if ((*slot & SLOT_PROT) == 0) {
        if (frame_map(slot_frame(value), space, page, &space->charge) < 0)
            return -ENOMEM;
        space->resident++;
        space->resident_object += (value & SLOT_ANON) == 0;
    }
    pages_fill(&space->pages, slot, value | prot);
    return 0;
}

/* The same for a private page just made, where nothing is mapped: cannot fail. */
static inline void space_map_new(struct space *space, uint64_t page, uint64_t *slot,
                                 struct anon *anon, struct frame *frame, unsigned prot)
{
    frame_map_first(frame, space, page);
    space->resident++;
    pages_fill(&space->pages, slot, slot_of_anon(anon) | prot);
}

/* The same for the frame of zeros. */
static inline void space_map_zero(struct space *space, uint64_t *slot, unsigned prot)
{
    space->resident++;
    space->resident_object++;
    pages_fill(&space->pages, slot, slot_of_frame(frames.zero) | prot);
}

/* To be called before mappings are taken away; a peak that has passed is seen at no other place. */
static inline void space_note_peak(struct space *space)
{
    if (space->resident > space->resident_peak)
        space->resident_peak = space->resident;
}

/* Both only from within pages_each. Forgets that a page is mapped; the slot keeps its private page,
 * if it has one. */
void space_unmap(struct space *space, uint64_t page, uint64_t *slot);

/* Forgets the page altogether. */
static inline void space_release(struct space *space, uint64_t page, uint64_t *slot)
{
    uint64_t value = *slot;

    if (value & SLOT_PROT) {
        frame_unmap(slot_frame(value), space, page, &space->charge);
        space->resident--;
        space->resident_object -= (value & SLOT_ANON) == 0;
    }
    if (value & SLOT_ANON)
        anon_unref((struct anon *)(uintptr_t)(value & SLOT_POINTER));
    *slot = 0;
}

/* Both as visitors of pages_each, for a space. */
pages_visit space_visit_unmap, space_visit_release;

/* Changes a space at once, by a system call: all operations, or none if nobody runs in it and so nothing is
 * mapped. */
void space_vm(uint64_t badge, const struct vm_op *op, unsigned long count);

/* Unmaps a range at once, and forgets its mappings. */
void space_unmap_pages(struct space *space, uint64_t page, uint64_t count);

/* Is the instruction at pc an ecall? False, too, when its page is not there. */
#define SPACE_INSTRUCTION 4u /* bytes of an instruction at most */
bool space_is_call(const struct space *space, uint64_t pc);

struct request;

/* Writes into pages of a space that nobody runs in yet, over what its regions say: 0, -ENOMEM, -EFAULT, or
 * REQUEST_WAITS: it waits for a page. NULL writes zeros. */
int space_write(struct request *r, struct space *space, uint64_t address, const void *from,
                uint64_t length);

#endif
