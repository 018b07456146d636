/* SPDX-License-Identifier: MIT */
/*
 * checker.h - holds a machine and its policy to the contract of policy.h.
 *
 * Of the machine: enter and leave alternate, used and clean_first are about entered frames. Of the
 * policy: a victim is entered and not busy; NULL only if there is none; victim() ends in time; keys
 * and numbers of frames stay as they are, and the words of a frame that has left are not touched;
 * init() takes memory in proportion to the frames, and nothing takes any later.
 */
#ifndef SIM_CHECKER_H
#define SIM_CHECKER_H

#include "machine.h"

struct checker;

/* Attach right after machine_init(). Detach tells the number of breaches; each is printed. */
struct checker *checker_attach(struct machine *m, const char *policy_text);
unsigned checker_detach(struct checker *checker);

#endif
