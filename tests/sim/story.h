/* SPDX-License-Identifier: MIT
 *
 * story.h - what happened at each reference, written for the picture that make replay makes.
 *
 * A story is a wrapper around a policy and its services, as a recorder is; but it also looks at the
 * frames after each step, and it is JSON (RFC 8259), one step a line:
 *
 *      {"policy": TEXT, "frames": N, "max": N, "accessed": BOOL, "steps": [
 *      [OBJECT, INDEX, WRITTEN, [EVENT, ...]],
 *      ...
 *      ], "from": N, "before": COUNTS, "whole": COUNTS, "lists": [RANK, ...]}
 *
 * COUNTS are [references, faults, evictions, write-backs], before the first step that is written and of
 * everything. EVENTs are arrays that begin with a letter:
 *
 *      ["s", FRAME, OBJECT, INDEX]             was resident before the first step that is written
 *      ["e", FRAME, OBJECT, INDEX, WHY]        enter; WHY is an enum policy_enter
 *      ["u", FRAME]                            used
 *      ["l", FRAME, WHY]                       leave; WHY is an enum policy_leave
 *      ["v", FRAME, [QUESTION, ...]]           victim; -1: it named none
 *      ["c", FRAME, ANSWER, [QUESTION, ...]]   clean_first
 *      ["t"]  ["z", N]                         tick, resize
 *      ["b", FRAME, BITS, ...]                 bits that have changed: 1 accessed, 2 dirty
 *      ["p", FRAME, BEFORE, ...]               the frame's place in the policy's lists has changed: it
 *                                              is now behind frame BEFORE, or the first of list -1 - BEFORE
 *
 * A QUESTION is ["r"|"b"|"d", FRAME, ANSWER]: referenced, busy, dirty. Lists are known of policies that
 * link their frames by policy_frame.link; RANK of list i tells in which order their heads lie in memory.
 */
#ifndef SIM_STORY_H
#define SIM_STORY_H

#include <stdio.h>

#include "policy.h"
#include "services.h"

/* Whom the story is about: places that hold what is called, which are changed until story_end(). */
struct story_subject {
    const struct policy **policy;
    void **self;
    struct services *services;
    struct sim_frame *frames;
    uint32_t nframes, max_frames;
    bool accessed; /* the frames' accessed bits mean something */
    const char *text;
    uint64_t from, most; /* which steps are written: the first (from 1), and how many */
};

struct story *story_begin(FILE *file, const struct story_subject *subject);

/* Everything since the step before belongs to this reference. */
void story_step(struct story *story, struct policy_key key, bool write);

void story_end(struct story *story);

#endif
