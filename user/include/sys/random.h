/* SPDX-License-Identifier: MIT
 *
 * Random bytes (Linux, BSD). ENOSYS where the machine has given no seed. */
#ifndef OCTAVO_SYS_RANDOM_H
#define OCTAVO_SYS_RANDOM_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GRND_NONBLOCK 1u
#define GRND_RANDOM 2u

ssize_t getrandom(void *buffer, size_t length, unsigned int flags);
int getentropy(void *buffer, size_t length); /* at most 256 bytes */

#ifdef __cplusplus
}
#endif

#endif
