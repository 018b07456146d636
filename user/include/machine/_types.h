/* SPDX-License-Identifier: MIT
 *
 * Widths of the types of <sys/types.h>. picolibc's defaults have 16 bits for inode and device numbers
 * and for users, too few for files of a host. Nothing in libc.a that a header shows depends on them. */
#ifndef OCTAVO_MACHINE_TYPES_H
#define OCTAVO_MACHINE_TYPES_H

#include_next <machine/_types.h>

#define __machine_ino_t_defined
typedef unsigned long __ino_t;
#define __machine_dev_t_defined
typedef unsigned long __dev_t;
#define __machine_uid_t_defined
typedef unsigned int __uid_t;
#define __machine_gid_t_defined
typedef unsigned int __gid_t;
#define __machine_fsfilcnt_t_defined
typedef unsigned long __fsfilcnt_t;

#endif
