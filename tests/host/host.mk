# SPDX-License-Identifier: MIT
# Host tests: make test-host, or alone from the top: make -f tests/host/host.mk test-host
# Every tests/host/test_*.c becomes a program (see harness.h), in a debug and a release variant.

BUILD ?= build
include tests/tools/host-compiler.mk
HOST_BUILD := $(BUILD)/host
HOST_CFLAGS := $(HOST_COMMON) -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
    -DOCTAVO_HOST -I. -Ikernel/include -Itests/host
# mm/, with hooks of the tests' own, and with audits.
HOST_MM := $(filter-out %/string.c %/mm.c %/buddy.c %/slab.c,$(wildcard mm/*.c)) \
    tests/host/buddy_audit.c tests/host/slab_audit.c kernel/boot/memblock.c tests/host/machine.c
HOST_TESTS := $(patsubst tests/host/test_%.c,%,$(wildcard tests/host/test_*.c))
HOST_PROGRAMS := $(foreach t,$(HOST_TESTS),$(HOST_BUILD)/debug/$t $(HOST_BUILD)/release/$t)

# A test's own lines `// SOURCES: ...` and `// CPPFLAGS: ...`
host_line = $(shell sed -n "s,^// $1: ,,p" tests/host/test_$2.c)

# $1 variant, $2 its flags
define HOST_VARIANT
$(HOST_BUILD)/$1/%.o: %.c
	@mkdir -p $$(@D)
	$(HOST_CC) $(HOST_CFLAGS) $2 -MMD -MP -c -o $$@ $$<
-include $(patsubst %.c,$(HOST_BUILD)/$1/%.d,$(HOST_MM) tests/host/harness.c)
endef
$(eval $(call HOST_VARIANT,debug,-DOCTAVO_DEBUG=1))
$(eval $(call HOST_VARIANT,release,))

# $1 variant, $2 test: its own objects, and what all tests share
host_own = $(patsubst %.c,$(HOST_BUILD)/$1/of-$2/%.o,tests/host/test_$2.c \
    $(call host_line,SOURCES,$2))
host_shared = $(patsubst %.c,$(HOST_BUILD)/$1/%.o,tests/host/harness.c \
    $(if $(call host_line,SOURCES,$2),,$(HOST_MM)))

# $1 variant, $2 its flags, $3 test
define HOST_RULE
$(HOST_BUILD)/$1/of-$3/%.o: %.c
	@mkdir -p $$(@D)
	$(HOST_CC) $(HOST_CFLAGS) $2 $(call host_line,CPPFLAGS,$3) -MMD -MP -c -o $$@ $$<
$(HOST_BUILD)/$1/$3: $(call host_own,$1,$3) $(call host_shared,$1,$3)
	$(HOST_CC) $(HOST_CFLAGS) -o $$@ $$(filter %.o,$$^)
-include $(patsubst %.o,%.d,$(call host_own,$1,$3))
endef
$(foreach t,$(HOST_TESTS),$(eval $(call HOST_RULE,debug,-DOCTAVO_DEBUG=1,$t)))
$(foreach t,$(HOST_TESTS),$(eval $(call HOST_RULE,release,,$t)))

.PHONY: test-host
test-host: $(HOST_PROGRAMS)
	@PYTHON='$(PYTHON)' tests/host/run $(HOST_PROGRAMS)
