/* SPDX-License-Identifier: MIT
 *
 * options.h - the command line of pagesim.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include "policy.h"
#include "trace.h"

/* One policy as it was asked for. */
struct choice {
    const char *text; /* "clock:start=0" */
    bool opt;         /* the optimum, which is no policy */
    bool exact;       /* told of every reference even with --bits */
    const struct policy *policy;
    int64_t value[POLICY_MAX_PARAMS];
};

enum mode { SIMULATE, LIST, REPLAY, TO_TEXT, TO_BYTES, LRU_CURVE, WS_CURVE, WS_TIME, REFERENCES };

struct options {
    enum mode mode;
    struct choice *choices;
    int nchoices;
    uint32_t *frames; /* NULL: choose by the trace */
    int nframes;
    bool csv, show_log, dump;
    bool bits;
    uint64_t interval; /* 0: not given */
    uint64_t seed;
    uint64_t window;  /* of WS_TIME */
    uint64_t samples; /* of WS_TIME and REFERENCES */
    const char *record;
    bool story;
    uint64_t from, steps; /* of the story */
    struct trace_options trace;
    char **paths;
    int npaths;
};

/* Reads the command line; prints what is wrong with it and exits with status 2. */
void options_read(struct options *options, int argc, char **argv);

#endif
