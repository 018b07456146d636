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

/*
 * Feeds the calls of a recording to its policy (or to `policy_text` instead, if given), with the
 * answers of services that were recorded. False, with the reason printed, if the policy answers
 * anything else than was recorded.
 */
bool replay(const char *path, const char *policy_text, struct replay_counts *counts);

#endif
