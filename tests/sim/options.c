/* SPDX-License-Identifier: MIT
 *
 * options.c - see options.h.
 */
#define _GNU_SOURCE
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "record.h"
#include "scan.h"

static const char usage[] =
    "usage: pagesim [OPTION]... TRACE...     (- is standard input)\n"
    "How many page faults would each policy have had?\n"
    "  --policy P,P,...  policies, as NAME or NAME:KEY=VALUE,...; also: all (the default),\n"
    "                    opt (the optimum) and exact-lru\n"
    "  --frames N,N,...  memory sizes in frames (default: 1/16, 1/8, 1/4 and 1/2 of the pages)\n"
    "  --csv             policy,frames,references,faults,evictions,writebacks\n"
    "  --bits N          policies see accessed bits only, harvested every N faults\n"
    "                    (default: exact, they are told of every reference)\n"
    "  --tick N          exact mode: a tick every N faults (default: a tenth of the frames)\n"
    "  --seed N          for policies that roll dice (default 1)\n"
    "  --format F        one of " TRACE_FORMATS " (default: found out)\n"
    "  --page-size N     bytes, for addr traces (default 4096)\n"
    "  --log             show what policies log, as they do\n"
    "  --dump            let each policy tell its state at the end\n"
    "  --record FILE     write down every call (one policy, one size, one trace)\n"
    "  --story           what happened at each reference, for make replay (one policy, one size,\n"
    "                    one trace; or with --replay, of a recording); --from N, --steps N\n"
    "Other things to do:\n"
    "  --list            the policies and their parameters\n"
    "  --replay          TRACE is a recording: repeat it, and compare the victims\n"
    "  --text            TRACE is a recording: print it as text\n"
    "  --bytes           the same, as bytes\n"
    "  --lru-curve       faults of exact LRU for all sizes at once\n"
    "  --ws-curve        mean working set, and its faults, by window\n"
    "  --ws-time N       working set with a window of N references, in the course of time\n"
    "  --references      the references, one a line, as time,page,written\n"
    "  --samples N       at most about N lines of the last two (default 2000)\n";

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "pagesim: %s: %s (--help tells more)\n", what, why);
    exit(2);
}

static uint64_t number(const char *option, const char *text, uint64_t least, uint64_t most)
{
    uint64_t value;

    if (!scan_number(text, &value) || value < least || value > most)
        fail(option, "no such number");
    return value;
}

static void add_choice(struct options *o, const char *text)
{
    struct choice choice = {.text = text};
    const char *wrong = NULL;

    if (strcmp(text, "opt") == 0)
        choice.opt = true;
    else if (strcmp(text, "exact-lru") == 0)
        choice.exact = true;
    if (!choice.opt)
        wrong = policy_parse(choice.exact ? "lru" : text, &choice.policy, choice.value);
    if (wrong)
        fail(text, wrong);
    o->choices = alloc_resize(o->choices, o->nchoices + 1, sizeof(choice));
    o->choices[o->nchoices++] = choice;
}

/* All that are built in, and what only a simulator can do. */
static void add_all(struct options *o)
{
    for (int i = 0; policy_table[i]; i++)
        add_choice(o, policy_table[i]->name);
    if (o->bits)
        add_choice(o, "exact-lru");
    add_choice(o, "opt");
}

/*
 * "2q:in=20,out=60,lru" is two policies: a part with '=' but no ':' belongs to the one before.
 * Cuts `list` into pieces, which are kept.
 */
static void add_choices(struct options *o, char *list)
{
    while (list) {
        char *comma = strchr(list, ',');

        while (comma) {
            size_t next = strcspn(comma + 1, ",:=");

            if (comma[1 + next] != '=')
                break;
            comma = strchr(comma + 1, ',');
        }
        if (comma)
            *comma++ = '\0';
        if (strcmp(list, "all") == 0)
            add_all(o);
        else
            add_choice(o, list);
        list = comma;
    }
}

static void add_frames(struct options *o, char *list)
{
    for (char *item; (item = strsep(&list, ","));) {
        o->frames = alloc_resize(o->frames, o->nframes + 1, sizeof(*o->frames));
        o->frames[o->nframes++] = number("--frames", item, 1, RECORD_MAX_FRAMES);
    }
}

enum {
    POLICY_OPTION = 1,
    FRAMES_OPTION,
    CSV_OPTION,
    BITS_OPTION,
    TICK_OPTION,
    SEED_OPTION,
    FORMAT_OPTION,
    PAGE_SIZE_OPTION,
    LOG_OPTION,
    DUMP_OPTION,
    RECORD_OPTION,
    STORY_OPTION,
    FROM_OPTION,
    STEPS_OPTION,
    LIST_OPTION,
    REPLAY_OPTION,
    TEXT_OPTION,
    BYTES_OPTION,
    LRU_CURVE_OPTION,
    WS_CURVE_OPTION,
    WS_TIME_OPTION,
    REFERENCES_OPTION,
    SAMPLES_OPTION,
    HELP_OPTION,
};

static const struct option long_options[] = {
    {"policy", required_argument, NULL, POLICY_OPTION},
    {"frames", required_argument, NULL, FRAMES_OPTION},
    {"csv", no_argument, NULL, CSV_OPTION},
    {"bits", required_argument, NULL, BITS_OPTION},
    {"tick", required_argument, NULL, TICK_OPTION},
    {"seed", required_argument, NULL, SEED_OPTION},
    {"format", required_argument, NULL, FORMAT_OPTION},
    {"page-size", required_argument, NULL, PAGE_SIZE_OPTION},
    {"log", no_argument, NULL, LOG_OPTION},
    {"dump", no_argument, NULL, DUMP_OPTION},
    {"record", required_argument, NULL, RECORD_OPTION},
    {"story", no_argument, NULL, STORY_OPTION},
    {"from", required_argument, NULL, FROM_OPTION},
    {"steps", required_argument, NULL, STEPS_OPTION},
    {"list", no_argument, NULL, LIST_OPTION},
    {"replay", no_argument, NULL, REPLAY_OPTION},
    {"text", no_argument, NULL, TEXT_OPTION},
    {"bytes", no_argument, NULL, BYTES_OPTION},
    {"lru-curve", no_argument, NULL, LRU_CURVE_OPTION},
    {"ws-curve", no_argument, NULL, WS_CURVE_OPTION},
    {"ws-time", required_argument, NULL, WS_TIME_OPTION},
    {"references", no_argument, NULL, REFERENCES_OPTION},
    {"samples", required_argument, NULL, SAMPLES_OPTION},
    {"help", no_argument, NULL, HELP_OPTION},
    {0},
};

/* Options that take an argument. --policy is kept for later: `all` depends on --bits. */
static bool read_valued(struct options *o, int option, char *argument)
{
    switch (option) {
    case FRAMES_OPTION:
        add_frames(o, argument);
        return true;
    case BITS_OPTION:
        o->bits = true;
        o->interval = number("--bits", argument, 1, UINT64_MAX);
        return true;
    case TICK_OPTION:
        o->interval = number("--tick", argument, 1, UINT64_MAX);
        return true;
    case SEED_OPTION:
        o->seed = number("--seed", argument, 0, UINT64_MAX);
        return true;
    case FORMAT_OPTION:
        if (!trace_format_known(argument))
            fail(argument, "no such format");
        o->trace.format = argument;
        return true;
    case PAGE_SIZE_OPTION:
        o->trace.page_size = number("--page-size", argument, 1, UINT64_MAX);
        return true;
    case RECORD_OPTION:
        o->record = argument;
        return true;
    case FROM_OPTION:
        o->from = number("--from", argument, 1, UINT64_MAX);
        return true;
    case STEPS_OPTION:
        o->steps = number("--steps", argument, 1, UINT64_MAX);
        return true;
    case WS_TIME_OPTION:
        o->mode = WS_TIME;
        o->window = number("--ws-time", argument, 1, UINT64_MAX);
        return true;
    case SAMPLES_OPTION:
        o->samples = number("--samples", argument, 1, UINT64_MAX);
        return true;
    }
    return false;
}

static void read_plain(struct options *o, int option)
{
    switch (option) {
    case CSV_OPTION:
        o->csv = true;
        break;
    case LOG_OPTION:
        o->show_log = true;
        break;
    case DUMP_OPTION:
        o->dump = true;
        break;
    case STORY_OPTION:
        o->story = true;
        break;
    case LIST_OPTION:
        o->mode = LIST;
        break;
    case REPLAY_OPTION:
        o->mode = REPLAY;
        break;
    case TEXT_OPTION:
        o->mode = TO_TEXT;
        break;
    case BYTES_OPTION:
        o->mode = TO_BYTES;
        break;
    case LRU_CURVE_OPTION:
        o->mode = LRU_CURVE;
        break;
    case WS_CURVE_OPTION:
        o->mode = WS_CURVE;
        break;
    case REFERENCES_OPTION:
        o->mode = REFERENCES;
        break;
    case HELP_OPTION:
        fputs(usage, stdout);
        exit(0);
    default: /* getopt has said what is wrong */
        exit(2);
    }
}

void options_read(struct options *o, int argc, char **argv)
{
    char **policies = alloc_array(argc, sizeof(*policies));
    int npolicies = 0, option;

    *o = (struct options){
        .seed = 1, .samples = 2000, .from = 1, .steps = 20000, .trace.page_size = 4096};
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (option == POLICY_OPTION)
            policies[npolicies++] = optarg;
        else if (!read_valued(o, option, optarg))
            read_plain(o, option);
    }
    for (int i = 0; i < npolicies; i++)
        add_choices(o, policies[i]);
    if (npolicies == 0 && o->mode == SIMULATE)
        add_all(o);
    alloc_free(policies);
    o->paths = argv + optind;
    o->npaths = argc - optind;
    if (o->npaths == 0 && o->mode != LIST)
        fail("no trace", "name at least one");
    if (o->mode != SIMULATE && o->mode != REPLAY && o->mode != LIST && o->npaths > 1)
        fail(o->paths[1], "only one trace here");
    if (o->record && (o->nchoices != 1 || o->choices[0].opt || o->nframes != 1 || o->npaths != 1))
        fail("--record", "takes one policy, one size and one trace");
    if (o->story && (o->record || o->npaths != 1 || (o->mode != SIMULATE && o->mode != REPLAY) ||
                     (o->mode == SIMULATE && (o->nchoices != 1 || o->nframes != 1))))
        fail("--story", "takes one policy, one size and one trace");
}
