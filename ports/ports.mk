# SPDX-License-Identifier: MIT
# ports.mk - `make port-NAME`: known programs, built unchanged with the SDK into $(B)/root.

PORTS := $(patsubst ports/%.port,%,$(wildcard ports/*.port))

.PHONY: $(PORTS:%=port-%)
$(PORTS:%=port-%): port-%: $(SDK)/stamp
	@ports/port $* $(SDK) $(BUILD)/ports $(BUILD)/root
