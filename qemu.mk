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
# The folder of the host that is the guest's root file system; empty: none.
SHARE ?= $(BUILD)/root
# Bytes of the swap disk; empty: no such disk.
SWAP ?= 64M
# More boot arguments, and more QEMU options: for experiments and tests.
APPEND ?=
QEMU_EXTRA ?=
# TESTS=1: with the guest tests in /test. INITRD is the boot archive; empty: none, and the kernel says so.
TESTS ?=
INITRD ?= $(B)/$(if $(TESTS),test,boot).cpio

IN_STEP = $(and $(filter-out 0,$(ICOUNT)),$(filter 1,$(SMP)))

# Read by the kernel, init and the pager from the device tree's /chosen/bootargs.
BOOTARGS = $(strip $(if $(FRAMES),frames=$(FRAMES)) $(if $(PAGER),pager=$(PAGER)) \
           $(if $(SEED),seed=$(SEED)) $(if $(IN_STEP),step) $(APPEND))

# The share, if this QEMU can and the folder is there or can be made. Security
# model none: files are QEMU's user's and have the modes that the guest gives them, links are links, so
# the host sees and edits what the guest does. passthrough is the same but must be root, because there
# a failing chown is an error; the mapped ones hide modes and links in attributes. remap: inode numbers
# stay unique where the folder has mounts in it.
SHARE_OPTIONS = $(if $(SHARE),$(if $(shell mkdir -p '$(SHARE)' 2>/dev/null; [ -d '$(SHARE)' ] && \
  $(QEMU) -device virtio-9p-device$(comma)help 2>/dev/null),-fsdev \
  'local$(comma)id=share$(comma)path=$(subst $(comma),$(comma)$(comma),$(SHARE))$(comma)security_model=none$(comma)multidevs=remap' \
  -device virtio-9p-device$(comma)fsdev=share$(comma)mount_tag=octavo))

# The swap disk: all zeros at each start, and not there when SWAP is empty. It is opened as a snapshot: what is
# written goes to a temporary file that is gone with QEMU. cache=unsafe: nobody wants it after a crash.
SWAP_OPTIONS = $(if $(SWAP),-drive \
  'if=none$(comma)id=swap$(comma)driver=null-co$(comma)size=$(SWAP)$(comma)read-zeroes=on$(comma)snapshot=on$(comma)cache=unsafe' \
  -device virtio-blk-device$(comma)drive=swap)

# force-legacy=false: virtio 1.0 registers. nic none: there is no driver for a network card, and QEMU 11 gives one unasked,
# whose timers never let a waiting machine stand still. One instruction = 1 ns under ICOUNT; time does not stand
# still when all harts wait (sleep=off: it jumps to the next deadline).
QEMU_OPTIONS = -machine virt $(if $(CPU)$(IN_STEP),-cpu '$(or $(CPU),rv64)$(if $(IN_STEP),$(comma)sstc=off)') -m $(MEM) -smp $(SMP) \
  -nic none -global virtio-mmio.force-legacy=false -bios $(or $(OPENSBI),default) \
  -kernel $(KERNEL) $(if $(INITRD),-initrd $(INITRD)) \
  $(if $(filter-out 0,$(ICOUNT)),-icount shift=0$(comma)sleep=off) $(if $(SEED),-seed $(SEED)) $(SHARE_OPTIONS) \
  $(SWAP_OPTIONS) $(QEMU_EXTRA)
comma := ,

# What the command line set, for tools that call make again with it.
RUN_VARIABLES = $(foreach v,SMP MEM FRAMES PAGER ICOUNT SEED CPU OPENSBI QEMU APPEND QEMU_EXTRA SHARE SWAP \
  DEBUG FASTPATH CROSS APPS POLICIES PAGERS PAGER_PROG TESTS TRACES BUILD NOINSTALL,$(if $(filter command line environment,$(origin $(v))),\
  '$(v)=$($(v))'))

.PHONY: qemu qemu-command
qemu: boot
	@echo 'QEMU: leave with Ctrl-A X'
	@$(QEMU) $(QEMU_OPTIONS) -nographic $(if $(BOOTARGS),-append '$(BOOTARGS)')

# One argument a line; the boot arguments, without -append, are the last line.
qemu-command:
	@printf '%s\n' $(QEMU) $(QEMU_OPTIONS) '$(BOOTARGS)'
