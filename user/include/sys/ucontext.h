/* SPDX-License-Identifier: MIT
 *
 * ucontext_t, which <signal.h> defines. getcontext and its kin, which POSIX has withdrawn, are not
 * there. */
#include <signal.h>
