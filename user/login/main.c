/* SPDX-License-Identifier: MIT
 *
 * login: starts the shell, again and again; or, when the machine was booted with run=HEX, one shell line
 * for octavo-run (proto/run.h), and powers off with its status.
 *
 * It stands between init, which must not call a pager, and the programs, which have one: it is wired
 * itself, and uses the pager as any program that starts another does. */
#include "user/login/start.h"
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/wired.h>
#include <proto/con.h>
#include <proto/fs.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <proto/run.h>
#include <stdbool.h>
#include <string.h>

OCTAVO_WIRED_PROGRAM;

#define PAGER HANDLE_FIRST             /* the factory */
#define CON_STREAMS (HANDLE_FIRST + 1) /* stdin, stdout, stderr */
#define CON_STDOUT (HANDLE_FIRST + 2)
#define CON_CONTROL (HANDLE_FIRST + 4)
#define FS (HANDLE_FIRST + 5) /* the root place; nothing there: there is no file server */

#define SHELL "/bin/sh"
#define NAME "sh"
#define CON_MODE_DEFAULT (CON_MODE_ECHO | CON_MODE_CANONICAL | CON_MODE_SIGNALS | CON_MODE_CRLF)

#define STATUS_NOT_BOOTED 126 /* of the machine: octavo-run's "did not boot" */
#define FAILURES_MAX 3        /* shells that could not be started, in a row */

static char run_line[2048];

static void log_text(const char *text)
{
    struct message m = {.tag = INIT_LOG, .w = {strlen(text)}};
    ipc_attach_in(&m, text, strlen(text));
    ipc_request(HANDLE_INIT, &m);
}

/* What went wrong and its error number; there is no stdio here. */
static void log_error(const char *what, long result)
{
    char text[80] = "";
    char digit[] = "000";
    strlcat(text, what, sizeof text);
    strlcat(text, ": error ", sizeof text);
    for (int i = 2, n = (int)-result; i >= 0; i--, n /= 10)
        digit[i] = (char)('0' + n % 10);
    strlcat(text, digit, sizeof text);
    log_text(text);
}

static _Noreturn void power_off(unsigned status)
{
    struct message m = {.tag = INIT_POWER, .w = {POWER_OFF, status}};
    ipc_call(HANDLE_INIT, &m); /* no answer comes */
    for (;;)
        sys_futex_wait((unsigned long)run_line, *(const unsigned *)run_line, DEADLINE_NEVER);
}

/* --- Starting a shell ------------------------------------------------------------------- */

/* The right to a new space, or a negative errno. */
static long space_create(void)
{
    struct message m = {.tag = PAGER_CREATE};
    ipc_accept(1);
    long result = ipc_request(PAGER, &m);
    handle_t space = msg_page()->handle[0];
    ipc_accept(0);
    return result < 0 ? result : (long)space;
}

/* A place at the root of the files, for one shell and what it starts: a client of its own
 * (proto/fs.h). HANDLE_NONE: there is no file server. */
static handle_t place_create(void)
{
    struct message m = {.tag = FS_PLACE, .w = {1}};
    ipc_attach_in(&m, "/", 1);
    ipc_accept(1);
    long result = ipc_request(FS, &m);
    handle_t place = msg_page()->handle[0];
    ipc_accept(0);
    return result < 0 ? HANDLE_NONE : place;
}

/* Gives the suspended shell its place, which INIT_SPAWN had no room for, and lets it run. */
static long shell_release(unsigned long pid, handle_t place)
{
    struct message m = {.tag = INIT_GRANT, .w = {pid}};
    ipc_attach_handle(&m, place);
    long result = ipc_request(HANDLE_INIT, &m);
    m = (struct message){.tag = INIT_START, .w = {pid}};
    return result < 0 ? result : ipc_request(HANDLE_INIT, &m);
}

/* Has the pager lay out the shell in the space, and init make a process of it. Its pid, or a negative
 * errno. */
static long space_run(handle_t space, const struct start_block *block, handle_t place)
{
    struct message m = {.tag = PAGER_EXEC, .w = {block->size}};
    ipc_attach_handle(&m, space);
    if (place != HANDLE_NONE)
        ipc_attach_handle(&m, place);
    ipc_attach_in(&m, block, block->size);
    long result = ipc_request(PAGER, &m);
    if (result < 0)
        return result;
    unsigned long entry = m.w[0], sp = m.w[1];
    m = (struct message){
        .tag = INIT_SPAWN,
        .w = {entry, sp, place == HANDLE_NONE ? 0 : SPAWN_SUSPENDED, strlen(NAME)}};
    ipc_attach_handle(&m, space);
    for (unsigned i = 0; i < START_STREAMS; i++)
        ipc_attach_handle(&m, CON_STREAMS + i);
    ipc_attach_in(&m, NAME, strlen(NAME));
    result = ipc_request(HANDLE_INIT, &m);
    unsigned long pid = m.w[0];
    if (result == 0 && place != HANDLE_NONE)
        result = shell_release(pid, place);
    return result < 0 ? result : (long)pid;
}

/* Starts the shell, with a line to run or without (NULL). Its pid, or a negative errno. */
static long shell_start(const char *line)
{
    static const char *const environment[] = {
        "PATH=/bin:/demo:/bench:/test", "HOME=/", "TERM=vt100", "USER=root", "SHELL=" SHELL, NULL};
    const char *const arguments[] = {NAME, line ? "-c" : NULL, line, NULL};
    static union {
        struct start_block block;
        char bytes[4096];
    } start;

    handle_t place = place_create();
    long space = space_create(), pid = space;
    if (space >= 0) {
        bool fits = start_pack(&start.block, sizeof start, SHELL, arguments, environment,
                               place != HANDLE_NONE);
        pid = fits ? space_run((handle_t)space, &start.block, place) : -E2BIG;
        sys_close((handle_t)space);
    }
    if (place != HANDLE_NONE)
        sys_close(place);
    if (pid < 0)
        return pid;
    struct message m = {.tag = INIT_FOREGROUND, .w = {(unsigned long)pid}};
    ipc_request(HANDLE_INIT, &m); /* it may have ended already */
    return pid;
}

/* Waits for the shell. Its status in <sys/wait.h>'s form, or a negative errno. */
static long shell_wait(long pid)
{
    struct message m = {.tag = INIT_WAIT, .w = {(unsigned long)pid}};
    long result = ipc_request(HANDLE_INIT, &m);
    return result < 0 ? result : (long)m.w[1];
}

/* --- Interactive ------------------------------------------------------------------------- */

static void greet(void)
{
    static const char text[] = "\nOctavo. Type `help' for the commands.\n";
    struct message m = {.tag = CON_WRITE, .w = {sizeof text - 1}};
    ipc_attach_in(&m, text, sizeof text - 1);
    ipc_request(CON_STDOUT, &m);
}

static _Noreturn void run_shells(void)
{
    unsigned failures = 0;
    greet();
    while (failures < FAILURES_MAX) {
        struct message m = {.tag = CON_MODE, .w = {CON_MODE_DEFAULT}};
        ipc_request(CON_CONTROL, &m); /* the last program may have left it raw */
        long result = shell_start(NULL);
        if (result >= 0)
            result = shell_wait(result);
        if (result < 0)
            log_error(SHELL, result);
        failures = result < 0 ? failures + 1 : 0;
    }
    log_text("no shell can be started, powering off");
    power_off(STATUS_NOT_BOOTED);
}

/* --- octavo-run -------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes in place. False: not pairs of hexadecimal digits. */
static bool decode(char *text, size_t length)
{
    if (length % 2)
        return false;
    for (size_t i = 0; i < length; i += 2) {
        int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        text[i / 2] = (char)(high << 4 | low);
    }
    text[length / 2] = '\0';
    return true;
}

/* The line of the boot argument: 1, 0 (there is none), or a negative errno. */
static long run_argument(void)
{
    static const char name[] = "run";
    struct message m = {.tag = INIT_ARGUMENT, .w = {sizeof name - 1, sizeof run_line - 1}};
    ipc_attach_in(&m, name, sizeof name - 1);
    ipc_attach_out(&m, run_line, sizeof run_line - 1);
    long result = ipc_request(HANDLE_INIT, &m);
    if (result == -ENOENT)
        return 0;
    if (result < 0)
        return result;
    return m.w[0] < sizeof run_line && decode(run_line, m.w[0]) ? 1 : -EINVAL;
}

/* The boot argument `noinput`: octavo-run will send nothing. */
static bool has_no_input(void)
{
    static const char name[] = "noinput";
    struct message m = {.tag = INIT_ARGUMENT, .w = {sizeof name - 1, 0}};
    ipc_attach_in(&m, name, sizeof name - 1);
    return ipc_request(HANDLE_INIT, &m) == 0;
}

static void run_mark(unsigned long which, unsigned word)
{
    struct message m = {.tag = CON_RUN, .w = {which, word}};
    long result = ipc_request(CON_CONTROL, &m);
    if (result < 0)
        log_error("mark for octavo-run", result);
}

/* What a shell makes of a wait status ($?). */
static unsigned exit_status(long wait_status)
{
    return wait_status & 0x7f ? 128 + (unsigned)(wait_status & 0x7f)
                              : (unsigned)(wait_status >> 8) & 0xff;
}

static _Noreturn void run_one_line(void)
{
    unsigned status = STATUS_NOT_BOOTED;
    run_mark(CON_RUN_BEGIN, has_no_input());
    long result = shell_start(run_line);
    if (result >= 0)
        result = shell_wait(result);
    if (result >= 0)
        status = exit_status(result);
    else
        log_error(SHELL, result);
    run_mark(CON_RUN_END, status);
    power_off(status);
}

int main(void)
{
    long result = run_argument();
    if (result < 0) {
        log_error("boot argument run", result);
        power_off(STATUS_NOT_BOOTED);
    }
    if (result)
        run_one_line();
    run_shells();
}
