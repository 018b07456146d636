/* SPDX-License-Identifier: MIT
 *
 * Pagers beside the system's, as init sees those who ask for them: bad requests, who may do what, how
 * many there can be, and that whatever way they and their programs end, all that they took comes back.
 *
 *     pagers          the test
 *     pagers MODE     a child: see child()
 *
 * octavo-test: SMP=4 TIMEOUT=240 */
#include <errno.h>
#include <proto/start.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/check.h"
#include "tests/guest/counts.h"
#include "tests/guest/spawned.h"

#define SELF "/test/pagers"
#define WITH "/bin/with-pager"
#define MANY 32u
#define EARLY 12u
#define RUNS 4u
#define FIRST 1u  /* the run after which it is counted: what is made once is there then */
#define ROUNDS 3u /* a leak is there in each; a busy host can make one begin with a wrong count */

static struct message answer;
static handle_t given; /* with it */

static long ask(unsigned operation, unsigned long w0, unsigned long w1, unsigned long w2,
                const void *in, size_t length)
{
    static struct init_pager record;

    answer = (struct message){.tag = operation, .w = {w0, w1, w2, sizeof(record)}};
    if (in)
        ipc_attach_in(&answer, in, length);
    if (operation == INIT_PAGER_FIND)
        ipc_attach_out(&answer, &record, sizeof(record));
    ipc_accept(1);
    long result = ipc_request(HANDLE_INIT, &answer);
    given = MSG_HANDLES(answer.tag) ? msg_page()->handle[0] : HANDLE_NONE;
    ipc_accept(0);
    return result;
}

static long start(unsigned long frames, const char *policy)
{
    char text[64];
    size_t length = (size_t)snprintf(text, sizeof(text), "%spager", policy);

    return ask(INIT_PAGER_START, frames, strlen(policy) | 5ul << 16, 0, text, length);
}

/* --- Bad requests -------------------------------------------------------------------------- */

static void bad_images(void)
{
    static char piece[INIT_PAGER_PIECE] = "\177ELF";

    check_equal("image of no bytes", ask(INIT_PAGER_IMAGE, 0, 0, 0, piece, 0), -EINVAL);
    check_equal("image without bytes", ask(INIT_PAGER_IMAGE, 0, 100, 100, NULL, 0), -EINVAL);
    check_equal("image in too large a piece", ask(INIT_PAGER_IMAGE, 0, 4097, 9999, piece, 4096),
                -EINVAL);
    check_equal("image beyond its end", ask(INIT_PAGER_IMAGE, 4000, 97, 4096, piece, 97), -EINVAL);
    check_equal("image around the end", ask(INIT_PAGER_IMAGE, ~0ul, 2, 4096, piece, 2), -EINVAL);
    check_equal("image without a head", ask(INIT_PAGER_IMAGE, 64, 64, 4096, piece, 64), -EINVAL);
    check_equal("image that is none", ask(INIT_PAGER_IMAGE, 0, 4096, 4096, piece, 4096), -ENOEXEC);
    check_equal("image of 4 bytes", ask(INIT_PAGER_IMAGE, 0, 4, 4, piece, 4), -ENOEXEC);
    check(ask(INIT_PAGER_IMAGE, 0, 4096, 4096, piece, 16) < 0, "image longer than its buffer",
          "taken");
    check_equal("start of what was not sent",
                ask(INIT_PAGER_START, 64, 5ul << 16, INIT_PAGER_UPLOADED, "pager", 5), -EINVAL);
}

static void bad_starts(void)
{
    unsigned long most;

    check_equal("asking for the frames", ask(INIT_PAGER_START, 0, 0, 0, "", 0), 0);
    most = answer.w[1];
    check(answer.w[0] == 16 && most > 1000, "how many there are", "%lu to %lu", answer.w[0], most);
    check_equal("too few frames", start(15, "fifo"), -EINVAL);
    check_equal("too many frames", start(most + 1, "fifo"), -ENOMEM);
    check_equal("frames beyond counting", start(~0ul, "fifo"), -ENOMEM);
    check_equal("no name", ask(INIT_PAGER_START, 64, 4, 0, "fifo", 4), -EINVAL);
    check_equal("too long a policy",
                ask(INIT_PAGER_START, 64, (INIT_PAGER_TEXT + 1) | 5ul << 16, 0, "fifo", 4),
                -EINVAL);
    check_equal("flags of nobody", ask(INIT_PAGER_START, 64, 4 | 5ul << 16, 2, "fifopager", 9),
                -EINVAL);
    check_equal("no text", ask(INIT_PAGER_START, 64, 4 | 5ul << 16, 0, NULL, 0), -EINVAL);
    check(start(64, "nosuch") == -EPIPE, "a policy of nobody's", "it started");
}

static void not_allowed(void)
{
    struct message m = {.tag = INIT_REGISTER, .w = {SERVICE_PAGER}};

    check_equal("stop nobody", ask(INIT_PAGER_STOP, 99999, 0, 0, NULL, 0), -ESRCH);
    check_equal("stop a program", ask(INIT_PAGER_STOP, (unsigned long)getpid(), 0, 0, NULL, 0),
                -ESRCH);
    check_equal("stop init", ask(INIT_PAGER_STOP, 1, 0, 0, NULL, 0), -EPERM);
    check_equal("find the own pager", ask(INIT_PAGER_FIND, 0, 0, 0, NULL, 0), 0);
    check(given == HANDLE_NONE, "but not its factory", "%#x", given);
    check_equal("stop the system's", ask(INIT_PAGER_STOP, answer.w[1], 0, 0, NULL, 0), -EPERM);
    check_equal("find nobody's", ask(INIT_PAGER_FIND, 99999, 0, 0, NULL, 0), -ESRCH);
    check_equal("find a server's", ask(INIT_PAGER_FIND, 2, 0, 0, NULL, 0), -ESRCH);
    check_equal("find beyond the last", ask(INIT_PAGER_FIND, 99999, INIT_PAGER_NEXT, 0, NULL, 0),
                -ENOENT);
    check_equal("find in another way", ask(INIT_PAGER_FIND, 0, 2, 0, NULL, 0), -EINVAL);
    check_equal("be alive", ask(INIT_PAGER_ALIVE, 0, 0, 0, NULL, 0), -EPERM);
    ipc_attach_handle(&m, HANDLE_SELF);
    check_equal("register as one", ipc_request(HANDLE_INIT, &m), -EPERM);
}

/* --- Good ones ----------------------------------------------------------------------------- */

static void one(void)
{
    struct message m = {.tag = PAGER_CREATE};

    check_equal("start one", start(64, "fifo"), 0);
    handle_t factory = given;
    unsigned long pid = answer.w[0];
    check(factory != HANDLE_NONE && answer.w[1] > 64, "with a factory", "%#x, %lu frames", factory,
          answer.w[1]);
    check_equal("find it", ask(INIT_PAGER_FIND, pid, 0, 0, NULL, 0), 0);
    check(answer.w[1] == pid && given != HANDLE_NONE, "and its factory", "%lu", answer.w[1]);
    sys_close(given);
    check_equal("find the last", ask(INIT_PAGER_FIND, pid, INIT_PAGER_NEXT, 0, NULL, 0), 0);
    sys_close(given);
    ipc_accept(1);
    check_equal("a space of it", ipc_request(factory, &m), 0);
    sys_close(msg_page()->handle[0]);
    ipc_accept(0);
    m = (struct message){.tag = PAGER_MUNMAP, .w = {0x10000, PAGE_SIZE}};
    check_equal("no space itself", ipc_request(factory, &m), -EPERM);
    check_equal("stop it", ask(INIT_PAGER_STOP, pid, 0, 0, NULL, 0), 0);
    while (ask(INIT_PAGER_FIND, pid, 0, 0, NULL, 0) == 0)
        pause_ms(1);
    check(start(64, "fifo") == 0, "and another one", "not started");
    sys_close(given);
    ask(INIT_PAGER_STOP, answer.w[0], 0, 0, NULL, 0);
    m = (struct message){.tag = PAGER_CREATE};
    while (ipc_request(factory, &m) != -EPIPE)
        pause_ms(1);
    check(true, "the factory leads nowhere", " ");
    sys_close(factory);
}

/* One program cannot have all there may be, nor all memory. */
static void many(void)
{
    unsigned long pid[MANY];
    unsigned n = 0;
    long result;

    while (n < MANY && (result = start(16, "fifo")) == 0) {
        pid[n++] = answer.w[0];
        sys_close(given);
    }
    check(n >= 3 && n < MANY && (result == -EAGAIN || result == -ENOMEM), "as many as there may be",
          "%u, then %ld", n, result);
    check_equal("programs can still be started", spawned_run(SELF, "n", NULL), 0);
    for (unsigned i = 0; i < n; i++)
        ask(INIT_PAGER_STOP, pid[i], 0, 0, NULL, 0);
    for (unsigned i = 0; i < n; i++)
        while (ask(INIT_PAGER_FIND, pid[i], 0, 0, NULL, 0) == 0)
            pause_ms(1);
}

static void ask_badly(void)
{
    bad_images();
    bad_starts();
    not_allowed();
    many();
}

/* --- Leaks --------------------------------------------------------------------------------- */

static _Noreturn void child(const char *mode)
{
    switch (mode[0]) {
    case 's':
        for (;;)
            ;
    case 'b':
        memset(malloc(1 << 17), 1, 1 << 17);
        break;
    case 'c':
        *(volatile char *)strtoul("8", NULL, 0) = 1;
        break;
    case 'p': /* leave one behind, and one that was hardly sent */
        start(16, "lru");
        break;
    }
    exit(0);
}

static pid_t begin(const char *mode)
{
    char *argv[] = {WITH, "lru", "128", SELF, (char *)mode, NULL};

    return spawned_start(argv, NULL, NULL);
}

static void runs(const char *mode)
{
    spawned_wait(begin(mode));
}

/* A client of another pager than this program's; 0: there is none yet. */
static unsigned long client_of(unsigned long pager)
{
    static struct init_process record;

    for (unsigned long pid = 1; query_process(pid, &record) == 0; pid = record.pid + 1ul)
        if (strcmp(record.name, "pagers") == 0 && record.pid != (unsigned)getpid() &&
            ask(INIT_PAGER_FIND, record.pid, 0, 0, NULL, 0) == 0) {
            if (given != HANDLE_NONE)
                sys_close(given);
            if (answer.w[1] == pager)
                return record.pid;
        }
    return 0;
}

/* The newest pager beside the system's; 0: there is none. */
static unsigned long pager_now(void)
{
    unsigned long pid = 0;

    for (unsigned long next = 1; ask(INIT_PAGER_FIND, next, INIT_PAGER_NEXT, 0, NULL, 0) == 0;
         next = answer.w[1] + 1) {
        if (given == HANDLE_NONE)
            continue;
        sys_close(given);
        pid = answer.w[1];
    }
    return pid;
}

/* A program that spins under its own pager, when both are there. */
static pid_t begin_spinning(unsigned long *pager, unsigned long *client)
{
    pid_t pid = begin("s");

    do {
        pause_ms(1);
        *pager = pager_now();
        *client = *pager ? client_of(*pager) : 0;
    } while (!*client);
    return pid;
}

static void ends(const char *whose)
{
    unsigned long pager, client;
    pid_t pid = begin_spinning(&pager, &client);

    if (*whose == 'p')
        ask(INIT_PAGER_STOP, pager, 0, 0, NULL, 0);
    else
        kill(*whose == 'w' ? pid : (pid_t)client, SIGKILL);
    spawned_wait(pid);
    if (*whose == 'w') /* its program goes on, and has its pager */
        kill((pid_t)client, SIGKILL);
    while (pager_now())
        pause_ms(1);
}

/* with-pager is killed in the middle of whatever it does. */
static void hurry(void)
{
    static unsigned long run;
    pid_t pid = begin("n");

    pause_ms(run++ * 7 % 40);
    kill(pid, SIGKILL);
    spawned_wait(pid);
    while (pager_now())
        pause_ms(1);
}

static void left(const char *mode)
{
    spawned_run(SELF, mode, NULL);
    while (pager_now())
        pause_ms(1);
}

static const struct leak_case {
    const char *name;
    void (*run)(const char *argument);
    const char *argument;
} cases[] = {
    {"with-pager and its program end", runs, "n"}, {"the program dies", runs, "c"},
    {"it has used its memory", runs, "b"},         {"the program is killed", ends, "c"},
    {"the pager is stopped", ends, "p"},           {"with-pager is killed", ends, "w"},
    {"whoever started it is gone", left, "p"},
};

static void run_case(const struct leak_case *c)
{
    static struct counts at_first, at_last;
    const struct count *bad = NULL;

    for (unsigned round = 0; round < ROUNDS && (round == 0 || bad); round++) {
        for (unsigned i = 0; i < FIRST; i++)
            c->run(c->argument);
        settle(&at_first);
        for (unsigned i = FIRST; i < RUNS; i++)
            c->run(c->argument);
        settle(&at_last);
        bad = difference(&at_first, &at_last);
    }
    check(!bad, c->name, "%s is %lu in the end", bad ? bad->name : "",
          bad ? (unsigned long)bad->value : 0);
}

int main(int argc, char **argv)
{
    static struct counts before, after;
    const struct count *bad;

    if (argc > 1)
        child(argv[1]);
    one();
    ask_badly();    /* what is made once, here and in init, is there now */
    settle(&after); /* its memory, too */
    settle(&before);
    ask_badly();
    settle(&after);
    bad = difference(&before, &after);
    check(!bad, "nothing is left of all that", "%s is %lu", bad ? bad->name : "",
          bad ? (unsigned long)bad->value : 0);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        run_case(&cases[i]);
    for (unsigned i = 0; i < EARLY; i++)
        hurry();
    check(true, "with-pager is killed early, and no pager stays", " ");
    return check_done();
}
