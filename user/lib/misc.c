/* SPDX-License-Identifier: MIT
 *
 * Small POSIX calls that libc.a or ordinary programs link against. There are no users: who one is, is
 * always 0. */
#include <errno.h>
#include <abi/info.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/internal.h"
