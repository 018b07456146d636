/* SPDX-License-Identifier: MIT
 *
 * Keeping mapped what one instruction needs. See refs.h. The kernel tells the instruction's address with
 * each fault, so which pages those are is known without decoding it:
 *
 *   its own page, or two when it lies across their border;
 *   the page of its data, or two when these lie across a border, which is taken for granted only when the
 *   first one faults at its very end while the second one, brought by the same instruction, is there;
 *   of an ecall all that the kernel touched for it, since a server may need a whole buffer at once.
 *
 * That an instruction was fetched from its page before its data were touched is recorded, too, although it
 * did not fault, and so is the page that a program leaves when it goes on in another: recency stays right. */
#include "user/pager/watch/refs.h"
#include <abi/errno.h>
#include <proto/pager.h>
#include <string.h>
#include "user/pager/base/watcher.h"
#include "user/pager/calls/fault.h"
#include "user/pager/vm/space.h"

#define DATA_PAGES 34u  /* of a system call: FILE_IO_MAX, and a record */
#define ACCESS_BYTES 8u /* of one load or store at most */

struct refs {
    uint64_t code[2];          /* pages, 0 = none; the second one follows the first */
    uint64_t data[DATA_PAGES]; /* in order of their faults */
    unsigned count;
    uint64_t pc;   /* of the instruction that brought them, */
    bool call;     /* which is an ecall */
    uint64_t last; /* page recorded last */
};
static struct pool refs_pool = POOL(struct refs);

static void record_page(const struct space *space, uint64_t page, unsigned access)
{
    RECORD(PAGER_RECORD_REFERENCES, TRACE_REFERENCE, space->badge, page, access);
    space->refs->last = page;
}

static void record_code(const struct space *space, uint64_t page)
{
    if (page && space->refs->last != page)
        record_page(space, page, ACCESS_EXECUTE);
}

/* --- what is mapped --- */

static bool has(const uint64_t *pages, unsigned count, uint64_t page)
{
    for (unsigned i = 0; i < count; i++)
        if (pages[i] == page)
            return true;
    return false;
}

/* What was kept before and is not any more, nor is it the page of this fault. */
static void drop(struct space *space, const struct refs *before, uint64_t faulting)
{
    const struct refs *now = space->refs;

    for (unsigned i = 0; i < 2 + before->count; i++) {
        uint64_t page = i < 2 ? before->code[i] : before->data[i - 2];
        const uint64_t *slot = page ? pages_at(&space->pages, page) : NULL;
        if (slot && *slot & SLOT_PROT && page != faulting && !has(now->code, 2, page) &&
            !has(now->data, now->count, page))
            space_unmap_pages(space, page, 1);
    }
}

/* --- what is needed --- */

static void fetch(const struct fault *f, struct refs *refs)
{
    uint64_t page = f->pc >> PAGE_SHIFT;

    refs->count = 0;
    if (f->page == page + 1) { /* the second half of an instruction */
        record_code(f->space, page);
        refs->code[0] = page;
        refs->code[1] = f->page;
    } else {
        record_code(f->space, refs->code[refs->code[1] != 0]);
        refs->code[0] = f->page;
        refs->code[1] = 0;
    }
}

/* The pages of the instruction at f->pc: one that it has no part of is left behind. */
static void keep_code(const struct fault *f, struct refs *refs)
{
    uint64_t page = f->pc >> PAGE_SHIFT;

    if (page != refs->code[0] || (f->pc & PAGE_MASK) <= PAGE_SIZE - SPACE_INSTRUCTION)
        refs->code[1] = 0;
    refs->code[0] = page;
    record_code(f->space, refs->code[0]);
    if (refs->code[1])
        record_code(f->space, refs->code[1]);
}

static void keep_data(const struct fault *f, struct refs *refs)
{
    bool call = space_is_call(f->space, f->pc), same = f->pc == refs->pc && call == refs->call;
    bool across = refs->count == 1 && refs->data[0] == f->page + 1 &&
                  (f->address & PAGE_MASK) > PAGE_SIZE - ACCESS_BYTES;

    if (!same || !(call || across))
        refs->count = 0;
    refs->pc = f->pc;
    refs->call = call;
    if (has(refs->data, refs->count, f->page))
        return;
    if (refs->count == DATA_PAGES)
        memmove(refs->data, refs->data + 1, --refs->count * sizeof(refs->data[0]));
    refs->data[refs->count++] = f->page;
}

void refs_fault(struct fault *f)
{
    struct refs *refs = f->space->refs, before = *refs;
    unsigned need = f->access;

    if (f->access == ACCESS_EXECUTE) {
        fetch(f, refs);
    } else {
        keep_code(f, refs);
        keep_data(f, refs);
        need |= VM_R | (has(refs->code, 2, f->page) ? VM_X : 0);
    }
    record_page(f->space, f->page, f->access);
    drop(f->space, &before, f->page);
    f->prot &= need;
    *f->slot = (*f->slot & ~SLOT_PROT) | f->prot;
    f->request->answer.w[3] = f->prot;
}

/* --- on and off --- */

void refs_begin(struct space *space)
{
    if (!space->refs)
        space->refs = pool_alloc(&refs_pool, NULL);
    if (!space->refs)
        return;
    memset(space->refs, 0, sizeof(*space->refs));
    space->around = 1;
    space_unmap_pages(space, USER_MIN >> PAGE_SHIFT, (USER_MAX - USER_MIN) >> PAGE_SHIFT);
    space_watch(space);
}

void refs_end(struct space *space)
{
    if (space->refs)
        pool_free(&refs_pool, space->refs, NULL);
    space->refs = NULL;
    space_watch(space);
}

/* Handle 0: a space's right; a2 1 on, 0 off. */
enum outcome refs_request(struct request *r)
{
    struct space *space = MSG_HANDLES(r->m.tag) ? space_find(r->badge[0]) : NULL;

    if (!space)
        return answer_errno(r, -EBADF);
    if (r->m.w[0] > 1)
        return answer_errno(r, -EINVAL);
    if (r->m.w[0] == 0)
        refs_end(space);
    else
        refs_begin(space);
    return answer_errno(r, r->m.w[0] && !space->refs ? -ENOMEM : 0);
}
