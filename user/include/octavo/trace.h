/* SPDX-License-Identifier: MIT
 *
 * Having a pager record what it does (proto/pager.h: PAGER_RECORD), for tools. The file's format is
 * <proto/trace.h>'s. Results: 0 or a negative errno. */
#ifndef OCTAVO_TRACE_H
#define OCTAVO_TRACE_H

#include <abi/handle.h>

/* Begins, into a file that is made or made empty. pager: HANDLE_PAGER for the caller's own, or a right to
 * another one; what: PAGER_RECORD_*. */
long trace_begin(handle_t pager, const char *path, unsigned what);

struct trace_result {
    unsigned long bytes, events;
};

/* Ends it, when all is in the file. An error of writing it is told here. */
long trace_end(handle_t pager, struct trace_result *result);

#endif
