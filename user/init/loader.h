/* SPDX-License-Identifier: MIT
 *
 * The static loader: makes a program from the boot archive ready in memory that init gives it, every
 * page mapped before it starts. For servers and for pagers: they never fault. It trusts the file no
 * more than any other input. */
#ifndef OCTAVO_INIT_LOADER_H
#define OCTAVO_INIT_LOADER_H

#include "user/init/archive.h"
#include "user/init/process.h"
#include <stdint.h>

/* One change to the space of a wired process: init's pages at src appear at dst. 0 or an errno. */
int loader_map(const struct process *process, uint64_t src, uint64_t dst, uint64_t pages,
               unsigned prot);

/* Loads the program into the process's space, its task made and pid its badge, and sets its entry and
 * sp. auxv: `pairs` pairs for its start block. 0 or a negative errno; -ENOEXEC: no such program. */
int loader_load(struct process *process, const struct archive_file *file, const uint64_t *auxv,
                unsigned pairs);

/* Gives back what loader_load took. After the task is gone, or it never was. */
void loader_unload(const struct process *process);

#endif
