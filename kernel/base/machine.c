/* SPDX-License-Identifier: MIT
 *
 * The place of the description. See machine.h; boot/probe.c writes it. */
#include "kernel/base/machine.h"

struct machine machine;
