# SPDX-License-Identifier: MIT
# Makefile - builds and runs Octavo; `make` alone prints the targets.
#
# One make, no recursion: an object depends on its headers (-MMD) and on a file with the flags that made
# it; a link depends on a file with the list of sources. DEBUG=0 has its own folder. What QEMU is
# started with is in qemu.mk; host tests and the simulator bring their own .mk files.

# 4.2 is the first with .SHELLSTATUS, which tells whether $(shell) went well.
ifneq ($(filter 3.% 4.0 4.0.% 4.1 4.1.%,$(MAKE_VERSION)),)
$(error GNU make 4.2 or newer is needed, this is $(MAKE_VERSION) (macOS: brew install make, then type gmake))
endif

.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq ($(MAKELEVEL)$(filter -j% --jobserver%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
endif
.DELETE_ON_ERROR:
.SUFFIXES:

# --- What the user may set --------------------------------------------------------------
DEBUG ?= 1
CROSS ?= riscv64-unknown-elf-
BUILD ?= build
APPS ?=
POLICIES ?=
FASTPATH ?= 1
PAGER_PROG ?=
PAGERS ?=
NOINSTALL ?=
T ?=
# What make test-fresh does: in which systems, in which of them all tests, in which all guest tests; and with
# what is new in their archives (tests/tools/test-fresh).
FRESH ?=
FULL ?=
GUEST ?=
REFRESH ?=

B := $(BUILD)$(if $(filter 0,$(DEBUG)),/release)

# --- The tools: what is missing is installed or named, before anything else -------------
GOALS := $(or $(MAKECMDGOALS),help)
# Which tools a goal needs; goals that are not here need none.
NEEDS := $(if $(filter $(BUILD)/% qemu run bench bench-compare malloc all sdk boot check port-%,$(GOALS)),build) \
         $(if $(filter gdb,$(GOALS)),build gdb) \
         $(if $(filter test mutants,$(GOALS)),build gdb test host sim) \
         $(if $(filter thrashing,$(GOALS)),build plot) $(if $(filter test-fresh,$(GOALS)),build fresh) \
         $(if $(filter test port-%,$(GOALS)),ports) $(if $(filter test test-sim,$(GOALS)),browser plot) \
         $(if $(filter check,$(GOALS)),check) \
         $(if $(filter sim plot replay test-sim,$(GOALS)),host sim) $(if $(filter plot,$(GOALS)),plot)
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell tests/tools/doctor python $(NEEDS))
endif
ifneq ($(filter test test-sim sim plot replay,$(GOALS)),)
-include tests/sim/sim.mk
endif
ifneq ($(filter test-host,$(GOALS)),)
-include tests/host/host.mk
endif

DOCTOR = CROSS='$(CROSS)' QEMU='$(QEMU)' PYTHON='$(PYTHON)' OPENSBI='$(OPENSBI)' \
         NOINSTALL='$(NOINSTALL)' tests/tools/doctor
include qemu.mk
ifneq ($(strip $(NEEDS)),)
ifeq ($(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),)
DOCTOR_SAYS := $(shell $(DOCTOR) need $(BUILD)/tools $(NEEDS))
ifneq ($(.SHELLSTATUS),0)
$(error $(or $(DOCTOR_SAYS),the tools are not complete: make doctor))
endif
endif
endif

# What the cross compiler and its picolibc are like: PICOLIBC, MENDS ... (tests/tools/toolchain).
TOOLCHAIN := $(BUILD)/toolchain.mk
ifneq ($(filter build,$(NEEDS)),)
TOOLCHAIN_SAYS := $(shell CROSS='$(CROSS)' QEMU='$(QEMU)' PYTHON='$(PYTHON)' tests/tools/toolchain $(TOOLCHAIN))
ifneq ($(.SHELLSTATUS),0)
$(error $(TOOLCHAIN_SAYS))
endif
endif
-include $(TOOLCHAIN)

# --- Commands and flags -----------------------------------------------------------------
Q := $(if $(V),,@)
# "  CC      kernel/run/ipc.c", or nothing under make -s.
say = $(if $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),,@printf '  %-7s %s\n' $(1) $(2))

CC := $(CROSS)gcc
AR := $(CROSS)ar
NM := $(CROSS)nm
STRIP := $(CROSS)strip

# A warning is an error for the compilers that the tests run with, and never in a source from outside.
WERROR := $(if $(TOOLCHAIN_KNOWN),-Werror)
WARNINGS := -Wall -Wextra $(WERROR) -Wmissing-prototypes -Wstrict-prototypes -Wshadow
COMMON := -std=gnu11 -O2 -g $(WARNINGS) -mcmodel=medany -fno-common $(PICOLIBC) \
          $(if $(filter 0,$(DEBUG)),,-DOCTAVO_DEBUG=1)

# S-mode: no FP registers, no libc; picolibc lends <sys/queue.h> and the freestanding types.
KFLAGS := $(COMMON) -march=rv64imac_zicsr_zifencei -mabi=lp64 -ffreestanding -fno-stack-protector \
          -fno-omit-frame-pointer -I. -Ikernel/include -I$(B)
KERNEL_BASE := 0xffffffff80000000
KLDFLAGS := -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -nostdlib -static \
            -Wl,-n,--build-id=none,--no-warn-rwx-segments -T kernel/boot/kernel.ld

# U-mode. user/include comes with -I and so before picolibc's own headers, which the specs file adds.
# gcc 15 makes conversions of nearbyint, which raise the inexact exception, unless the language is C23.
UDEFINES := -D__octavo__=1 -D__unix__=1 -D__unix=1 -fno-builtin-nearbyint -fno-builtin-nearbyintf
UFLAGS := $(COMMON) -march=rv64gc -mabi=lp64d -ffunction-sections -fdata-sections $(UDEFINES) \
          -Iuser/include -Ikernel/include -I.
ULDFLAGS := -march=rv64gc -mabi=lp64d -mcmodel=medany $(PICOLIBC) -nostartfiles -nodefaultlibs -static \
            -Wl,--gc-sections,--build-id=none,-z,max-page-size=4096,--no-warn-rwx-segments -T user/lib/system/user.ld

# --- Sources ----------------------------------------------------------------------------
objects = $(patsubst %,$(B)/%.o,$(basename $(1)))
sources_in = $(wildcard $(1)/*.c $(1)/*.S)

KERNEL_SOURCES := $(foreach d,$(wildcard kernel/*/) mm sbi,$(call sources_in,$(d:/=)))
# FASTPATH=0 is a kernel of its own: the same objects without fastpath.o.
KERNEL := $(B)/$(if $(filter 0,$(FASTPATH)),general,kernel)/octavo.elf
# The library: what picolibc leaves to the system, what it lacks, what the installed one gets wrong, and what
# servers share. Beside it, what the small programs share (LIBTOOL), and a malloc that a program links by name.
LIB_SOURCES := $(filter-out %/crt0.S,$(foreach d,system posix server,$(call sources_in,user/lib/$(d)))) \
  $(MENDS:%=user/lib/mends/%.c)
LIB := $(B)/user/lib/liboctavo.a
LIBC := $(B)/user/lib/libc.a
CRT0 := $(B)/user/lib/system/crt0.o
LIBTOOL := $(B)/user/lib/libtool.a
LIBBINMALLOC := $(B)/user/lib/libbinmalloc.a

# A server is a folder of user/ with a main. A program is a file, or a folder for a bigger one.
SERVERS := $(filter-out lib include bin demo bench pagers,$(sort $(foreach f,$(wildcard user/*/*.c),\
  $(word 2,$(subst /, ,$(f))))))
program_names = $(basename $(notdir $(wildcard $(1)/*.c))) \
                $(foreach d,$(wildcard $(1)/*/),$(if $(wildcard $(d)*.c),$(notdir $(d:/=))))
program_sources = $(or $(wildcard $(1)/$(2).c),$(call sources_in,$(1)/$(2)))

POLICY_SOURCES := $(wildcard user/pager/evict/policy/*.c)
POLICY_NAMES := $(sort $(notdir $(basename $(POLICY_SOURCES) $(POLICIES))))
POLICY_OBJECTS := $(POLICY_NAMES:%=$(B)/user/pager/evict/policy/%.o)

# --- Files that change when flags or the list of sources do -----------------------------
# $(call changes,FILE,TEXT): a rule that rewrites FILE only when TEXT is new.
define changes
$(1): FORCE
	@mkdir -p $$(@D); printf '%s\n' '$(2)' | cmp -s - $$@ || printf '%s\n' '$(2)' > $$@
endef
$(eval $(call changes,$(B)/flags-kernel,$(CC) $(KFLAGS) $(KLDFLAGS)))
$(eval $(call changes,$(B)/flags-user,$(CC) $(UFLAGS) $(ULDFLAGS)))
$(eval $(call changes,$(B)/policies,$(POLICY_SOURCES) $(abspath $(POLICIES))))
$(eval $(call changes,$(B)/sources,$(LIB_SOURCES) $(sort $(KERNEL_SOURCES) $(PROGRAM_SOURCES) \
  $(wildcard user/*/*.c user/*/*/*.c user/*/*/*/*.c tests/guest/*.c tests/guest/*/*.c))))
$(eval $(call changes,$(B)/apps-list,$(abspath $(APPS))))
.PHONY: FORCE # else .SECONDARY makes it an intermediate file, which forces nothing
FORCE:

# --- Kernel -----------------------------------------------------------------------------
KERNEL_OBJECTS := $(call objects,$(KERNEL_SOURCES))
INIT_STRIPPED := $(B)/strip/user/init/init

define kernel_object
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KFLAGS) -MMD -MP -c $< -o $@
endef
define user_object
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(if $(filter user/% tests/% $(B)/%,$<),$(UFLAGS),$(filter-out -Werror,$(UFLAGS))) -MMD -MP \
	  $(OBJECT_FLAGS) -c $< -o $@ || { rm -f $(@:.o=.d); exit 1; }
endef
# A source of somebody's, from anywhere. Its rule names it, not the .d: it may be elsewhere at the next run.
define outside_object
	$(user_object)
	$(Q)sed -e 's! $< ! !' -e 's! $<$$!!' $(@:.o=.d) > $(@:.o=.d).new && mv $(@:.o=.d).new $(@:.o=.d)
endef
$(foreach f,$(APPS) $(POLICIES) $(PAGERS) $(PAGER_PROG),$(if $(wildcard $(f)),,$(error $(f): no such file)))

$(B)/kernel/%.o: kernel/%.c $(B)/flags-kernel ; $(kernel_object)
$(B)/kernel/%.o: kernel/%.S $(B)/flags-kernel ; $(kernel_object)
$(B)/mm/%.o: mm/%.c $(B)/flags-kernel ; $(kernel_object)
$(B)/sbi/%.o: sbi/%.c $(B)/flags-kernel ; $(kernel_object)
$(B)/kernel/boot/init_elf.o: KFLAGS += -DINIT_ELF='"$(INIT_STRIPPED)"'
$(B)/kernel/boot/init_elf.o: $(INIT_STRIPPED)

# Two links: the first gives the addresses for the symbol table, the second has it; the table is last in
# rodata, so no function may have moved, and that is checked.
KERNEL_LINKED := $(if $(filter 0,$(FASTPATH)),$(filter-out %/fastpath.o,$(KERNEL_OBJECTS)),$(KERNEL_OBJECTS))
KERNEL_INPUTS := $(KERNEL_LINKED) kernel/boot/kernel.ld $(B)/sources
KSYMS := $(KERNEL:octavo.elf=ksyms.S)
$(KSYMS:.S=0.S): tests/tools/ksyms.py
	@mkdir -p $(@D)
	$(Q)$(PYTHON) $< $(KERNEL_BASE) --empty > $@
$(KERNEL:.elf=.pass1): $(KSYMS:.S=0.S) $(KERNEL_INPUTS)
	$(Q)$(CC) $(KLDFLAGS) -o $@ $(KERNEL_LINKED) $< -lgcc
$(KSYMS): $(KERNEL:.elf=.pass1) tests/tools/ksyms.py
	$(Q)$(NM) -n $< | $(PYTHON) tests/tools/ksyms.py $(KERNEL_BASE) > $@
$(KERNEL): $(KSYMS) $(KERNEL_INPUTS)
	$(call say,LD,$@)
	$(Q)$(CC) $(KLDFLAGS) -Wl,-Map=$(@:.elf=.map) -o $@ $(KERNEL_LINKED) $< -lgcc
	$(Q)$(NM) -n $@ | $(PYTHON) tests/tools/ksyms.py $(KERNEL_BASE) | cmp -s - $< || \
	  { echo 'the symbol table moved functions: .rodata.ksyms must come after .text' >&2; exit 1; }

# --- Library and programs ---------------------------------------------------------------
$(B)/user/lib/%.o: UFLAGS += -D_GNU_SOURCE=1 # all that the headers declare
$(B)/user/%.o: user/%.c $(B)/flags-user ; $(user_object)
$(B)/user/%.o: user/%.S $(B)/flags-user ; $(user_object)
$(B)/tests/guest/%.o: tests/guest/%.c $(B)/flags-user ; $(user_object)
$(B)/tests/guest/%.o: tests/guest/%.S $(B)/flags-user ; $(user_object)

$(B)/user/lib/mends/unicode.h: user/lib/mends/unicode.txt tests/tools/mkunicode.py
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tests/tools/mkunicode.py $< > $@
$(B)/user/lib/mends/wctype.o: $(B)/user/lib/mends/unicode.h
$(B)/user/lib/mends/wctype.o: UFLAGS += -I$(B)/user/lib/mends

# picolibc's malloc is in the library, weak as all of it. The mends stand around what they call octavo_libc_NAME:
# in the malloc that is taken out (malloc_*.c), and in the copy of picolibc's library (the others).
mended_by = $(if $(1),$(shell grep -ho '\<octavo_libc_[a-z_]*' $(1) | sed 's/octavo_libc_//' | sort -u))
MEND_SOURCES := $(MENDS:%=user/lib/mends/%.c)
LIBC_MALLOC := $(B)/user/lib/libc_malloc.o
$(LIBC_MALLOC): $(PICOLIBC_LIB)/libc.a tests/tools/libc-malloc $(MEND_SOURCES) $(B)/sources
	@mkdir -p $(@D)
	$(Q)CROSS='$(CROSS)' tests/tools/libc-malloc $@ $< $(call mended_by,$(filter %/malloc_align.c %/malloc_usable.c,$(MEND_SOURCES)))
$(LIB): $(call objects,$(LIB_SOURCES)) $(LIBC_MALLOC) $(B)/sources
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)
	$(Q)$(NM) -g -j --defined-only $@ | grep -v "[:]$$" > $@.names && $(CROSS)objcopy --weaken-symbols=$@.names $@

$(LIBC): $(LIB) $(PICOLIBC_LIB)/libc.a tests/tools/libc-mended
	$(call say,OBJCOPY,$@)
	$(Q)CROSS='$(CROSS)' tests/tools/libc-mended $@ $(PICOLIBC_LIB)/libc.a $(LIB).names \
	  $(call mended_by,$(filter-out %/malloc_align.c %/malloc_usable.c,$(MEND_SOURCES)))

$(LIBTOOL): $(call objects,$(call sources_in,user/lib/tool)) $(B)/sources
$(LIBBINMALLOC): $(call objects,$(call sources_in,user/lib/binmalloc)) $(B)/sources
$(LIBTOOL) $(LIBBINMALLOC):
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

# Our library is linked whole and then collected, so that its definitions win over picolibc's (sbrk).
# What it defines is weak (not what it refers to): a program may have an error() or a warn() of its own.
LIBPAGER := $(B)/user/pager/libpager.a
LINK_LIBS := $(LIBTOOL) -Wl,--whole-archive $(LIB) -Wl,--no-whole-archive -Wl,--start-group $(LIBC) -lgcc -Wl,--end-group
PROGRAMS :=
ARCHIVE :=
TEST_ARCHIVE :=
# $(call program,ELF,OBJECTS,FLAGS): links it, and makes it known.
define program
PROGRAMS += $(1)
$(1): $(2) $(CRT0) $(LIB) $(LIBC) $(LIBTOOL) user/lib/system/user.ld $(B)/sources $(if $(filter $(LIBPAGER),$(2)),tests/tools/mklines.py)
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$(if $(filter $(LIBPAGER),$(2)),$(link_pager),\
	  $$(Q)$$(CC) $$(ULDFLAGS) $(3) -o $$@ $$(CRT0) $(2) $$(LINK_LIBS))
endef
# A pager shows its own backtraces: as with the kernel's symbols, the first link gives the addresses for the
# table (tests/tools/mklines.py), the second has it, and nothing may have moved.
lines_object = printf '.section .rodata.lines,"a"\n.globl pager_lines\npager_lines: .incbin "%s"\n' $$@.lines | \
	  $$(CC) $$(ULDFLAGS) -x assembler -c - -o $$@.lines.o
link_pager = $$(Q)$$(PYTHON) tests/tools/mklines.py --empty - $$@.lines && $(lines_object) && \
	  $$(CC) $$(ULDFLAGS) $(3) -o $$@.pass1 $$(CRT0) $(2) $$@.lines.o $$(LINK_LIBS) && \
	  $$(PYTHON) tests/tools/mklines.py --cross $$(CROSS) $$@.pass1 $$@.lines && $(lines_object) && \
	  $$(CC) $$(ULDFLAGS) $(3) -o $$@ $$(CRT0) $(2) $$@.lines.o $$(LINK_LIBS) && \
	  $$(PYTHON) tests/tools/mklines.py --cross $$(CROSS) $$@ $$@.check && cmp $$@.lines $$@.check
$(B)/strip/%: $(B)/%.elf
	@mkdir -p $(@D)
	$(Q)$(STRIP) -o $@ $<

# All of a pager but its main: what other pagers are made from, too (user/pager/pager.h). Its folders are the rooms
# of docs/pager.md.
PAGER_LIBRARY := $(filter-out user/pager/main.c,$(call sources_in,user/pager) $(call sources_in,user/pager/*))
$(LIBPAGER): $(call objects,$(PAGER_LIBRARY)) \
             $(POLICY_OBJECTS) $(B)/user/pager/evict/policy_table.o $(B)/sources $(B)/policies
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

# Server S: user/S/*.c; of the pager, its main and the library.
server_objects = $(if $(filter pager,$(1)),$(B)/user/pager/main.o $(LIBPAGER),\
                   $(call objects,$(call sources_in,user/$(1))))
# Each server has addresses of its own, n * 16 MiB, so that a debugger with the symbols of all of them
# can tell whose code it sees; none of them needs it.
server_base = $(strip $(foreach n,1 2 3 4 5 6 7 8,$(if \
  $(filter $(1),$(word $(n),$(SERVERS))),-Xlinker -Ttext-segment=0x$(n)000000)))
$(foreach s,$(SERVERS),$(eval $(call program,$(B)/user/$(s)/$(s).elf,$(call server_objects,$(s)),\
  $(call server_base,$(s)))))
ARCHIVE += $(foreach s,$(filter-out init,$(SERVERS)),sbin/$(s)=$(B)/strip/user/$(s)/$(s))

# Programs that are linked twice, NAME with picolibc's malloc and NAME-bin with ours: they compare the two.
TWO_MALLOCS := user/demo/malloc user/bench/malloc tests/guest/heap tests/guest/heap_full
# $(call program_folder,ARCHIVE VARIABLE,FOLDER IN ARCHIVE,SOURCE FOLDER)
define program_folder
$(foreach p,$(call program_names,$(3)),$(call program_in,$(1),$(2),$(3),$(p),$(p),$(also_$(p)))\
  $(if $(filter $(3)/$(p),$(TWO_MALLOCS)),$(call program_in,$(1),$(2),$(3),$(p),$(p)-bin,$(LIBBINMALLOC),-u malloc)))
endef
# tests/guest/mends: the probes that chose the mends, in a program that has these.
also_mends := $(call objects,$(filter-out %/main.c,$(wildcard user/lib/mends/probe/*.c)))
$(also_mends): UFLAGS += -fno-builtin -w
$(B)/tests/guest/mends.o: UFLAGS += -I$(TOOLCHAIN:.mk=.work) -DMENDS='" $(MENDS) "'
# $(call program_in,ARCHIVE VARIABLE,FOLDER IN ARCHIVE,SOURCE FOLDER,SOURCE,PROGRAM,MORE OBJECTS,FLAGS)
define program_in
$(eval $(call program,$(B)/$(3)/$(5).elf,$(call objects,$(call program_sources,$(3),$(4))) $(6),$(7)))\
$(eval $(1) += $(2)/$(5)=$(B)/strip/$(3)/$(5))
endef
also_policies := $(POLICY_OBJECTS) $(B)/user/pager/evict/policy_table.o $(B)/user/pager/evict/policy.o # user/bench/policies
$(call program_folder,ARCHIVE,bin,user/bin)
$(call program_folder,ARCHIVE,demo,user/demo)
$(call program_folder,ARCHIVE,bench,user/bench)
$(call program_folder,TEST_ARCHIVE,test,tests/guest)

# Pager programs: a file of user/pagers, or of PAGERS, is a main that is linked with the library. The one that
# compresses needs LZ4's source, and is built and installed by make port-lz4.
LZ4 := $(BUILD)/ports/lz4
PAGER_SOURCES := $(filter-out %/compress.c,$(wildcard user/pagers/*.c)) $(PAGERS)
pager_name = $(notdir $(basename $(1)))
define pager
$(B)/pagers/$(call pager_name,$(1)).o: $(1) $(B)/flags-user $(B)/pagers-list
	$$(outside_object)
$(call program,$(B)/pagers/$(call pager_name,$(1)).elf,$(B)/pagers/$(call pager_name,$(1)).o $(LIBPAGER) $(2))
endef
$(foreach p,$(PAGER_SOURCES),$(eval $(call pager,$(p)))\
  $(eval ARCHIVE += lib/pager/$(call pager_name,$(p))=$(B)/strip/pagers/$(call pager_name,$(p))))
$(eval $(call changes,$(B)/pagers-list,$(abspath $(PAGER_SOURCES))))
ifneq ($(filter port-lz4,$(GOALS)),)
$(eval $(call pager,user/pagers/compress.c,$(LZ4)/source/lib/liblz4.a))
$(B)/pagers/compress.o: UFLAGS += -I$(LZ4)/source/lib
$(B)/pagers/compress.o: | $(LZ4)/stamp
$(LZ4)/source/lib/liblz4.a: $(LZ4)/stamp
port-lz4: $(BUILD)/root/lib/pager/compress
$(BUILD)/root/lib/pager/compress: $(B)/strip/pagers/compress
	@mkdir -p $(@D)
	$(Q)cp $< $@.new && mv $@.new $@
	$(call say,INSTALL,$@)
endif

# Policies: the file's name is the policy's name, and names its struct.
OBJECT_FLAGS :=
policy_flags = -DPOLICY=policy_file_$(1) -DPOLICY_NAME='"$(1)"' -Iuser/pager/evict
$(foreach p,$(POLICY_NAMES),$(eval $(B)/user/pager/evict/policy/$(p).o: \
  OBJECT_FLAGS = $(call policy_flags,$(p))))
define outside_policy
$(B)/user/pager/evict/policy/$(notdir $(basename $(1))).o: $(1) $(B)/flags-user $(B)/policies
	$$(outside_object)
endef
$(foreach p,$(POLICIES),$(eval $(call outside_policy,$(p))))
# $(call policy_table,NAMES): writes the table of them.
define policy_table
	@mkdir -p $(@D)
	$(Q){ echo '/* The policies built in; made by the Makefile from the names of their files. */'; \
	  echo '#include "user/pager/evict/policy.h"'; \
	  for p in $(1); do echo "extern const struct policy policy_file_$$p;"; done; \
	  echo 'const struct policy *const policy_table[] = {'; \
	  for p in $(1); do echo "    &policy_file_$$p,"; done; echo '    NULL};'; } > $@
endef
$(B)/user/pager/evict/policy_table.c: $(B)/policies
	$(call policy_table,$(POLICY_NAMES))
$(B)/user/pager/evict/policy_table.o: $(B)/user/pager/evict/policy_table.c $(B)/flags-user ; $(user_object)

# For tests/guest/policy_fails.py: a pager that has the policies of tests/policies too, which all fail.
BAD_NAMES := $(sort $(basename $(notdir $(wildcard tests/policies/*.c))))
BAD_OBJECTS := $(BAD_NAMES:%=$(B)/tests/policies/%.o)
$(foreach p,$(BAD_NAMES),$(eval $(B)/tests/policies/$(p).o: OBJECT_FLAGS = $(call policy_flags,$(p))))
$(B)/tests/policies/%.o: tests/policies/%.c $(B)/flags-user ; $(user_object)
$(B)/tests/policies/policy_table.c: $(B)/policies $(BAD_NAMES:%=tests/policies/%.c)
	$(call policy_table,$(POLICY_NAMES) $(BAD_NAMES))
$(B)/tests/policies/policy_table.o: $(B)/tests/policies/policy_table.c $(B)/flags-user ; $(user_object)
$(eval $(call program,$(B)/tests/policies/pager.elf,$(B)/user/pager/main.o \
  $(B)/tests/policies/policy_table.o $(BAD_OBJECTS) $(LIBPAGER),$(call server_base,pager)))

# APPS: programs of your own for /bin - ELF files as they are, C files compiled here.
define app
$(if $(filter %.c,$(1)),$(eval $(call app_c,$(1),$(notdir $(basename $(1)))))\
  $(eval ARCHIVE += bin/$(notdir $(basename $(1)))=$(B)/strip/apps/$(notdir $(basename $(1)))),\
  $(eval ARCHIVE += bin/$(notdir $(basename $(1)))=$(1)))
endef
define app_c
$(B)/apps/$(2).o: $(1) $(B)/flags-user $(B)/apps-list
	$$(outside_object)
$(call program,$(B)/apps/$(2).elf,$(B)/apps/$(2).o)
endef
$(foreach a,$(APPS),$(call app,$(a)))
APP_NAMES := $(foreach a,$(APPS),bin/$(notdir $(if $(filter %.c,$(a)),$(basename $(a)),$(a))))

# PAGER_PROG: an ELF file that takes the place of /sbin/pager.
ARCHIVE := $(strip $(if $(PAGER_PROG),$(filter-out sbin/pager=%,$(ARCHIVE)) sbin/pager=$(PAGER_PROG),\
  $(ARCHIVE)))

# --- Boot archives: boot.cpio for use, test.cpio with the guest tests too ---------------
archive_files = $(foreach p,$(1),$(lastword $(subst =, ,$(p))))
define boot_archive
$(call say,BOOT,$@)
$(Q)$(PYTHON) tests/tools/mkboot.py $@ $(1)
endef
$(eval $(call changes,$(B)/archive,$(ARCHIVE) $(TEST_ARCHIVE)))
$(B)/boot.cpio: $(call archive_files,$(ARCHIVE)) $(B)/archive tests/tools/mkboot.py
	$(call boot_archive,$(ARCHIVE))
$(B)/test.cpio: $(call archive_files,$(ARCHIVE) $(TEST_ARCHIVE)) $(B)/archive tests/tools/mkboot.py
	$(call boot_archive,$(ARCHIVE) $(TEST_ARCHIVE))

BAD_ARCHIVE := $(filter-out sbin/pager=%,$(ARCHIVE)) sbin/pager=$(B)/strip/tests/policies/pager
$(B)/bad.cpio: $(call archive_files,$(BAD_ARCHIVE) $(TEST_ARCHIVE)) $(B)/archive tests/tools/mkboot.py
	$(call boot_archive,$(BAD_ARCHIVE) $(TEST_ARCHIVE))

# --- For programs of the outside: the SDK, and ports of known programs --------------------
include sdk/sdk.mk
include ports/ports.mk

# --- Targets ----------------------------------------------------------------------------
.PHONY: values-reference help all boot qemu run test bench bench-compare malloc thrashing gdb doctor check format clean test-fresh mutants
.SECONDARY:

help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)
#: make qemu            build and boot to a shell (leave with Ctrl-A X)
#: make run CMD='...'   boot, run one shell line, power off
#: make test [T=name]   all tests, or those whose name contains it; last line: N passed, N failed
#: make bench           instructions per operation; also in build/bench.tsv; ROWS='name ...' chooses
#: make bench-compare BASE=rev    the same for a revision and for what is here, and what changed
#: make malloc           picolibc's malloc and ours, what they cost (docs/malloc.md)
#: make sim, make plot  policy simulator, and its curves
#: make replay TRACE=file    a page in HTML to step through it, two policies side by side
#: make thrashing         useful work against the number of programs, measured in the guest
#: make sdk             build/sdk/bin/octavo-gcc, the compiler for programs of your own
#: make port-lua        Lua 5.4 from Debian's source, into build/root/bin; docs/ports.md for more
#: make gdb PROG=name   QEMU under gdb, with symbols of kernel, servers and that program
#: make doctor          which tools are there, which are missing
#: make check           line budgets, who calls whom, formatting; make format mends the last
#: make mutants         break the source on purpose and see the tests notice
#: make test-fresh       in bare systems; FRESH="trixie noble" chooses, FULL=1 runs make test in each
#: make test-builds      two build folders: the same programs, the same recorded faults
#: make values-reference   what tests/guest/values compares with; on Debian 13 only
#: make all, make clean build everything; remove what was built
#: Variables: SMP=1 MEM=128M FRAMES= PAGER=policy[:key=value] DEBUG=1 ICOUNT= SEED= SHARE=build/root APPS=
#:            POLICIES= PAGERS= PAGER_PROG= FASTPATH=1 QEMU= OPENSBI= CPU= CROSS= NOINSTALL= BUILD=build V=

boot: $(KERNEL) $(B)/boot.cpio $(if $(TESTS),$(B)/test.cpio) root
# The guest's root folder, if it is ours: all programs but the servers and the tests.
.PHONY: root
root: $(B)/boot.cpio
ifeq ($(SHARE),$(BUILD)/root)
	$(Q)$(PYTHON) tests/tools/mkroot.py $(SHARE) $(BUILD)/root.list $(APP_NAMES:%=--mine %) \
	  $(filter-out sbin/%,$(ARCHIVE))
endif
all: boot $(B)/test.cpio $(PROGRAMS)

run:
	@NOINSTALL='$(NOINSTALL)' $(PYTHON) tests/tools/octavo-run $(if $(TIMEOUT),-t $(TIMEOUT)) $(RUN_VARIABLES) -- \
	  '$(subst ','\'',$(CMD))'

test:
	@$(PYTHON) tests/tools/run-tests $(if $(T),-k '$(T)') $(RUN_VARIABLES)
bench:
	@$(MAKE) DEBUG=0 ICOUNT=1 boot
	@$(PYTHON) tests/tools/bench.py $(RUN_VARIABLES) $(if $(ROWS),'ROWS=$(ROWS)')
malloc:
	@$(MAKE) -s DEBUG=0 boot
	@$(PYTHON) tests/tools/octavo-run -t 200 $(RUN_VARIABLES) DEBUG=0 ICOUNT=1 -- 'malloc compare'
bench-compare:
	@$(if $(BASE),,$(error bench-compare: BASE=revision names what to compare with))
	@$(PYTHON) tests/tools/bench-compare '$(BASE)' $(RUN_VARIABLES) $(if $(ROWS),'ROWS=$(ROWS)') $(if $(LIMIT),'LIMIT=$(LIMIT)')
thrashing:
	@$(PYTHON) tests/tools/thrashing.py --out $(B)/thrashing $(THRASHING) $(filter-out ICOUNT=% SEED=%,$(RUN_VARIABLES))
gdb: all
	@$(PYTHON) tests/tools/gdb.py $(RUN_VARIABLES) -- '$(PROG)'
doctor:
	@$(DOCTOR) show
# It looks at the objects, too, of S-mode, the pager and the library.
check: $(KERNEL_OBJECTS) $(B)/user/pager/main.o $(LIBPAGER) $(LIB)
	@BUILD='$(B)' CROSS='$(CROSS)' $(PYTHON) tests/tools/check.py
format:
	@git ls-files -z '*.c' '*.h' | xargs -0 clang-format -i
mutants:
	@$(PYTHON) tests/tools/mutants.py $(if $(T),-k '$(T)')
test-fresh:
	@$(PYTHON) tests/tools/test-fresh $(foreach v,FRESH FULL GUEST REFRESH CPU,$(if $($(v)),$(v)='$($(v))'))
test-builds:
	@tests/tools/test-builds $(RUN_VARIABLES)
values-reference:
	@$(PYTHON) tests/guest/values.py --make-reference
clean:
	rm -rf $(BUILD)

# Not all of $(B): other things are built below it, whole file systems among them.
-include $(shell find $(addprefix $(B)/,kernel mm sbi user tests apps pagers) -type f -name '*.d' 2>/dev/null)
