/* SPDX-License-Identifier: MIT
 *
 * pagerctl trace, faults: has a pager record what it does, and shows the faults of a recording
 * (docs/tracing.md). What else is in one the simulator shows, on the host: pagesim --text. */
#include <errno.h>
#include "user/lib/tool/tool.h"
#include <octavo/trace.h>
#include <proto/pager.h>
#include <proto/trace.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "user/bin/pagerctl/pagerctl.h"

static void stop(void)
{
    struct trace_result result;
    long error = trace_end(pager, &result);

    if (error == -ENOENT)
        tool_die("nothing is recorded");
    if (error < 0)
        tool_die("not all was written: %s", strerror((int)-error));
    printf("%lu events, %lu bytes\n", result.events, result.bytes);
}

int command_trace(int argc, char **argv)
{
    unsigned what = PAGER_RECORD_POLICY | PAGER_RECORD_EVENTS;

    if (argc == 1 && strcmp(argv[0], "off") == 0) {
        stop();
        return 0;
    }
    if (argc == 3 && strcmp(argv[2], "faults") == 0)
        what = PAGER_RECORD_EVENTS;
    else if (argc != 2)
        misused();
    if (strcmp(argv[0], "on") != 0)
        misused();
    long error = trace_begin(pager, argv[1], what);
    if (error < 0)
        tool_die("%s: %s", argv[1],
                 error == -EBUSY ? "there is a recording already" : strerror((int)-error));
    return 0;
}

/* --- faults --- */

#define SPACES 256u /* programs whose names are kept */

static struct {
    uint64_t space;
    char name[32];
} names[SPACES];

static const char *const actions[] = {
    [PAGER_DID_ZERO] = "zeroed a frame",  [PAGER_DID_CACHE] = "from the cache",
    [PAGER_DID_READ] = "read from image", [PAGER_DID_COPY] = "copied a page",
    [PAGER_DID_MAP] = "mapped again",     [PAGER_DID_GROW] = "grew the stack",
    [PAGER_DID_REFUSE] = "refused",       [PAGER_DID_SHARE_ZERO] = "shared zero page",
    [PAGER_DID_SWAP_IN] = "from swap",
};

static const char *action_name(uint64_t action)
{
    return action < sizeof(actions) / sizeof(actions[0]) && actions[action] ? actions[action] : "?";
}

static void show(const struct trace_event *event)
{
    const uint64_t *field = event->field;
    unsigned space = field[0] % SPACES;

    if (event->kind == TRACE_SPACE) {
        names[space].space = field[0];
        snprintf(names[space].name, sizeof(names[space].name), "%.31s", event->text);
    }
    if (event->kind != TRACE_FAULT)
        return;
    printf("%-16s %s%s%s %010lx pc %010lx %-16s %lu\n",
           names[space].space == field[0] ? names[space].name : "?", field[2] & 1 ? "r" : "",
           field[2] & 2 ? "w" : "", field[2] & 4 ? "x" : "", (unsigned long)field[1],
           (unsigned long)field[3], action_name(field[4]), (unsigned long)field[5]);
}

/* Shows all events of the file; false: there is something in it that is none. */
static bool show_all(FILE *file)
{
    static uint8_t bytes[8192];
    size_t have = fread(bytes, 1, sizeof(bytes), file), at = TRACE_MAGIC_BYTES, n;
    struct trace_event event;

    if (have < at || memcmp(bytes, TRACE_MAGIC, at) != 0)
        return false;
    for (;;) {
        if (have - at < TRACE_BYTES) {
            have -= at;
            memmove(bytes, bytes + at, have);
            at = 0;
            have += fread(bytes + have, 1, sizeof(bytes) - have, file);
        }
        if (at == have)
            return true;
        n = trace_get(bytes + at, have - at, &event);
        if (n == 0)
            return false;
        show(&event);
        at += n;
    }
}

int command_faults(int argc, char **argv)
{
    if (argc != 1)
        misused();
    FILE *file = fopen(argv[0], "rb");
    if (!file)
        tool_die("%s: %s", argv[0], strerror(errno));
    if (!show_all(file))
        tool_die("%s: no recording, or damaged", argv[0]);
    fclose(file);
    return 0;
}
