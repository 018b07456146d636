/* SPDX-License-Identifier: MIT
 *
 * Changes to user address spaces. Each works in chunks; a chunk is checked, then committed, and an
 * interrupted system call finds its progress in its argument registers.
 *
 * Order, or data is lost: PTEs are swapped atomically, every hart that ran the space fences, and only
 * then are frames given up and old A/D bits reported. A frame's count is the number of leaf PTEs that
 * map it; at 0 it goes back to buddy. The source of a map is a frame that the pager's own task
 * allocated: received pages cannot be passed on. */
#include "kernel/run/vm.h"

#include "kernel/run/handler.h"
#include "kernel/run/hart.h"
#include "kernel/run/ipc.h"
#include "kernel/run/port.h"
#include "mm/buddy.h"

#include <abi/errno.h>
#include <string.h>

#define CHUNK 64u /* pages between two looks at the interrupts */
#define PAGES_PER_ENTRY 256u
#define LEVEL0_ENTRIES 512u

/* A page that is mapped for nothing would be a reserved entry: such pages are unmapped instead. */
static inline bool prot_valid(unsigned prot)
{
    return prot != 0 && (prot & ~(VM_R | VM_W | VM_X)) == 0;
}

static bool range_valid(uintptr_t va, uint64_t pages)
{
    return (va & PAGE_MASK) == 0 && va >= USER_MIN && va < USER_MAX &&
           pages <= (USER_MAX - va) >> PAGE_SHIFT;
}

int vm_tables_prepare(struct task *task, uintptr_t va, size_t pages, struct sv39_pool *pool)
{
    size_t needed = sv39_tables_needed(task->aspace.root, va, pages);

    *pool = (struct sv39_pool){0};
    if (!needed)
        return 0;
    if (!account_charge(task->account, needed * PAGE_SIZE))
        return -ENOMEM;
    int error = aspace_pool_fill(pool, needed, task);
    if (error)
        account_uncharge(task->account, needed * PAGE_SIZE);
    return error;
}

void vm_tables_finish(struct task *task, struct sv39_pool *pool)
{
    account_uncharge(task->account, pool->count * PAGE_SIZE);
    aspace_pool_drain(pool);
}

/* ---- MAP ---- */

/* More rights on the same frame need no fence: a stale TLB entry faults, and fault dispatch sees that
 * it is permitted. */
void vm_replace(struct task *task, pte_t *slot, uintptr_t va, pte_t leaf, struct page *page)
{
    pte_t old = pte_read(slot);

    if (pte_pa(old) == pte_pa(leaf) && (old & PTE_RWX & ~leaf) == 0) {
        pte_set_bits(slot, leaf & (PTE_RWX | PTE_A | PTE_D));
        return;
    }
    old = pte_swap(slot, 0);
    aspace_shootdown(&task->aspace, va, 1);
    page->count++;
    pte_install(slot, leaf);
    vm_leaf_put(old, 0);
}

static inline void put_leaf(struct task *task, pte_t *slot, uintptr_t va, pte_t leaf,
                            struct page *page)
{
    if (!aspace_map_at(&task->aspace, slot, leaf))
        vm_replace(task, slot, va, leaf, page);
    else
        page->count++;
}

/* Removes a megapage in the way: the whole leaf, its 4 KiB pages fault back in. */
static void drop_megapage(struct task *task, uintptr_t va)
{
    unsigned level;
    pte_t old = aspace_unmap(&task->aspace, va, &level);

    aspace_shootdown(&task->aspace, va & ~(sv39_size(level) - 1), sv39_size(level) >> PAGE_SHIFT);
    vm_leaf_put(old, level);
}

/* One chunk of a MAP. `fault`: the thread that waits for one of the pages, whose access counts; or NULL. */
static long map_chunk(struct task *server, struct task *task, const struct vm_op *op, size_t first,
                      size_t pages, const struct thread *fault)
{
    struct sv39_pool pool;
    pte_t flags = vm_leaf(op->prot);
    uintptr_t src = op->src + first * PAGE_SIZE, dst = op->dst + first * PAGE_SIZE;
    struct page *page = NULL;
    pte_t leaf[CHUNK], *slot = NULL;
    bool large = src < USER_MAX && !sv39_slot(server->aspace.root, src);

    if (op->flags & VM_TOUCHED)
        flags |= op->prot & VM_W ? PTE_A | PTE_D : PTE_A;
    for (size_t i = 0; i < pages; i++) {
        unsigned level;
        uintptr_t va = dst + i * PAGE_SIZE;
        large = large && (i == 0 || (src + i * PAGE_SIZE) % MEGAPAGE_SIZE);
        if (i > 0 && large) { /* the next page of the same leaf */
            leaf[i] = leaf[i - 1] + (1ul << PTE_PPN_SHIFT);
            page++;
        } else {
            leaf[i] = vm_source(server, src + i * PAGE_SIZE, &page);
        }
        if (!leaf[i] || page->owner != server)
            return -EFAULT;
        if ((i == 0 || va % MEGAPAGE_SIZE == 0) &&
            pte_is_leaf(pte_read(sv39_walk(task->aspace.root, va, &level))) && level > 0) {
            if (task == server)
                return -EEXIST;
            drop_megapage(task, va);
        }
    }
    long error = vm_tables_prepare(task, dst, pages, &pool);
    if (error)
        return error;
    for (size_t i = 0; i < pages; i++) {
        uintptr_t va = dst + i * PAGE_SIZE;
        page = pa_to_page(pte_pa(leaf[i]));
        leaf[i] = (leaf[i] & PTE_PPN_MASK) | flags;
        if (fault && va == (fault->fault_va & ~PAGE_MASK))
            leaf[i] |= aspace_touched(fault->fault_access);
        slot = slot && va % MEGAPAGE_SIZE ? slot + 1 : sv39_slot(task->aspace.root, va);
        if (slot) {
            put_leaf(task, slot, va, leaf[i], page);
        } else { /* cannot fail: its tables are in the pool */
            aspace_map(&task->aspace, va, pte_pa(leaf[i]), 0, leaf[i] & PTE_FLAGS, &pool);
            page->count++;
        }
        fence_page(va);
    }
    vm_tables_finish(task, &pool);
    if (op->prot & VM_X)
        hart_fence_i_all(&task->aspace);
    return 0;
}

/* ---- UNMAP, PROTECT, HARVEST ---- */

static uint8_t was(pte_t old)
{
    return (uint8_t)(VM_WAS_PRESENT | (old & PTE_A ? VM_WAS_ACCESSED : 0) |
                     (old & PTE_D ? VM_WAS_DIRTY : 0));
}

/* The op on one slot: the old PTE, 0 if nothing is mapped. */
static inline pte_t change_leaf(pte_t *slot, const struct vm_op *op)
{
    pte_t old = pte_read(slot);

    if (!(old & PTE_V))
        return 0;
    if (op->op == VM_UNMAP)
        return pte_swap(slot, 0);
    if (op->op == VM_PROTECT)
        return pte_protect(slot, vm_leaf(op->prot) & PTE_RWX, 0);
    return old & PTE_A ? pte_clear_bits(slot, PTE_A) : old;
}

/* One chunk of the op on leaves that are present; results in out[0..pages), if not NULL. Returns the pages dealt
 * with, which may be more or fewer than asked: absent tables are skipped whole. */
static size_t change_chunk(struct task *task, const struct vm_op *op, size_t first, size_t pages,
                           uint8_t *out)
{
    struct {
        pte_t pte;
        uint8_t level, at;
    } old[CHUNK];
    size_t i = 0, n = 0;
    uintptr_t changed = 0, end = 0;

    if (out)
        memset(out, 0, pages);
    while (i < pages) {
        uintptr_t va = op->dst + (first + i) * PAGE_SIZE;
        unsigned level;
        pte_t *slot = sv39_walk(task->aspace.root, va, &level);
        size_t size = sv39_size(level), left = (size - (va & (size - 1))) >> PAGE_SHIFT;
        size_t run = level ? 1 : LEVEL0_ENTRIES - sv39_index(va, 0); /* slots beside each other */
        for (; run && i < pages; run--, slot++, va += PAGE_SIZE, i += left) {
            pte_t pte = change_leaf(slot, op);
            if (!pte)
                continue;
            for (size_t k = i; out && k < i + left && k < pages; k++)
                out[k] = was(pte);
            old[n].pte = pte;
            old[n].level = (uint8_t)level;
            old[n++].at = (uint8_t)i;
            if (op->op == VM_HARVEST && !(pte & PTE_A))
                continue;
            changed = end ? changed : va & ~(size - 1);
            end = (va & ~(size - 1)) + size;
        }
    }
    aspace_shootdown(&task->aspace, changed, (end - changed) >> PAGE_SHIFT);
    if (op->op == VM_PROTECT && op->prot & VM_X)
        hart_fence_i_all(&task->aspace);
    for (size_t k = 0; op->op == VM_UNMAP && k < n; k++) {
        /* Three: this one, the owner's window, and another. */
        if (out && old[k].level == 0 && !(old[k].pte & PTE_IO) &&
            pa_to_page(pte_pa(old[k].pte))->count > 2)
            out[old[k].at] |= VM_IS_SHARED;
        task->aspace.resident -= sv39_size(old[k].level) >> PAGE_SHIFT;
        vm_leaf_put(old[k].pte, old[k].level);
    }
    return i;
}

/* The same with results for the pager, which must have a place before anything is changed. */
static long tell_chunk(struct task *pager, struct task *task, const struct vm_op *op, size_t at,
                       size_t pages)
{
    uint8_t out[CHUNK];
    size_t left;

    if (op->out >= USER_MAX || op->count > USER_MAX - op->out)
        return -EFAULT;
    for (uintptr_t va = op->out + at, end = va + pages; va < end; va += left)
        if (!aspace_touch(&pager->aspace, va, ACCESS_WRITE, &left))
            return -EFAULT;
    size_t done = change_chunk(task, op, at, pages, out);
    aspace_copy_out(&pager->aspace, op->out + at, out, pages);
    return (long)(done > pages ? pages : done);
}

/* One chunk of one op, of which `at` pages are done. `fault`: the thread whose page fault this answers, or
 * NULL. Returns pages done now, or a negative errno. */
static long step(struct task *pager, struct task *task, const struct vm_op *op, size_t at,
                 const struct thread *fault)
{
    size_t pages = op->count - at < CHUNK ? op->count - at : CHUNK;

    if (!range_valid(op->dst, op->count) || (op->op == VM_MAP && op->src & PAGE_MASK) ||
        ((op->op == VM_MAP || op->op == VM_PROTECT) && !prot_valid(op->prot)))
        return -EINVAL;
    if (op->op == VM_MAP) {
        long error = map_chunk(pager, task, op, at, pages, fault);
        return error ? error : (long)pages;
    }
    if (op->op != VM_UNMAP && op->op != VM_PROTECT && op->op != VM_HARVEST)
        return -EINVAL;
    return op->out ? tell_chunk(pager, task, op, at, pages)
                   : (long)change_chunk(task, op, at, pages, NULL);
}

/* ---- answers ---- */

static long copy_item(struct thread *server, struct thread *caller, const struct vm_op *op)
{
    const struct msg_buffer *buffer = ipc_buffer(caller, COPY_OUT);

    if (!buffer || op->dst > buffer->length || op->count > buffer->length - op->dst ||
        op->count > COPY_MAX)
        return -EINVAL;
    size_t done = aspace_copy(&caller->task->aspace, buffer->address + op->dst,
                              &server->task->aspace, op->src, op->count, NULL);
    return done == op->count ? (long)done : -EFAULT;
}

/* One chunk of one item of an answer. It may have become another one since the last chunk. */
static long answer_item(struct thread *server, struct thread *caller, const struct vm_op *op,
                        size_t at)
{
    if (op->op == VM_COPY)
        return copy_item(server, caller, op);
    if (op->out || op->op == VM_HARVEST || at > op->count ||
        (op->op == VM_MAP && (op->count == 0 || op->count > CHUNK)))
        return -EINVAL;
    return step(server->task, caller->task, op, at,
                caller->message == MSG_KIND_FAULT ? caller : NULL);
}

long vm_answer(struct thread *server, struct thread *caller, uint64_t tag)
{
    unsigned count = MSG_ITEMS(tag), done = (uint32_t)caller->answered;
    size_t at = caller->answered >> 32, budget = PAGES_PER_ENTRY;
    long n = 0;

    if (tag & MSG_MAP) {
        if (thread_x(server, 14) >> 32 || thread_x(server, 15) >> 24)
            return -EINVAL;
        struct vm_op op = {
            .src = thread_x(server, 12),
            .dst = thread_x(server, 13),
            .count = (uint32_t)thread_x(server, 14),
            .op = VM_MAP,
            .prot = (uint8_t)thread_x(server, 15),
            .flags = (uint16_t)(thread_x(server, 15) >> 8),
        };
        n = answer_item(server, caller, &op, 0);
        return n < 0 ? n : 0;
    }
    if (count > MSG_MAX_ITEMS)
        return -EINVAL;
    while (done < count) {
        struct vm_op op = server->msg->item[done]; /* once: its owner may be writing to it */
        if (!budget) {
            caller->answered = done | (uint64_t)at << 32;
            return VM_AGAIN;
        }
        n = answer_item(server, caller, &op, at);
        if (n < 0)
            break;
        at += (size_t)n;
        budget -= budget < CHUNK ? budget : CHUNK;
        if (at >= op.count) {
            done++;
            at = 0;
        }
    }
    caller->answered = 0;
    server->msg->done = done;
    return n < 0 && (!done || tag & MSG_START) ? n : 0;
}

/* ---- system calls ---- */

/* One page or one megapage at va. Returns pages done, or a negative errno. */
static long alloc_step(struct task *task, uintptr_t va, uint64_t pages)
{
    struct sv39_pool pool;
    unsigned at;

    if (pte_read(sv39_walk(task->aspace.root, va, &at)) & PTE_V)
        return -EEXIST;
    bool large = at > 0 && pages >= LEVEL0_ENTRIES && (va & (MEGAPAGE_SIZE - 1)) == 0;
    unsigned level = large ? 1 : 0, order = large ? 9 : 0;
    long error = vm_tables_prepare(task, va, 1, &pool);
    if (error)
        return error;
    struct page *page = NULL;
    if (account_charge_frames(task->account, 1u << order)) {
        page = buddy_alloc(order, MM_MOVABLE | MM_ZERO);
        if (!page)
            account_uncharge_frames(task->account, 1u << order);
    }
    if (!page) {
        vm_tables_finish(task, &pool);
        return order ? 0 : -ENOMEM; /* 0: try single pages */
    }
    if (order)
        buddy_split(page, order);
    for (unsigned i = 0; i < 1u << order; i++) {
        page[i].owner = task;
        page[i].count = 1;
    }
    task->frames += 1u << order;
    aspace_map(&task->aspace, va, page_to_pa(page), level, vm_leaf(VM_R | VM_W) | PTE_A | PTE_D,
               &pool);
    vm_tables_finish(task, &pool);
    fence_page(va);
    return 1l << order;
}

long sys_page_alloc(uint64_t va, uint64_t pages)
{
    struct thread *thread = current_thread();
    uint64_t budget = PAGES_PER_ENTRY;

    if (!range_valid(va, pages))
        return -EINVAL;
    while (pages && budget) {
        long n = alloc_step(thread->task, va, pages);
        if (n == 0) /* no block of 2 MiB: for this entry single pages will do */
            n = alloc_step(thread->task, va, 1);
        if (n < 0)
            return n;
        va += (uint64_t)n * PAGE_SIZE;
        pages -= (uint64_t)n;
        budget -= (uint64_t)n < budget ? (uint64_t)n : budget;
    }
    if (!pages)
        return 0;
    thread_x(thread, 10) = va;
    thread_x(thread, 11) = pages;
    return handler_again(thread);
}

/* A megapage of which only a part goes is split, the rest stays mapped. */
static long split_edge(struct task *task, uintptr_t va, uintptr_t start, uintptr_t end)
{
    struct sv39_pool pool;
    unsigned level;
    uintptr_t base = va & ~(MEGAPAGE_SIZE - 1);
    pte_t pte = pte_read(sv39_walk(task->aspace.root, va, &level));

    if (level != 1 || !pte_is_leaf(pte) || (base >= start && base + MEGAPAGE_SIZE <= end))
        return 0;
    pool = (struct sv39_pool){0};
    if (!account_charge(task->account, PAGE_SIZE))
        return -ENOMEM;
    long error = aspace_pool_fill(&pool, 1, task);
    if (!error)
        error = aspace_split(&task->aspace, base, &pool);
    if (error)
        account_uncharge(task->account, PAGE_SIZE);
    aspace_pool_drain(&pool);
    aspace_shootdown(&task->aspace, base, LEVEL0_ENTRIES);
    return error;
}

/* Is [va, va + pages) all RAM that the task allocated itself, or absent? */
static bool own_or_absent(struct task *task, uintptr_t va, size_t pages)
{
    struct page *page;

    for (size_t i = 0; i < pages; i++) {
        uintptr_t at = va + i * PAGE_SIZE;
        if (sv39_page(task->aspace.root, at) & PTE_V && !vm_source(task, at, &page))
            return false;
    }
    return true;
}

long sys_page_free(uint64_t va, uint64_t pages)
{
    struct thread *thread = current_thread();

    if (!range_valid(va, pages))
        return -EINVAL;
    struct vm_op op = {.op = VM_UNMAP, .dst = va};
    size_t done = 0;
    while (done < pages && done < PAGES_PER_ENTRY) {
        size_t n = pages - done < CHUNK ? pages - done : CHUNK;
        if (!own_or_absent(thread->task, va + done * PAGE_SIZE, n))
            return -EINVAL;
        uintptr_t end = va + pages * PAGE_SIZE;
        long error = split_edge(thread->task, va + done * PAGE_SIZE, va, end);
        if (!error)
            error = split_edge(thread->task, end - PAGE_SIZE, va, end);
        if (error)
            return error;
        done += change_chunk(thread->task, &op, done, n, NULL);
    }
    if (done >= pages)
        return 0;
    thread_x(thread, 10) = va + done * PAGE_SIZE;
    thread_x(thread, 11) = pages - done;
    return handler_again(thread);
}

long sys_vm(uint64_t handle, uint64_t badge, uint64_t ops, uint64_t count, uint64_t progress)
{
    struct thread *thread = current_thread();
    struct task *pager = thread->task;
    long error;
    struct port *port = handler_object(handle, OBJECT_PORT, H_RECV, &error);

    if (!port)
        return error;
    struct right *right = port_right_find(port, badge);
    struct task *task = right ? right->space : NULL;
    if (!task || task->dying)
        return -ENOENT;
    uint64_t index = progress & 0xffffffffu, at = progress >> 32;
    size_t budget = PAGES_PER_ENTRY;
    while (index < count) {
        struct vm_op op;
        uintptr_t where = ops + index * sizeof(op);
        if (!budget) {
            thread_x(thread, 14) = index | at << 32;
            return handler_again(thread);
        }
        if (aspace_copy_in(&pager->aspace, &op, where, sizeof(op)) < sizeof(op))
            return index ? (long)index : -EFAULT;
        if (at >= op.count) {
            index++;
            at = 0;
            budget--; /* an op counts, too: a list of empty ones is no short work */
            continue;
        }
        long n = step(pager, task, &op, at, NULL);
        if (n < 0)
            return index ? (long)index : n;
        at += (uint64_t)n;
        budget -= (size_t)n < budget ? (size_t)n : budget;
    }
    return (long)index;
}
