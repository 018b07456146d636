/* SPDX-License-Identifier: MIT
 *
 * The old name of <signal.h>. */
#include <signal.h>
