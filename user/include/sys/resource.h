/* SPDX-License-Identifier: MIT
 *
 * Resource usage (POSIX.1-2017 <sys/resource.h>, with the usual further fields of BSD); picolibc's
 * has only the times. */
#ifndef OCTAVO_SYS_RESOURCE_H
#define OCTAVO_SYS_RESOURCE_H

#include <sys/time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN (-1)

struct rusage {
    struct timeval ru_utime; /* CPU time; the kernel does not tell user from system time */
    struct timeval ru_stime; /* 0 */
    long ru_maxrss;          /* KiB resident now */
    long ru_ixrss, ru_idrss, ru_isrss;
    long ru_minflt; /* faults answered without reading anything */
    long ru_majflt; /* faults that had to read */
    long ru_nswap, ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw, ru_nivcsw;
};

int getrusage(int who, struct rusage *usage);

#ifdef __cplusplus
}
#endif

#endif
