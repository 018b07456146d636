# SPDX-License-Identifier: MIT
# sim.mk - the policy simulator, its tests and its plots.
#
#   make sim                            builds $(BUILD)/host/pagesim
#   make sim POLICIES=/any/mine.c       with policies from outside the tree, too
#   make test-sim [TRACES=/folder]      all tests; with the LIRS traces in that folder, if given
#   make plot TRACE=file                pictures in PLOT_OUT=$(BUILD)/plot; PLOT_POLICIES=lru,arc and
#                                       PLOT_FRAMES=10,20 choose curves; PLOT='...' goes to plot.py
#   make replay TRACE=file              a page to step through, $(BUILD)/replay/FILE.html, which any browser
#                                       opens; REPLAY_POLICIES=lru,arc REPLAY_FRAMES=16 REPLAY_FROM=1
#                                       REPLAY_STEPS=20000 REPLAY='...' (for replay.py) REPLAY_OUT=folder
#
# The top Makefile includes this file; `make -f tests/sim/sim.mk sim` from the top works as well.
# A new file in user/pager/evict/policy/ needs no change here.

BUILD ?= build
POLICIES ?=
TRACES ?=
TRACE ?=
PLOT_OUT ?= $(BUILD)/plot
REPLAY_OUT ?= $(BUILD)/replay

sim: $(BUILD)/host/pagesim

# "  CC      file" instead of the command; V=1 shows commands.
sim_say = $(if $(V)$(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),,@printf '  %-7s %s\n' $1 $2)
SIM_Q := $(if $(V),,@)

SIM_OBJ := $(BUILD)/host/sim
include tests/tools/host-compiler.mk
SIM_CFLAGS := $(HOST_COMMON) -O2 -Iuser/pager/evict -Iuser/pager/evict/policy -Itests/sim -I. $(SIM_SANITIZE)

# Everything the simulator is made of, but for main(); and what only its tests need.
SIM_TEST_SOURCES := tests/sim/checker.c tests/sim/drive.c
SIM_SOURCES := $(filter-out tests/sim/pagesim.c tests/sim/test_%.c $(SIM_TEST_SOURCES),\
	$(wildcard tests/sim/*.c)) user/pager/evict/policy.c
SIM_OBJECTS := $(patsubst %.c,$(SIM_OBJ)/%.o,$(SIM_SOURCES))
SIM_TEST_OBJECTS := $(patsubst %.c,$(SIM_OBJ)/%.o,tests/sim/test_policies.c $(SIM_TEST_SOURCES))

# Policies: the name of the file is the name of the policy.
SIM_POLICY_SOURCES := $(wildcard user/pager/evict/policy/*.c) $(POLICIES)
SIM_POLICY_NAMES := $(sort $(basename $(notdir $(SIM_POLICY_SOURCES))))
SIM_POLICY_OBJECTS := $(SIM_POLICY_NAMES:%=$(SIM_OBJ)/policy/%.o)
SIM_TABLE := $(SIM_OBJ)/policy_table.c

ifneq ($(words $(SIM_POLICY_SOURCES)),$(words $(SIM_POLICY_NAMES)))
$(error two policy files have the same name; rename yours: $(POLICIES))
endif
ifneq ($(shell printf '%s\n' $(SIM_POLICY_NAMES) | grep -v '^[A-Za-z0-9_]*$$'),)
$(error the name of a policy file may have letters, digits and _ only: $(POLICIES))
endif

$(BUILD)/host/pagesim: $(SIM_OBJ)/tests/sim/pagesim.o $(SIM_OBJECTS) $(SIM_POLICY_OBJECTS) \
		$(SIM_OBJ)/policy_table.o
	$(call sim_say,HOSTLD,$@)
	$(SIM_Q)$(HOST_CC) $(SIM_CFLAGS) -o $@ $^

# For test-sim, which builds it with sanitizers and with policies that misbehave.
$(BUILD)/host/test-policies: $(SIM_TEST_OBJECTS) $(SIM_OBJECTS) $(SIM_POLICY_OBJECTS) \
		$(SIM_OBJ)/policy_table.o
	$(call sim_say,HOSTLD,$@)
	$(SIM_Q)$(HOST_CC) $(SIM_CFLAGS) -o $@ $^

$(SIM_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(call sim_say,HOSTCC,$<)
	$(SIM_Q)$(HOST_CC) $(SIM_CFLAGS) -MMD -MP -c -o $@ $<

$(SIM_OBJ)/policy_table.o: $(SIM_TABLE)
	$(SIM_Q)$(HOST_CC) $(SIM_CFLAGS) -c -o $@ $<

# Policies are also made again when the table changes: another file may have taken the name. No warning stops one
# from outside.
define SIM_POLICY_RULE
$(SIM_OBJ)/policy/$(basename $(notdir $1)).o: $1 $(SIM_TABLE)
	@mkdir -p $$(@D)
	$$(call sim_say,HOSTCC,$1)
	$$(SIM_Q)$$(HOST_CC) $$(SIM_CFLAGS) $(if $(filter $(POLICIES),$1),-Wno-error) \
		-DPOLICY=policy_file_$(basename $(notdir $1)) -DPOLICY_NAME='"$(basename $(notdir $1))"' -MMD -MP -c -o $$@ $1
endef
$(foreach source,$(SIM_POLICY_SOURCES),$(eval $(call SIM_POLICY_RULE,$(source))))

# The list of policies that are built in; touched only when it changes.
$(SIM_TABLE): SIM_FORCE
	@mkdir -p $(@D)
	@{ echo '/* made by sim.mk from $(SIM_POLICY_SOURCES) */'; \
	   echo '#include "policy.h"'; \
	   for name in $(SIM_POLICY_NAMES); do echo "extern const struct policy policy_file_$$name;"; done; \
	   echo 'const struct policy *const policy_table[] = {'; \
	   for name in $(SIM_POLICY_NAMES); do echo "    &policy_file_$$name,"; done; \
	   echo '    NULL,'; echo '};'; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

SIM_FORCE:

ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell tests/tools/doctor python plot browser)
endif

test-sim: $(BUILD)/host/pagesim
	@$(PYTHON) tests/sim/test_sim.py --build $(BUILD) --traces '$(TRACES)' $(SIM_TESTS)

plot: $(BUILD)/host/pagesim
	$(if $(TRACE),,$(error make plot TRACE=file [PLOT_POLICIES=lru,clock] [PLOT_FRAMES=10,20,40]))
	@$(PYTHON) tests/tools/plot.py --pagesim $< --out $(PLOT_OUT) \
		$(if $(PLOT_POLICIES),--policies $(PLOT_POLICIES)) \
		$(if $(PLOT_FRAMES),--frames $(PLOT_FRAMES)) $(PLOT) $(TRACE)

replay: $(BUILD)/host/pagesim
	$(if $(TRACE),,$(error make replay TRACE=file [REPLAY_POLICIES=lru,arc] [REPLAY_FRAMES=16]))
	@$(PYTHON) tests/tools/replay.py --pagesim $< --out $(REPLAY_OUT)/$(notdir $(TRACE)).html \
		$(if $(REPLAY_POLICIES),--policies $(REPLAY_POLICIES)) \
		$(if $(REPLAY_FRAMES),--frames $(REPLAY_FRAMES)) $(if $(REPLAY_FROM),--from $(REPLAY_FROM)) \
		$(if $(REPLAY_STEPS),--steps $(REPLAY_STEPS)) $(REPLAY) $(TRACE)

-include $(patsubst %.o,%.d,$(SIM_OBJECTS) $(SIM_POLICY_OBJECTS) $(SIM_TEST_OBJECTS) \
	$(SIM_OBJ)/tests/sim/pagesim.o)

.PHONY: sim plot replay test-sim SIM_FORCE
