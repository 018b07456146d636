/* SPDX-License-Identifier: MIT
 *
 * What a probe is. Each file of this folder looks for one fault of the picolibc that is installed: the
 * file NAME.c defines PROBE(NAME), which says in a few words what is wrong, or returns NULL when all is
 * right. user/lib/mends/NAME.c is the mend, and is compiled only where its probe finds the fault.
 * Probes are linked with picolibc alone and run on the bare machine when the toolchain is new
 * (tests/tools/toolchain); there are no files but that of files.h, no clock and no other way to write than to say what is wrong. */
#ifndef OCTAVO_MENDS_PROBE_H
#define OCTAVO_MENDS_PROBE_H

#define PROBE(name) const char *probe_##name(void)

/* At the beginning of a line: picolibc may have no such function; then it is NULL. */
#define MAY_LACK(name) extern __typeof__(name) name __attribute__((weak))

#endif
