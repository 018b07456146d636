/* SPDX-License-Identifier: MIT
 *
 * Resource usage (POSIX.1-2017 <sys/resource.h>, with the usual further fields of BSD); picolibc's
 * has only the times. */
#ifndef OCTAVO_SYS_RESOURCE_H
#define OCTAVO_SYS_RESOURCE_H

#include <sys/time.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN (-1)

struct rusage {
    struct timeval ru_utime; /* CPU time; the kernel does not tell user from system time */
    struct timeval ru_stime; /* 0 */
    long ru_maxrss;          /* KiB, the most at a time */
    long ru_ixrss, ru_idrss, ru_isrss;
    long ru_minflt; /* faults answered without reading anything */
    long ru_majflt; /* faults that had to read */
    long ru_nswap, ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw, ru_nivcsw;
};

int getrusage(int who, struct rusage *usage);

typedef unsigned long rlim_t;

struct rlimit {
    rlim_t rlim_cur, rlim_max;
};

#define RLIM_INFINITY (~0ul)
#define RLIM_SAVED_CUR RLIM_INFINITY
#define RLIM_SAVED_MAX RLIM_INFINITY

#define RLIMIT_CPU 0
#define RLIMIT_FSIZE 1
#define RLIMIT_DATA 2
#define RLIMIT_STACK 3
#define RLIMIT_CORE 4
#define RLIMIT_RSS 5
#define RLIMIT_NPROC 6
#define RLIMIT_NOFILE 7
#define RLIMIT_MEMLOCK 8
#define RLIMIT_AS 9
#define RLIM_NLIMITS 10

int getrlimit(int resource, struct rlimit *limit);
int setrlimit(int resource, const struct rlimit *limit); /* ENOTSUP: they cannot be changed */

#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2

int getpriority(int which, id_t who);
int setpriority(int which, id_t who, int value); /* EPERM: to 0 only */

#ifdef __cplusplus
}
#endif

#endif
