# SPDX-License-Identifier: MIT
# host-compiler.mk - the host's C compiler, and the options that host tests (tests/host/host.mk) and simulator
# (tests/sim/sim.mk) share.
# What it must not do: say what only one of them needs. Both include it, so each works alone from the top.

HOST_CC ?= gcc
# A warning is an error with the compilers of which we know what they warn of. Only gcc knows -dumpfullversion.
HOST_WERROR := $(if $(filter 12.% 13.% 14.% 15.%,$(shell $(HOST_CC) -dumpfullversion 2>/dev/null)),-Werror)
# Ubuntu's gcc would put checked functions in place of printf and its kin, and calls of its own into others.
HOST_COMMON := -std=gnu11 -g -Wall -Wextra $(HOST_WERROR) -Wmissing-prototypes -Wstrict-prototypes -Wshadow \
    -U_FORTIFY_SOURCE -fno-stack-protector
