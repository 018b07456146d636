/* SPDX-License-Identifier: MIT
 *
 * Runs the table of crimes; with arguments, it is its own child.
 *
 *     crimes                   all
 *     crimes table             prints the outcomes as they are, to be judged and put into table.c
 *     crimes case R A V        one case of the table; exit status = the letter of its outcome
 *     crimes fatal NAME        one of fatal.c's
 *     crimes messages          all of them, and what init is to write
 *     crimes steal TOKEN       tries to answer another task's caller; exit status = outcome's letter */
#include "tests/guest/crimes/crimes.h"

#include <stdlib.h>
#include <string.h>
#include <abi/info.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define TRIES 5u

static const char *const call_names[] = {
#define NAME(number, name, arity, document) [number] = #name,
    OCTAVO_SYSCALLS(NAME)};
static const unsigned char arities[] = {
#define ARITY(number, name, arity, document) [number] = arity,
    OCTAVO_SYSCALLS(ARITY)};

static unsigned crimes_run;

static char letter_of(long result)
{
    static const struct {
        int error;
        char letter;
    } letters[] = {{EAGAIN, 'a'}, {EBADF, 'b'},  {ENODEV, 'd'}, {EEXIST, 'e'},    {EFAULT, 'f'},
                   {EINVAL, 'i'}, {ENOMEM, 'm'}, {EMFILE, 'u'}, {ENOENT, 'n'},    {EPERM, 'p'},
                   {ESTALE, 's'}, {EBUSY, 'y'},  {E2BIG, '2'},  {ETIMEDOUT, 't'}, {EPIPE, '|'}};

    if (result >= 0)
        return result ? '+' : '0';
    for (unsigned i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
        if (-result == letters[i].error)
            return letters[i].letter;
    return '?';
}

/* What a successful call took that the world does not give back. */
static void undo(const struct row *row, const unsigned long *a, long result)
{
    switch (row->number) {
    case SYS_task_create:
        sys_task_control((unsigned long)result, TASK_KILL, 0, 0);
        sys_close((unsigned long)result);
        break;
    case SYS_task_grant:
        if (a[0] == HANDLE_SELF)
            sys_close((unsigned long)result);
        break;
    case SYS_dup:
    case SYS_port_create:
    case SYS_right_create:
    case SYS_thread_create:
    case SYS_account_create:
        sys_close((unsigned long)result);
        break;
    case SYS_page_free:
        sys_page_alloc(WINDOW, 1);
        break;
    default:
        break;
    }
}

/* Commits one: argument `at` of the row has value `index` of its kind, the others are harmless. */
static char commit(const struct row *row, unsigned at, unsigned index)
{
    unsigned long a[ARGUMENTS] = {0};

    world_up(row->with);
    for (unsigned i = 0; i < arities[row->number]; i++)
        a[i] = i == at ? value_get(row->kinds[i], index) : row->base(i);
    if (row->rescue)
        rescue_arm();
    long result = octavo_syscall(row->number, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    bool waited = row->rescue && rescue_disarm();
    char letter = waited && result >= 0 ? 'w' : letter_of(result);
    if (result >= 0)
        undo(row, a, result);
    if (row->number == SYS_page_alloc) /* also what a failed one left */
        for (unsigned i = 0; i < 64; i++)
            sys_page_free(FREE_PAGE + i * PAGE_SIZE, 1);
    sys_page_free(FORBIDDEN_PAGE, 1);
    world_down();
    return letter;
}

static char commit_in_child(const struct row *row, unsigned at, unsigned index)
{
    char text[3][8];
    char *argv[] = {SELF, "case", text[0], text[1], text[2], NULL};
    const unsigned number[] = {(unsigned)(row - rows), at, index};

    for (unsigned i = 0; i < 3; i++)
        snprintf(text[i], sizeof(text[i]), "%u", number[i]);
    int status = spawned_wait(spawned_start(argv, NULL, NULL));
    return status < 0 ? '?' : status == 0 ? 'X' : status >= 128 ? 'K' : (char)status;
}

static bool is_varied(const struct row *row, unsigned at)
{
    return row->kinds[at] != '.';
}

/* All values of one argument; the letters. */
static void run_argument(const struct row *row, unsigned at, const char *wanted, char *letters)
{
    unsigned count = value_count(row->kinds[at]);

    for (unsigned v = 0; v < count; v++) {
        unsigned tries = 0;
        do /* what takes long on a busy host is rescued though it does not wait: once more */
            letters[v] = row->in_child ? commit_in_child(row, at, v) : commit(row, at, v);
        while (letters[v] == 'w' && v < strlen(wanted) && wanted[v] != 'w' && tries++ < TRIES);
        crimes_run++;
    }
    letters[count] = 0;
}

static const char *row_name(const struct row *row, char name[48])
{
    snprintf(name, 48, "%s%s%s", call_names[row->number], row->name ? " " : "",
             row->name ? row->name : "");
    return name;
}

static void run_row(const struct row *row)
{
    char letters[32], name[48], wrong[160] = "";
    unsigned run = 0, differ = 0;

    for (unsigned at = 0; row->kinds[at]; at++) {
        if (!is_varied(row, at))
            continue;
        const char *wanted = row->outcome[at] ? row->outcome[at] : "";
        run_argument(row, at, wanted, letters);
        if (strlen(wanted) != strlen(letters)) {
            differ++;
            snprintf(wrong, sizeof(wrong), "argument %u has %u outcomes, not %u", at,
                     (unsigned)strlen(wanted), (unsigned)strlen(letters));
            continue;
        }
        for (unsigned v = 0; letters[v]; v++, run++)
            if (letters[v] != wanted[v] && !differ++)
                snprintf(wrong, sizeof(wrong), "a%u = %s gives %c, not %c", at,
                         value_name(row->kinds[at], v), letters[v], wanted[v]);
    }
    check(!differ, row_name(row, name), "%u of %u, the first: %s", differ, run, wrong);
}

/* Rows x values, counted from the table alone; each call has a row that varies each argument. */
static unsigned crimes_wanted(void)
{
    unsigned wanted = 0, without = 0;
    const char *last = "";

    for (unsigned number = 0; number < SYS_COUNT; number++) {
        unsigned varied = 0;
        for (unsigned r = 0; r < row_count; r++) {
            if (rows[r].number != number || strlen(rows[r].kinds) != arities[number])
                continue;
            for (unsigned at = 0; rows[r].kinds[at]; at++)
                if (is_varied(&rows[r], at)) {
                    wanted += value_count(rows[r].kinds[at]);
                    varied |= 1u << at;
                }
            varied |= 1u << 31;
        }
        if (varied != (((1u << arities[number]) - 1) | 1u << 31)) {
            without++;
            last = call_names[number];
        }
    }
    check(!without, "a row for each argument", "%u calls have none, %s is one", without, last);
    return wanted;
}

static void print_table(void)
{
    char letters[32];

    for (unsigned r = 0; r < row_count; r++) {
        printf("%u %s%s%s:", rows[r].number, call_names[rows[r].number], rows[r].name ? " " : "",
               rows[r].name ? rows[r].name : "");
        for (unsigned at = 0; rows[r].kinds[at]; at++) {
            letters[0] = 0;
            if (is_varied(&rows[r], at))
                run_argument(&rows[r], at, "", letters);
            printf(" \"%s\"%s", letters, rows[r].kinds[at + 1] ? "," : "");
        }
        printf("\n");
        fflush(stdout);
    }
}

/* Calls without arguments, and numbers that are no call's. */
static void run_numbers(void)
{
    static const unsigned long none[] = {SYS_COUNT, SYS_COUNT + 1, 255,  1ul << 31,
                                         1ul << 32, 1ul << 63,     ~0ul, -1ul - SYS_COUNT};
    unsigned wrong = 0;

    for (unsigned i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        wrong += octavo_syscall(none[i], 0, 0, 0, 0, 0, 0, 0) != -ENOSYS;
    check(wrong == 0, "unknown numbers", "%u", wrong);
    check_equal("null", sys_null(), 0);
    check_equal("yield", sys_yield(), 0);
    long first = sys_clock();
    check(first > 0 && sys_clock() >= first, "clock", "%ld", first);
    long port = sys_port_create();
    check(port > 0, "port_create", "%ld", port);
    check_equal("port_create, closed", sys_close((unsigned long)port), 0);
}

static int all(void)
{
    struct info_task before, after;

    check_equal("setup", world_setup(), 0);
    unsigned wanted = crimes_wanted();
    sys_info(INFO_SELF, 0, (uintptr_t)&before, sizeof(before));
    run_numbers();
    for (unsigned r = 0; r < row_count; r++)
        if (rows[r].kinds[0])
            run_row(&rows[r]);
    stateful_crimes();
    protocol_crimes();
    fatal_crimes();
    check(crimes_run == wanted, "rows x values", "%u run, not %u", crimes_run, wanted);
    for (unsigned i = 0; i < 100; i++) {
        sys_info(INFO_SELF, 0, (uintptr_t)&after, sizeof(after));
        if (after.handles == before.handles && after.frames == before.frames)
            break;
        sys_futex_wait((uintptr_t)&word, FUTEX_VALUE, (unsigned long)sys_clock() + 1000000);
    }
    check_equal("handles afterwards", (long)after.handles, (long)before.handles);
    check_equal("frames afterwards", (long)after.frames, (long)before.frames);
    return check_done();
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return all();
    if (argc == 5 && !strcmp(argv[1], "case")) {
        if (world_setup() < 0)
            return '?';
        return commit(&rows[atoi(argv[2])], (unsigned)atoi(argv[3]), (unsigned)atoi(argv[4]));
    }
    if (argc == 3 && !strcmp(argv[1], "fatal"))
        fatal_commit(argv[2]);
    if (argc == 3 && !strcmp(argv[1], "steal"))
        return letter_of(stateful_steal(strtoul(argv[2], NULL, 0)));
    if (!strcmp(argv[1], "messages"))
        fatal_messages();
    if (!strcmp(argv[1], "table") && world_setup() == 0)
        print_table();
    return 0;
}
