/* SPDX-License-Identifier: MIT
 *
 * Two ways of trouble, at every place there is. A workload - fork, exec, pipes, mapped files, shared memory,
 * each a mode below - runs once for each allocation that the pager makes for it, and that one fails: the
 * program ends well, or with an errno that tells of it, or killed for lack of memory. And once for each
 * time that the pager begins to deal with a request of it, fault or call: then it is killed. Afterwards
 * nothing is lost (counts.h), what this program has in memory and in its file is as it was, and a
 * program can be started. The pager's audit runs all the while.
 *
 *     injected          the test; with few FRAMES all of it happens beside swap
 *     injected MODE     a workload: see work()
 *
 * octavo-test: SMP=1 TIMEOUT=300
 * octavo-test: SMP=1 FRAMES=48 SWAP=8M TIMEOUT=300 */
#include <errno.h>
#include <fcntl.h>
#include <octavo/query.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "tests/guest/check.h"
#include "tests/guest/counts.h"
#include "tests/guest/fs_calls.h"
#include "tests/guest/spawned.h"

#define SELF "/test/injected"
#define KEPT "kept" /* a file that the test keeps open and mapped */
#define KEPT_PAGES 8u
#define PAGES 16u
#define SHARED "/injected"
#define WRONG 99  /* exit status of a workload that found a wrong byte */
#define IDS 2100u /* user/fs/table.c: 2048 */
#define MANY 1000000ul
#define PATIENCE_MS 4000u
#define RW (PROT_READ | PROT_WRITE)

/* --- the workloads: any errno ends them, as their exit status ---------------------------------- */

static void need(bool good)
{
    if (!good)
        _exit(errno ? errno : WRONG);
}

static void need_bytes(const char *at, char byte, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (at[i] != byte)
            _exit(WRONG);
}

static void *need_map(size_t bytes, int flags, int fd)
{
    void *at = mmap(NULL, bytes, RW, flags, fd, 0);

    need(at != MAP_FAILED);
    return at;
}

static void need_child(pid_t pid)
{
    int status = 0;

    need(pid > 0);
    need(waitpid(pid, &status, 0) == pid);
    if (WIFSIGNALED(status))
        kill(getpid(), WTERMSIG(status));
    if (status)
        _exit(WEXITSTATUS(status));
}

/* Copies on write on both sides of a fork, and what else changes private memory. */
static void work_fork(void)
{
    char *at = need_map(PAGES * PAGE_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

    memset(at, 1, PAGES * PAGE_SIZE);
    pid_t pid = fork();
    if (pid == 0) {
        memset(at, 2, 8 * PAGE_SIZE);
        need_bytes(at + 8 * PAGE_SIZE, 1, 8 * PAGE_SIZE);
        _exit(0);
    }
    memset(at + 4 * PAGE_SIZE, 3, 8 * PAGE_SIZE);
    need_child(pid);
    need_bytes(at, 1, 4 * PAGE_SIZE);
    need_bytes(at + 4 * PAGE_SIZE, 3, 8 * PAGE_SIZE);
    need(mprotect(at + 2 * PAGE_SIZE, PAGE_SIZE, PROT_READ) == 0);
    need(munmap(at + 5 * PAGE_SIZE, PAGE_SIZE) == 0);
    char *moved = mremap(at + 8 * PAGE_SIZE, 8 * PAGE_SIZE, 2 * PAGES * PAGE_SIZE, MREMAP_MAYMOVE);
    need(moved != MAP_FAILED);
    need_bytes(moved, 3, 4 * PAGE_SIZE);
    need_bytes(moved + 4 * PAGE_SIZE, 1, 4 * PAGE_SIZE);
    memset(moved, 4, 2 * PAGES * PAGE_SIZE);
}

/* Programs, by both ways of starting them, that talk through a pipe. */
static void work_exec(void)
{
    char *argv[] = {SELF, "nothing", NULL}, byte = 0;
    int end[2];

    need(pipe(end) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        need(write(end[1], "x", 1) == 1);
        execv(SELF, argv);
        _exit(errno);
    }
    close(end[1]);
    errno = ENOMEM; /* it may have died before it could write */
    need(read(end[0], &byte, 1) == 1 && byte == 'x');
    need_child(pid);
    pid = spawned_start(argv, NULL, NULL);
    errno = -pid;
    need_child(pid);
}

/* A file in all ways, one that others have cached, and one that is removed while it is open. */
static void work_files(void)
{
    static char buffer[3 * PAGE_SIZE];
    int kept = open(KEPT, O_RDWR), fresh, gone;

    need(kept >= 0);
    need((fresh = open("fresh", O_RDWR | O_CREAT | O_TRUNC, 0600)) >= 0);
    need((gone = open("gone", O_RDWR | O_CREAT, 0600)) >= 0);
    char *own = need_map(KEPT_PAGES * PAGE_SIZE, MAP_PRIVATE, kept);
    need_bytes(own, 'k', 2 * PAGE_SIZE);
    memset(own + PAGE_SIZE, 1, 2 * PAGE_SIZE);
    memset(buffer, 5, sizeof(buffer));
    for (unsigned i = 0; i < 3; i++)
        need(write(fresh, buffer, sizeof(buffer)) == sizeof(buffer));
    need(pread(fresh, buffer, 100, 2 * PAGE_SIZE - 50) == 100);
    need(ftruncate(fresh, 6 * PAGE_SIZE + 7) == 0);
    char *shared = need_map(6 * PAGE_SIZE, MAP_SHARED, fresh);
    need_bytes(shared, 5, 6 * PAGE_SIZE);
    memset(shared + PAGE_SIZE, 6, 2 * PAGE_SIZE);
    need(fsync(fresh) == 0);
    need(write(gone, buffer, 100) == 100);
    need(unlink("gone") == 0);
    need(rename("fresh", "renamed") == 0);
    memset(shared + 3 * PAGE_SIZE, 7, PAGE_SIZE);
    need(msync(shared, 6 * PAGE_SIZE, MS_SYNC) == 0);
    need(close(fresh) == 0 && close(gone) == 0);
    fresh = open("renamed", O_RDONLY);
    need(fresh >= 0);
    need(pread(fresh, buffer, PAGE_SIZE, 2 * PAGE_SIZE) == PAGE_SIZE);
    need_bytes(buffer, 6, PAGE_SIZE);
}

static void work_shared(void)
{
    int named = shm_open(SHARED, O_RDWR | O_CREAT, 0600);

    need(named >= 0);
    need(ftruncate(named, PAGES * PAGE_SIZE) == 0);
    char *at = need_map(PAGES * PAGE_SIZE, MAP_SHARED, named);
    char *both = need_map(PAGES * PAGE_SIZE, MAP_SHARED | MAP_ANONYMOUS, -1);
    memset(at, 1, PAGES * PAGE_SIZE);
    pid_t pid = fork();
    if (pid == 0) {
        memset(both, 2, PAGES * PAGE_SIZE);
        need_bytes(at, 1, PAGES * PAGE_SIZE);
        _exit(0);
    }
    need_child(pid);
    need_bytes(both, 2, PAGES * PAGE_SIZE);
    need(shm_unlink(SHARED) == 0);
}

static const struct workload {
    const char *name;
    void (*run)(void);
} workloads[] = {
    {"fork", work_fork}, {"exec", work_exec}, {"files", work_files}, {"shared", work_shared}};

/* --- what is left of it ------------------------------------------------------------------------ */

static struct counts at_first, at_last;
static char *kept_memory, *own_memory;
static int kept;
static bool few; /* frames: then what is resident, and what that costs, is not the same each time */
static struct pager_stat stat_first;

static struct pager_stat stat_now(void)
{
    struct pager_stat stat = {0};

    query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL);
    return stat;
}

/* The counts that must be the same; what eviction moves about is left out of them then. */
static void count(struct counts *c)
{
    static const char *const moves[] = {"frames", "metadata", "kernel bytes"};
    unsigned n = 0;

    count_all(c);
    for (unsigned i = 0; few && i < c->n; i++) {
        bool keep = true;
        for (unsigned k = 0; k < sizeof(moves) / sizeof(moves[0]); k++)
            keep &= !strstr(c->count[i].name, moves[k]);
        if (keep)
            c->count[n++] = c->count[i];
    }
    if (few)
        c->n = n;
}

static unsigned long tune(unsigned long what, unsigned long value, bool *holds)
{
    struct message m = {.tag = PAGER_TUNE, .w = {what, value}};

    long result = ipc_request(HANDLE_PAGER, &m);
    if (result < 0)
        check(false, "the pager can be tuned", "%ld", result);
    if (holds)
        *holds = m.w[1];
    return m.w[0];
}

static void tidy(const struct workload *w)
{
    static const char *const names[] = {"fresh", "renamed", "gone"};

    for (unsigned i = 0; w->run == work_files && i < sizeof(names) / sizeof(names[0]); i++)
        unlink(names[i]);
    if (w->run == work_shared)
        shm_unlink(SHARED);
}

/* The first count that does not come back to what it was, or NULL. */
static const struct count *lost(void)
{
    for (unsigned ms = 0; ms < PATIENCE_MS; ms += 5) {
        count(&at_last);
        if (!difference(&at_first, &at_last))
            return NULL;
        pause_ms(5);
    }
    return difference(&at_first, &at_last);
}

static void baseline(void)
{
    settle(&at_first);
    count(&at_first);
    stat_first = stat_now();
}

/* With few frames: did this many rounds leave anything in swap, or in the pager's records? Some of it is
 * what has been evicted of other programs meanwhile. */
static void look_at_swap(const char *what)
{
    struct pager_stat now = stat_now();

    if (few)
        check(now.swap_used < stat_first.swap_used + 32 &&
                  now.metadata < stat_first.metadata + 16384 &&
                  now.evictions > stat_first.evictions,
              what, "%lu slots, then %lu; %lu bytes, then %lu", (unsigned long)stat_first.swap_used,
              (unsigned long)now.swap_used, (unsigned long)stat_first.metadata,
              (unsigned long)now.metadata);
}

static bool own_is_whole(void)
{
    for (unsigned i = 0; i < KEPT_PAGES * PAGE_SIZE; i++)
        if (kept_memory[i] != 'k' || own_memory[i] != 'o')
            return false;
    return true;
}

/* How many rounds of one kind went wrong; the first is told of in full. */
struct tally {
    char what[64];
    unsigned long rounds, wrong, failed;
    char first[128];
};

static void complain(struct tally *t, unsigned long n, const char *why, unsigned long a,
                     unsigned long b)
{
    if (t->wrong++ == 0)
        snprintf(t->first, sizeof(t->first), "number %lu: %s is %lu, not %lu", n, why, a, b);
}

static void look_after(const struct workload *w, struct tally *t, unsigned long n)
{
    tidy(w);
    const struct count *wrong = lost();
    if (wrong) {
        complain(t, n, wrong->name, wrong->value, at_first.count[wrong - at_last.count].value);
        at_first = at_last; /* told once */
    }
    if (!own_is_whole())
        complain(t, n, "a neighbour's byte", 1, 0);
    t->rounds++;
}

static pid_t start(const struct workload *w)
{
    char *argv[] = {SELF, (char *)w->name, NULL};

    return spawned_start(argv, NULL, NULL);
}

/* --- every allocation fails once --------------------------------------------------------------- */

static bool tells_of_it(int status)
{
    return status == 0 || status == ENOMEM || status == EAGAIN || status == ENOSPC ||
           status == -ENOMEM || status == -EAGAIN || status == 128 + SIGKILL;
}

/* What a program that fails touches first is cached from then on. */
static void fail_first(const struct workload *w)
{
    for (unsigned long n = 1; n < 40; n += 13) {
        tune(PAGER_TUNE_FAIL, n, NULL);
        spawned_wait(start(w));
    }
    tune(PAGER_TUNE_FAIL, 0, NULL);
    tidy(w);
}

static void fail_each(const struct workload *w)
{
    static struct tally t;

    t = (struct tally){.rounds = 0};
    fail_first(w);
    baseline();
    for (unsigned long n = 1;; n++) {
        tune(PAGER_TUNE_FAIL, n, NULL);
        int status = spawned_wait(start(w));
        bool beyond = tune(PAGER_TUNE_FAIL, 0, NULL) > 0;
        t.failed += status != 0;
        if (!tells_of_it(status) || (beyond && status))
            complain(&t, n, "the exit status", (unsigned long)status, 0);
        look_after(w, &t, n);
        if (beyond || n > MANY)
            break;
    }
    printf("# %s: %lu allocations, %lu of them needed\n", w->name, t.rounds, t.failed);
    snprintf(t.what, sizeof(t.what), "%s, each allocation failing", w->name);
    check(t.wrong == 0 && t.failed > 10, t.what, "%lu of %lu, %s", t.wrong, t.rounds, t.first);
    look_at_swap("nothing is left in swap");
}

/* --- killed at each request -------------------------------------------------------------------- */

/* Waits until a request is held, or the program is over: then its status, else -1. */
static int until_held(pid_t pid)
{
    int status;
    bool holds = false;

    for (;;) {
        tune(PAGER_TUNE_HOLD, PAGER_HOLD_ASK, &holds);
        if (holds)
            return -1;
        if (waitpid(pid, &status, WNOHANG) == pid)
            return status;
        pause_ms(1);
    }
}

static void kill_each(const struct workload *w)
{
    static struct tally t;

    t = (struct tally){.rounds = 0};
    for (unsigned long n = 1;; n++) {
        tune(PAGER_TUNE_HOLD, n, NULL);
        pid_t pid = start(w);
        int status = until_held(pid);
        if (status >= 0) {
            tune(PAGER_TUNE_HOLD, 0, NULL);
            if (status)
                complain(&t, n, "the exit status", (unsigned long)status, 0);
            look_after(w, &t, n);
            break;
        }
        kill(-pid, SIGKILL); /* its children too, once it leads a group */
        kill(pid, SIGKILL);
        if (n % 2) /* the request goes on before, or after the pager was told of the end */
            tune(PAGER_TUNE_HOLD, 0, NULL);
        status = spawned_wait(pid);
        tune(PAGER_TUNE_HOLD, 0, NULL);
        if (status != 128 + SIGKILL)
            complain(&t, n, "the exit status", (unsigned long)status, 128 + SIGKILL);
        look_after(w, &t, n);
    }
    printf("# %s: killed at each of %lu requests\n", w->name, t.rounds - 1);
    snprintf(t.what, sizeof(t.what), "%s, killed at each request", w->name);
    check(t.wrong == 0 && t.rounds > 30, t.what, "%lu of %lu, %s", t.wrong, t.rounds, t.first);
    look_at_swap("nor of those that were killed");
}

/* --- an offset that a request had when there was no memory to wait in ------------------------- */

/* A file that the pager knows nothing of: to read it a request has to wait, and has the offset meanwhile. */
static int unknown_file(void)
{
    static const char page[PAGE_SIZE];
    long id = fs_open(octavo_place, "unknown", FS_O_RDWR | FS_O_CREATE, 0600);

    if (id < 0)
        return (int)id;
    fs_write(octavo_place, (unsigned long)id, 0, page, sizeof(page));
    fs_close(octavo_place, (unsigned long)id);
    return open("unknown", O_RDONLY);
}

static void offset_comes_back(void)
{
    unsigned long failed = 0, strange = 0, left = 0;
    char byte;

    for (unsigned long n = 1; left == 0; n++) {
        int fd = unknown_file();
        tune(PAGER_TUNE_FAIL, n, NULL);
        ssize_t got = read(fd, &byte, 1);
        strange += got != 1 && errno != ENOMEM;
        failed += got != 1;
        left = tune(PAGER_TUNE_FAIL, 0, NULL);
        strange += read(fd, &byte, 1) != 1; /* or it waits for ever */
        close(fd);
        unlink("unknown");
    }
    check(failed > 0 && strange == 0, "a read that cannot wait gives the offset back",
          "%lu failed, %lu wrong", failed, strange);
}

/* --- all of it --------------------------------------------------------------------------------- */

static void set_up(char *folder)
{
    int end[8][2];
    static char page[PAGE_SIZE];

    for (unsigned i = 0; i < 8; i++) /* the pipe server keeps the frames of so many */
        pipe(end[i]);
    for (unsigned i = 0; i < 8; i++) {
        close(end[i][0]);
        close(end[i][1]);
    }
    check(mkdtemp(folder) && chdir(folder) == 0, "a folder", "errno %d", errno);
    kept = open(KEPT, O_RDWR | O_CREAT, 0600);
    memset(page, 'k', sizeof(page));
    for (unsigned i = 0; i < KEPT_PAGES; i++)
        write(kept, page, sizeof(page));
    fsync(kept);
    kept_memory = mmap(NULL, KEPT_PAGES * PAGE_SIZE, RW, MAP_SHARED, kept, 0);
    own_memory = malloc(KEPT_PAGES * PAGE_SIZE);
    memset(own_memory, 'o', KEPT_PAGES * PAGE_SIZE);
    check(own_is_whole(), "what must stay as it is", "it is not");
    few = stat_now().frames_limit < 100;
    if (!few)
        check_equal("this program's pages are all there", mlockall(MCL_CURRENT), 0);
}

/* Each of these opens it at fs, too, which cannot have so many open. */
static void ids_come_back(void)
{
    unsigned n = 0;

    for (int fd; n < IDS && (fd = open(KEPT, O_RDWR | O_CREAT, 0600)) >= 0; n++)
        close(fd);
    check_equal("files opened one after the other", n, IDS);
}

int main(int argc, char **argv)
{
    char folder[] = "/injected-XXXXXX";

    if (argc > 1)
        setpgid(0, 0);
    for (unsigned i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++)
        if (argc > 1 && !strcmp(argv[1], workloads[i].name))
            workloads[i].run();
    if (argc > 1)
        return 0;
    set_up(folder);
    offset_comes_back();
    for (unsigned i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++) {
        for (unsigned run = 0; run < 2; run++) /* what is made once is there afterwards */
            check_equal(workloads[i].name, spawned_wait(start(&workloads[i])), 0);
        tidy(&workloads[i]);
        fail_each(&workloads[i]);
        baseline();
        kill_each(&workloads[i]);
        check_equal("a program afterwards", spawned_run(SELF, "nothing", NULL), 0);
    }
    ids_come_back();
    close(kept);
    check(unlink(KEPT) == 0 && chdir("/") == 0 && rmdir(folder) == 0,
          "nothing else is in the folder", "errno %d", errno);
    return check_done();
}
