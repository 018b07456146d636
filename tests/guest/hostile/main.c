/* SPDX-License-Identifier: MIT
 *
 * Runs the hostile tests, and sees that nothing is missing afterwards; with an argument, a child.
 *
 * Once with time counted in instructions, so that the killer in killed.c misses none:
 *
 * octavo-test: SMP=1 ICOUNT=1 TIMEOUT=120
 * octavo-test: SMP=4 TIMEOUT=120 */
#include "tests/guest/hostile/hostile.h"

#include <string.h>

/* Whoever else there is: alive, and back to what they had. */
struct others {
    unsigned long tasks, threads, spaces, pager_frames, init_handles, pager_handles;
};

static struct others look(void)
{
    static struct info_system system;
    static struct info_task init, pager, task;
    static struct pager_stat stat;

    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    query_kernel(INFO_TASK, 1, &init, sizeof(init));
    for (unsigned id = 1; query_kernel(INFO_TASK, id, &task, sizeof(task)); id = task.id + 1)
        if (!strcmp(task.name, "pager"))
            pager = task;
    query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL);
    return (struct others){system.tasks,     system.threads, stat.spaces,
                           stat.frames_anon, init.handles,   pager.handles};
}

int main(int argc, char **argv)
{
    struct others before, after;

    if (argc > 1 && !strncmp(argv[1], "page", 4))
        paging_child(argv[1]);
    if (argc > 1 && !strncmp(argv[1], "serve", 5))
        serving_child(argv[1]);
    if (argc > 1)
        killed_child(argv[1], argc > 2 ? argv[2] : NULL);
    check_equal("a child of its own", spawned_run(SELF, "nothing", NULL), 0);
    before = look();
    paging_tests();
    serving_tests();
    killed_tests();
    upcall_tests();
    for (unsigned i = 0; i < 200; i++) { /* ends are told by messages, which take a moment */
        after = look();
        if (after.tasks == before.tasks && after.spaces == before.spaces &&
            after.init_handles == before.init_handles &&
            after.pager_handles == before.pager_handles)
            break;
        pause_ns(10 * MS);
    }
    check_equal("tasks afterwards", (long)after.tasks, (long)before.tasks);
    check_equal("spaces afterwards", (long)after.spaces, (long)before.spaces);
    check_equal("handles of init afterwards", (long)after.init_handles, (long)before.init_handles);
    check_equal("handles of the pager afterwards", (long)after.pager_handles,
                (long)before.pager_handles);
    check_equal("a child of its own afterwards", spawned_run(SELF, "nothing", NULL), 0);
    return check_done();
}
