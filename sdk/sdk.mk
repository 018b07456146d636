# SPDX-License-Identifier: MIT
# sdk.mk - `make sdk`: the compiler for programs of the outside, complete below $(B)/sdk.
#
# It holds the tools of this folder, our headers, crt0, library and linker script; picolibc and the
# cross compiler stay where the system has them. lib/config says where that is, asked of the compiler.

SDK := $(B)/sdk
SDK_TOOLS := ar ranlib nm strip objdump objcopy readelf size
# What makefiles name and the library has anyway, or has not: empty archives.
SDK_EMPTY := rt pthread dl util
SDK_HEADERS := $(shell find user/include kernel/include -name '*.h')

.PHONY: sdk
sdk: $(SDK)/stamp
	$(call say,SDK,$(SDK)/bin/octavo-gcc)

# Rebuilt whole: a header that went away must not stay there.
$(SDK)/stamp: $(SDK_HEADERS) $(LIB) $(LIBC) $(LIBBINMALLOC) $(CRT0) user/lib/system/user.ld sdk/octavo-gcc sdk/octavo-tool sdk/config \
              sdk/sdk.mk $(B)/flags-user
	@rm -rf $(SDK)
	@mkdir -p $(SDK)/bin $(SDK)/lib
	$(Q)cp -R user/include $(SDK)/include && cp -R kernel/include/abi $(SDK)/include/
	$(Q)cp $(LIB) $(LIBC) $(LIBBINMALLOC) $(CRT0) user/lib/system/user.ld $(SDK)/lib/
	$(Q)for l in $(SDK_EMPTY); do $(AR) rcs $(SDK)/lib/lib$$l.a; done
	$(Q)CROSS='$(CROSS)' PICOLIBC_INCLUDE='$(PICOLIBC_INCLUDE)' PICOLIBC_LIB='$(PICOLIBC_LIB)' DEFINES='$(UDEFINES)' sh sdk/config > $(SDK)/lib/config
	$(Q)cp sdk/octavo-gcc $(SDK)/bin/
	$(Q)for t in $(SDK_TOOLS); do cp sdk/octavo-tool $(SDK)/bin/octavo-$$t; done
	@touch $@
