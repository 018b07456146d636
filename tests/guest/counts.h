/* SPDX-License-Identifier: MIT
 *
 * For tests that look whether something is lost: all that the kernel, the pager and init count, to the frame
 * and to the object. What is kept for the next user and not lost is left out of the count instead of
 * being drained first: free objects in slabs and harts' magazines (the objects in use are exact), the
 * pager's free frames and the page tables of its window (the frames in use are exact). */
#ifndef OCTAVO_TESTS_COUNTS_H
#define OCTAVO_TESTS_COUNTS_H

#include <octavo/query.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define MS 1000000ul
#define SETTLE_MS 2000u

static unsigned nothing; /* a futex nobody wakes */

static inline void pause_ms(unsigned long ms)
{
    sys_futex_wait((uintptr_t)&nothing, 0, (unsigned long)sys_clock() + ms * MS);
}

#define COUNTS 160u

struct count {
    char name[32];
    uint64_t value;
};
struct counts {
    unsigned n;
    uint64_t slab_frames;
    struct count count[COUNTS];
};

static inline void add(struct counts *c, const char *of, const char *what, uint64_t value)
{
    if (c->n == COUNTS)
        return;
    snprintf(c->count[c->n].name, sizeof(c->count[0].name), "%s %s", of, what);
    c->count[c->n++].value = value;
}

/* Every task but this one's account, handles and frames; *pager is the pager's record. */
static inline void count_tasks(struct counts *c, struct info_task *pager)
{
    static struct info_task task;

    for (uint32_t id = 1; query_kernel(INFO_TASK, id, &task, sizeof(task)); id = task.id + 1) {
        bool is_pager = !strcmp(task.name, "pager");
        if (is_pager)
            *pager = task;
        add(c, task.name, "handles", task.handles);
        add(c, task.name, "kernel bytes", task.account_kernel - task.tables * PAGE_SIZE);
        if (!is_pager)
            add(c, task.name, "account frames", task.account_frames);
        add(c, task.name, "threads", task.threads);
    }
}

static inline void count_all(struct counts *c)
{
    static struct info_task pager;
    static struct info_system system;
    static struct mminfo_slab slab;
    static struct pager_stat stat;

    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage); /* the pager keeps each child's until it is asked for */
    c->n = 0;
    c->slab_frames = 0;
    count_tasks(c, &pager);
    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL);
    for (unsigned i = 0; query_kernel(INFO_SLAB, i, &slab, sizeof(slab)); i++) {
        add(c, slab.name, "objects", slab.active);
        c->slab_frames += slab.slabs * slab.frames;
    }
    add(c, "system", "tasks", system.tasks);
    add(c, "system", "threads", system.threads);
    add(c, "system", "kernel frames", system.frames_kernel - c->slab_frames);
    add(c, "system", "table frames", system.frames_table - pager.tables);
    add(c, "system", "user frames", system.frames_user - pager.frames);
    add(c, "pager", "frames", stat.frames_used);
    add(c, "pager", "cached frames", stat.frames_cache);
    add(c, "pager", "spaces", stat.spaces);
    add(c, "pager", "regions", stat.regions);
    add(c, "pager", "metadata", stat.metadata);
    add(c, "pager", "open files", stat.open_files);
    add(c, "pager", "open shared memory", stat.open_shared);
    add(c, "pager", "files", stat.files);
    add(c, "pager", "ids at fs", stat.file_ids);
    add(c, "pager", "dirty frames", stat.frames_dirty);
}

/* The first count that differs, or NULL. */
static inline const struct count *difference(const struct counts *a, const struct counts *b)
{
    for (unsigned i = 0; i < a->n && i < b->n; i++)
        if (strcmp(a->count[i].name, b->count[i].name) || a->count[i].value != b->count[i].value)
            return &b->count[i];
    return a->n == b->n ? NULL : &b->count[0];
}

/* Ends are told by messages; waits until nothing changes any more. */
static inline void settle(struct counts *c)
{
    static struct counts before;

    count_all(c);
    for (unsigned i = 0, same = 0; i < SETTLE_MS / 4 && same < 4; i++) {
        before = *c;
        pause_ms(4);
        count_all(c);
        same = difference(&before, c) ? 0 : same + 1;
    }
}

#endif
