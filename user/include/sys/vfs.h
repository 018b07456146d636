/* SPDX-License-Identifier: MIT
 *
 * Another name of <sys/statfs.h>. */
#include <sys/statfs.h>
