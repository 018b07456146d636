/* SPDX-License-Identifier: MIT
 *
 * vmtop [-n COUNT] [-d SECONDS]: the memory of a running system, again and again: what the pager and its
 * policy do, and which process has how many pages and faults. COUNT pictures (without end), one
 * each SECONDS (2), each with the rates of the time before it; q ends it. Where the output is no terminal
 * the pictures follow each other.
 *
 * PAGER: who pages it. RSS and ANON: pages mapped, and of them private ones, in KiB. FLT/S and DISK/S: faults a second, and those that
 * read from a disk or a file. A program whose pager has ended is shown without them. */
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000l
#define NS_PER_MS 1000000l
#define MOST 512u /* processes */
#define PAGERS 16u
#define LINES 23 /* of a terminal, if LINES in the environment does not say */

struct process {
    struct init_process init;
    struct info_task task;
    struct pager_space space;
    uint32_t pager;            /* pid */
    double faults, major, cpu; /* a second; share of a hart */
};

struct pager {
    struct init_pager init;
    struct pager_stat stat;
    handle_t right; /* HANDLE_NONE: it answers others only */
};

struct sample {
    struct info_system system;
    struct pager pager[PAGERS];
    unsigned pagers;
    unsigned long run, idle; /* ns, all harts */
    unsigned n;
    struct process process[MOST];
};

static struct sample samples[2];
static volatile sig_atomic_t ended;
static struct termios before;
static bool is_terminal;

/* --- looking --- */

static void take_pagers(struct sample *s)
{
    unsigned long pid = 0;

    for (struct pager *p = s->pager; s->pagers < PAGERS; p++, s->pagers++) {
        if (query_find_pager(pid, INIT_PAGER_NEXT, &p->init, &p->right) < 0)
            break;
        pid = p->init.pid + 1;
        if (p->right != HANDLE_NONE)
            query_pager_at(p->right, PAGER_STAT, 0, 0, &p->stat, sizeof(p->stat), NULL);
    }
}

/* What its pager, which is in the list, knows of a process. */
static void take_space(const struct sample *s, struct process *p)
{
    struct init_pager record;
    handle_t right;

    if (query_find_pager(p->init.pid, 0, &record, &right) < 0)
        return;
    query_close(right);
    p->pager = record.pid;
    for (unsigned i = 0; i < s->pagers; i++)
        if (s->pager[i].init.pid == record.pid && s->pager[i].right != HANDLE_NONE)
            query_pager_at(s->pager[i].right, PAGER_SPACE, p->task.space, 0, &p->space,
                           sizeof(p->space), NULL);
}

static void take(struct sample *s)
{
    struct info_hart hart;

    for (unsigned i = 0; i < s->pagers; i++)
        query_close(s->pager[i].right);
    memset(s, 0, sizeof(*s));
    take_pagers(s);
    query_kernel(INFO_SYSTEM, 0, &s->system, sizeof(s->system));
    for (unsigned long i = 0; query_kernel(INFO_HART, i, &hart, sizeof(hart)); i++) {
        s->run += hart.run_time;
        s->idle += hart.idle_time;
    }
    unsigned long pid = 0;
    for (struct process *p = s->process; s->n < MOST && query_process(pid, &p->init) == 0; p++) {
        pid = p->init.pid + 1;
        s->n++;
        if (!query_task(&p->init, &p->task) || p->task.space == 0) /* wired: no pager */
            continue;
        take_space(s, p);
    }
}

static const struct process *find(const struct sample *s, const struct process *wanted)
{
    for (unsigned i = 0; i < s->n; i++)
        if (s->process[i].init.pid == wanted->init.pid &&
            s->process[i].init.task == wanted->init.task)
            return &s->process[i];
    return NULL;
}

static double per_second(uint64_t now, uint64_t old, double seconds)
{
    return now > old ? (double)(now - old) / seconds : 0; /* a space that was emptied counts anew */
}

static void rates(struct sample *now, const struct sample *old, double seconds)
{
    static const struct process none;

    for (unsigned i = 0; i < now->n; i++) {
        struct process *p = &now->process[i];
        const struct process *was = find(old, p);
        if (!was)
            was = &none;
        p->faults = per_second(p->task.faults, was->task.faults, seconds);
        p->major = per_second(p->space.major, was->space.major, seconds);
        p->cpu = per_second(p->task.run_time, was->task.run_time, seconds) / NS_PER_S;
    }
}

static int by_faults(const void *a, const void *b)
{
    const struct process *p = a, *q = b;

    if (p->faults != q->faults)
        return p->faults < q->faults ? 1 : -1;
    if (p->space.resident != q->space.resident)
        return p->space.resident < q->space.resident ? 1 : -1;
    return p->init.pid < q->init.pid ? -1 : 1;
}

/* --- showing --- */

static void end_line(void)
{
    fputs(is_terminal ? "\033[K\n" : "\n", stdout);
}

/* The last line that the policy logs when it is asked for its state. */
static void print_state(const struct pager *p)
{
    static char text[8192];
    unsigned long answer[4];
    long result = query_pager_at(p->right, PAGER_DUMP, 0, 0, text, sizeof(text) - 1, answer);

    if (result < 0)
        return;
    text[answer[0] < sizeof(text) ? answer[0] : sizeof(text) - 1] = '\0';
    char *line = strtok(text, "\n"), *last = NULL, *more;
    while ((more = strtok(NULL, "\n")) != NULL)
        last = more;
    printf("policy %s%s%.100s", line ? line : "?", last ? ": " : "", last ? last : "");
    end_line();
}

static void print_pager(const struct pager *pager, const struct sample *old, double seconds)
{
    static const struct pager_stat none;
    const struct pager_stat *p = &pager->stat, *was = &none;

    for (unsigned i = 0; i < old->pagers; i++)
        if (old->pager[i].init.pid == pager->init.pid)
            was = &old->pager[i].stat;
    printf("pager %u: frames %lu of %lu: anonymous %lu, cache %lu (%lu not written yet); swap %lu "
           "of %lu "
           "pages",
           pager->init.pid, (unsigned long)p->frames_used, (unsigned long)p->frames_limit,
           (unsigned long)p->frames_anon, (unsigned long)p->frames_cache,
           (unsigned long)p->frames_dirty, (unsigned long)p->swap_used,
           (unsigned long)p->swap_slots);
    end_line();
#define RATE(field) per_second(p->field, was->field, seconds)
    printf(
        "a second: faults %.0f, evicted %.0f, swap in %.0f out %.0f, files read %.0f written %.0f",
        RATE(faults), RATE(evictions), RATE(swap_read), RATE(swap_written), RATE(file_reads),
        RATE(file_writes));
#undef RATE
    end_line();
    print_state(pager);
}

static void print_processes(const struct sample *now, unsigned rows)
{
    printf("%5s %5s %9s %9s %8s %8s %5s %9s  %s", "PID", "PAGER", "RSS", "ANON", "FLT/S", "DISK/S",
           "CPU%", "FAULTS", "NAME");
    end_line();
    for (unsigned i = 0; i < now->n && i < rows; i++) {
        const struct process *p = &now->process[i];
        printf("%5u %5u %8luK %8luK %8.0f %8.0f %5.1f %9lu  %.16s", p->init.pid, p->pager,
               (unsigned long)p->task.resident * (PAGE_SIZE / 1024),
               (unsigned long)p->space.anon * (PAGE_SIZE / 1024), p->faults, p->major, 100 * p->cpu,
               (unsigned long)p->task.faults, p->init.name);
        end_line();
    }
}

static void print(struct sample *now, const struct sample *old)
{
    double seconds = (double)(now->system.uptime - old->system.uptime) / NS_PER_S;
    double all = (double)(now->idle - old->idle) + (double)(now->run - old->run);
    const char *lines = getenv("LINES");
    long most = lines ? tool_number(lines, 1000) : LINES;

    rates(now, old, seconds);
    qsort(now->process, now->n, sizeof(now->process[0]), by_faults);
    fputs(is_terminal ? "\033[H" : "", stdout);
    printf("vmtop: up %.3f s, %u harts, %.0f %% idle, %u processes, %lu of %lu KiB free",
           (double)now->system.uptime / NS_PER_S, now->system.harts,
           all > 0 ? 100 * (double)(now->idle - old->idle) / all : 0, now->n,
           (unsigned long)now->system.frames_free * (PAGE_SIZE / 1024),
           (unsigned long)now->system.frames_total * (PAGE_SIZE / 1024));
    end_line();
    unsigned used = 3;
    for (unsigned i = 0; i < now->pagers; i++)
        if (now->pager[i].right != HANDLE_NONE) {
            print_pager(&now->pager[i], old, seconds);
            used += 3;
        }
    print_processes(now, is_terminal && most > used ? (unsigned)most - used : MOST);
    fputs(is_terminal ? "\033[J" : "\n", stdout);
    fflush(stdout);
}

/* --- the terminal --- */

static void end(int number)
{
    (void)number;
    ended = 1;
}

static void begin_terminal(void)
{
    struct termios raw;

    is_terminal =
        isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
    if (!is_terminal)
        return;
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    signal(SIGINT, end);
    signal(SIGTERM, end);
    fputs("\033[2J", stdout);
}

static void end_terminal(void)
{
    if (is_terminal)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

/* Until it is time for the next picture, or q was pressed. */
static void wait(long ns)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    char key;

    if (!is_terminal) {
        nanosleep(&(struct timespec){.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S}, NULL);
        return;
    }
    if (poll(&in, 1, (int)(ns / NS_PER_MS)) > 0 &&
        (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q'))
        ended = 1;
}

int main(int argc, char **argv)
{
    long count = -1, interval = 2 * NS_PER_S;
    int option;

    tool_begin(argv, "vmtop [-n count] [-d seconds]");
    while ((option = getopt(argc, argv, "n:d:")) != -1) {
        if (option == 'n')
            count = tool_number(optarg, 1000000000);
        else if (option == 'd')
            interval = tool_seconds(optarg);
        if (option == '?' || (option == 'n' && count <= 0) || interval < 0)
            tool_misused();
    }
    if (optind < argc)
        tool_misused();
    begin_terminal();
    take(&samples[0]);
    for (long n = 0; n != count; n++) {
        struct sample *now = &samples[(n + 1) % 2], *old = &samples[n % 2];
        wait(interval);
        if (ended)
            break;
        take(now);
        print(now, old);
    }
    end_terminal();
    return tool_end();
}
