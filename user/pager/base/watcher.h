/* SPDX-License-Identifier: MIT
 *
 * Who watches the pager: recordings, statistics and tests. What is watched must not know them, so it says what
 * happens through this table, which watch/ fills when the pager starts. */
#ifndef PAGER_WATCHER_H
#define PAGER_WATCHER_H

#include <proto/pager.h>
#include <proto/trace.h>
#include <stdbool.h>
#include <stdint.h>
#include "user/pager/base/panic.h"

struct fault;

struct watcher {
    unsigned events; /* which are wanted: PAGER_RECORD_* of <proto/pager.h> */
    /* Something has happened: an event of <proto/trace.h>, its fields in the order of trace_fields(). Of
     * TRACE_SPACE and TRACE_POLICY the watcher finds out the text itself; TRACE_POLICY is told whatever is wanted. */
    void (*event)(unsigned kind, const uint64_t *field);
    /* A fault is about to be answered, in a space whose faults are watched; it may take rights from the page. */
    void (*answer)(struct fault *fault);
    /* The machine is about to stop. True: something is still being written, and write_back_check() is called
     * when it is done. */
    bool (*stop)(void);
};
extern struct watcher watcher;

/* Tells an event if its kind is wanted; a load and a branch if it is not. */
#define RECORD(what, kind, ...)                                                   \
    do {                                                                          \
        if (unlikely(watcher.events & (what)))                                    \
            watcher.event(kind, (const uint64_t[TRACE_FIELDS + 1]){__VA_ARGS__}); \
    } while (0)

#endif
