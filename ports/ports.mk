# SPDX-License-Identifier: MIT
# ports.mk - `make port-NAME`: known programs, built unchanged with the SDK into $(BUILD)/root.

PORTS := $(patsubst ports/%.port,%,$(wildcard ports/*.port))

.PHONY: $(PORTS:%=port-%)
$(PORTS:%=port-%): port-%: $(BUILD)/ports/%/stamp
$(PORTS:%=$(BUILD)/ports/%/stamp): $(BUILD)/ports/%/stamp: ports/%.port ports/port $(SDK)/stamp
	@ports/port $* $(SDK) $(BUILD)/ports $(BUILD)/root
	@touch $@
