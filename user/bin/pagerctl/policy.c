/* SPDX-License-Identifier: MIT
 *
 * pagerctl policy, list, stats, dump: what a pager says of its policy and its frames. */
#include <errno.h>
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <string.h>
#include "user/bin/pagerctl/pagerctl.h"

/* A request whose answer is text: its length, cut to `room` - 1 and ended by 0, or a negative errno. */
static long ask_text(enum pager_operation operation, unsigned long w0, char *text, size_t room,
                     unsigned long *flag)
{
    struct message m = {.tag = operation, .w = {w0, 0, 0, room - 1}};

    memset(text, 0, room); /* present, so that it is copied at once */
    ipc_attach_out(&m, text, room - 1);
    long result = ipc_request(pager, &m);
    if (result < 0)
        return result;
    if (flag)
        *flag = m.w[1];
    return (long)(m.w[0] < room - 1 ? m.w[0] : room - 1);
}

static _Noreturn void fail(long error)
{
    tool_die("%s: %s", usage, strerror((int)-error));
}

/* --- policy, dump --- */

static const char *const wrongs[] = {
    [PAGER_POLICY_NONE] = "there is no such policy: pagerctl list",
    [PAGER_POLICY_PARAMETER] = "it has no such parameter: pagerctl list",
    [PAGER_POLICY_VALUE] = "no such value: pagerctl list",
    [PAGER_POLICY_MEMORY] = "there is not enough memory for it",
    [PAGER_POLICY_BROKEN] = "it has failed; the console says how",
};

static void change(const char *text)
{
    struct message m = {.tag = PAGER_POLICY, .w = {strlen(text)}};

    ipc_attach_in(&m, text, strlen(text));
    long result = ipc_request(pager, &m);
    if (result == -EINVAL && m.w[0] < sizeof(wrongs) / sizeof(wrongs[0]) && wrongs[m.w[0]])
        tool_die("%s: %s", text, wrongs[m.w[0]]);
    if (result < 0)
        fail(result);
}

/* What the pager tells; its first line is the policy. `whole`: the log, too. */
static void show(bool whole)
{
    static char text[8192];
    long result = ask_text(PAGER_DUMP, !whole, text, sizeof(text), NULL);

    if (result < 0)
        fail(result);
    if (!whole)
        text[strcspn(text, "\n") + 1] = '\0';
    fputs(text, stdout);
}

int command_policy(int argc, char **argv)
{
    if (argc > 1)
        misused();
    if (argc == 1)
        change(argv[0]);
    else
        show(false);
    return 0;
}

int command_dump(int argc, char **argv)
{
    (void)argv;
    if (argc > 0)
        misused();
    show(true);
    return 0;
}

/* --- list --- */

int command_list(int argc, char **argv)
{
    char text[1100];
    unsigned long in_force;
    long result;

    (void)argv;
    if (argc > 0)
        misused();
    for (unsigned long i = 0;
         (result = ask_text(PAGER_POLICIES, i, text, sizeof(text), &in_force)) >= 0; i++) {
        char *rest = text, *name = strsep(&rest, "\t"), *about = strsep(&rest, "\t"), *parameter;
        printf("%c %-10s %s\n", in_force ? '*' : ' ', name, about ? about : "");
        while ((parameter = strsep(&rest, "\t")) != NULL)
            printf("  %-10s   %s\n", "", parameter);
    }
    if (result != -ENOENT)
        fail(result);
    return 0;
}

/* --- stats --- */

int command_stats(int argc, char **argv)
{
    struct pager_stat s = {0};
    struct message m = {.tag = PAGER_STAT, .w = {0, 0, 0, sizeof(s)}};

    (void)argv;
    if (argc > 0)
        misused();
    ipc_attach_out(&m, &s, sizeof(s));
    long result = ipc_request(pager, &m);
    if (result < 0)
        fail(result);
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"frames", s.frames_limit},
        {"frames in use", s.frames_used},
        {"  anonymous", s.frames_anon},
        {"  of files and images", s.frames_cache},
        {"  not written to their file yet", s.frames_dirty},
        {"frames free", s.frames_free},
        {"  and zeroed", s.frames_zeroed},
        {"faults", s.faults},
        {"  refused", s.refused},
        {"  pages mapped by them", s.mapped},
        {"  pages zeroed", s.zero_fills},
        {"  pages copied on write", s.cow_breaks},
        {"other requests", s.calls},
        {"evictions", s.evictions},
        {"  of pages to be written first", s.evictions_dirty},
        {"nominations refused", s.refused_nominations},
        {"harvests", s.harvests},
        {"pages from swap", s.swap_ins},
        {"pages read from swap", s.swap_read},
        {"pages written to swap", s.swap_written},
        {"pages read from files", s.file_reads},
        {"pages written to files", s.file_writes},
        {"programs ended for lack of memory", s.killed},
        {"spaces", s.spaces},
        {"regions", s.regions},
        {"bytes of metadata", s.metadata},
    };
    printf("%-36s %12s\n", "policy", s.policy);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        printf("%-36s %12llu\n", rows[i].name, (unsigned long long)rows[i].value);
    return 0;
}
