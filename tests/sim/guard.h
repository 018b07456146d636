/* SPDX-License-Identifier: MIT
 *
 * guard.h - a clear message when a policy crashes or does not come back.
 */
#ifndef SIM_GUARD_H
#define SIM_GUARD_H

#include <stdint.h>

/*
 * From now on a crash is this policy's, and so is a stand-still: if *references has not moved for
 * some seconds of processor time. Both end the program with status 3, after the policy's name, the
 * function it was in if that is known, and the last lines of its log.
 */
void guard_begin(const char *policy, const uint64_t *references);
void guard_end(void);

#endif
