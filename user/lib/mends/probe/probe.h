/* SPDX-License-Identifier: MIT
 *
 * What a probe is: PROBE(NAME) looks for the faults of the picolibc that is installed that user/lib/mends/NAME.c mends,
 * whose head tells of them. It says in a few words what is wrong, or NULL when all is right, and then the mend is
 * not compiled. Probes are linked with picolibc alone and run on the bare machine when the toolchain is new
 * (tests/tools/toolchain); there are no files, no clock and no other way to write than to say what is wrong. */
#ifndef OCTAVO_MENDS_PROBE_H
#define OCTAVO_MENDS_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBE(name) const char *probe_##name(void)

/* At the beginning of a line: picolibc may have no such thing; then its address is NULL. */
#define MAY_LACK(name) extern __typeof__(name) name __attribute__((weak))

#endif
