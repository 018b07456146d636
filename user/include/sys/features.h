/* SPDX-License-Identifier: MIT
 *
 * picolibc's <sys/features.h>, which all its headers include first, and the options of POSIX that Octavo has
 * (POSIX.1-2008, <unistd.h>, "Constants for Options and Option Groups"). sysconf() says the same while a program
 * runs. What is not defined here is not there.
 *
 * _POSIX_REALTIME_SIGNALS is -1: sigqueue() is not there, but picolibc shows siginfo_t only when the macro is
 * defined. Of _POSIX_TIMERS all is there but timer_create() and what goes with it. */
#ifndef OCTAVO_SYS_FEATURES_H
#define OCTAVO_SYS_FEATURES_H

#include_next <sys/features.h>

#define _POSIX_VERSION 200809L
#define _POSIX_ADVISORY_INFO 200809L
#define _POSIX_CHOWN_RESTRICTED 1
#define _POSIX_CPUTIME 200809L
#define _POSIX_FSYNC 200809L
#define _POSIX_MAPPED_FILES 200809L
#define _POSIX_MEMLOCK 200809L
#define _POSIX_MEMLOCK_RANGE 200809L
#define _POSIX_MEMORY_PROTECTION 200809L
#define _POSIX_MONOTONIC_CLOCK 200809L
#define _POSIX_NO_TRUNC 1
#define _POSIX_REALTIME_SIGNALS (-1)
#define _POSIX_REGEXP 1
#define _POSIX_SHARED_MEMORY_OBJECTS 200809L
#define _POSIX_SHELL 1
#define _POSIX_SPAWN 200809L
#define _POSIX_SYNCHRONIZED_IO 200809L
#define _POSIX_THREAD_SAFE_FUNCTIONS 200809L
#define _POSIX_TIMERS 200809L
#define _POSIX_V6_LP64_OFF64 1
#define _POSIX_V7_LP64_OFF64 1
#define _POSIX_VDISABLE 0
#define _POSIX2_VERSION 200809L
#define _POSIX2_C_BIND 200809L

#endif
