/* SPDX-License-Identifier: MIT
 *
 * trace.h - a reference string, whatever file it came from.
 *
 * A trace is read once. Pages get small numbers in order of first appearance; the string of these
 * numbers goes to an unnamed temporary file that is mapped, so memory in use grows with the number
 * of distinct pages, not with the length of the trace.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "policy.h"

struct trace {
    const char *path;
    const char *format;       /* name of the format it was read as */
    const uint32_t *refs;     /* page number << 1 | written */
    uint64_t nrefs;           /* at least 1, below 2^32 */
    struct policy_key *pages; /* by page number */
    uint32_t npages;          /* at most 2^30 */
};

struct trace_options {
    const char *format; /* NULL: find out */
    uint64_t page_size; /* of address traces, in bytes */
};

/*
 * Reads a trace ("-": standard input). False if it cannot be read whole; the reason has then been
 * printed to stderr as "path:line: reason". The strings of `options` and `path` are kept.
 */
bool trace_read(struct trace *trace, const char *path, const struct trace_options *options);
void trace_destroy(struct trace *trace);

/* The names of the formats, for usage texts, and whether one is among them. */
#define TRACE_FORMATS "refs, arc, addr, octavo"
bool trace_format_known(const char *name);

static inline uint32_t trace_page(uint32_t ref)
{
    return ref >> 1;
}

static inline bool trace_write(uint32_t ref)
{
    return ref & 1;
}

#endif
