/* SPDX-License-Identifier: MIT
 *
 * picolibc's <sys/types.h>, with types that hold what a file of the host has: in some versions numbers of
 * inodes, devices and users have 16 bits. Its own are hidden behind other names while it is read; what it
 * declares is declared once, so its later headers take these. No function of libc.a that Octavo leaves to
 * picolibc has a parameter of these types. */
#ifndef OCTAVO_SYS_TYPES_H
#define OCTAVO_SYS_TYPES_H

#define dev_t picolibc_dev_t
#define ino_t picolibc_ino_t
#define uid_t picolibc_uid_t
#define gid_t picolibc_gid_t
#define fsfilcnt_t picolibc_fsfilcnt_t
#include_next <sys/types.h>
#undef dev_t
#undef ino_t
#undef uid_t
#undef gid_t
#undef fsfilcnt_t

typedef unsigned long dev_t;
typedef unsigned long ino_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned long fsfilcnt_t;

#endif
