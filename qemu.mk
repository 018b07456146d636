# SPDX-License-Identifier: MIT
# qemu.mk - the one place that knows how QEMU is started. Tools ask it with `make -s qemu-command`.

SMP ?= 1
MEM ?= 128M
FRAMES ?=
PAGER ?=
ICOUNT ?=
SEED ?=
CPU ?=
OPENSBI ?=
QEMU ?= qemu-system-riscv64
# More boot arguments, and more QEMU options: for experiments and tests.
APPEND ?=
QEMU_EXTRA ?=
# TESTS=1: with the guest tests in /test.
TESTS ?=
INITRD ?= $(B)/$(if $(TESTS),test,boot).cpio

# Read by the kernel, init and the pager from the device tree's /chosen/bootargs.
BOOTARGS = $(strip $(if $(FRAMES),frames=$(FRAMES)) $(if $(PAGER),pager=$(PAGER)) \
           $(if $(SEED),seed=$(SEED)) $(APPEND))

# force-legacy=false: virtio 1.0 registers. One instruction = 1 ns under ICOUNT; time does not stand
# still when all harts wait (sleep=off: it jumps to the next deadline).
QEMU_OPTIONS = -machine virt $(if $(CPU),-cpu $(CPU)) -m $(MEM) -smp $(SMP) \
  -global virtio-mmio.force-legacy=false -bios $(or $(OPENSBI),default) \
  -kernel $(KERNEL) -initrd $(INITRD) \
  $(if $(filter-out 0,$(ICOUNT)),-icount shift=0$(comma)sleep=off) $(if $(SEED),-seed $(SEED)) $(QEMU_EXTRA)
comma := ,

# What the command line set, for tools that call make again with it.
RUN_VARIABLES = $(foreach v,SMP MEM FRAMES PAGER ICOUNT SEED CPU OPENSBI QEMU APPEND QEMU_EXTRA \
  DEBUG CROSS APPS POLICIES PAGER_PROG TESTS TRACES BUILD NOINSTALL,$(if $(filter command line environment,$(origin $(v))),\
  '$(v)=$($(v))'))

.PHONY: qemu qemu-command
qemu: boot
	@echo 'QEMU: leave with Ctrl-A X'
	@$(QEMU) $(QEMU_OPTIONS) -nographic $(if $(BOOTARGS),-append '$(BOOTARGS)')

# One argument a line; the boot arguments, without -append, are the last line.
qemu-command:
	@printf '%s\n' $(QEMU) $(QEMU_OPTIONS) '$(BOOTARGS)'
