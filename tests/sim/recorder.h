/* SPDX-License-Identifier: MIT
 *
 * recorder.h - writes down what passes between a machine and its policy; and plays it back.
 */
#ifndef SIM_RECORDER_H
#define SIM_RECORDER_H

#include <stdio.h>

#include "machine.h"

struct recorder;

/* From now on, every call of the machine's policy is written to `file` (record.h). */
struct recorder *recorder_attach(struct machine *m, FILE *file, const char *policy_text);
void recorder_detach(struct recorder *recorder);

struct replay_counts {
    uint64_t calls, victims;
};

/* Where a story (story.h) of what is played goes, and which references it tells. */
struct replay_story {
    FILE *file;
    uint64_t from, most;
};

/*
 * Feeds the calls of a recording to its policy (or to `policy_text` instead, if given), with the
 * answers of services that were recorded. False, with the reason printed, if the policy answers
 * anything else than was recorded. story: NULL, or what to tell.
 */
bool replay(const char *path, const char *policy_text, const struct replay_story *story,
            struct replay_counts *counts);

#endif
