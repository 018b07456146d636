/* SPDX-License-Identifier: MIT
 *
 * No shared libraries: see dlfcn.h. */
#include <dlfcn.h>
#include <stddef.h>

static char *dl_reason;

static void *dl_fail(void)
{
    static char reason[] = "programs are linked statically: there are no shared libraries";

    dl_reason = reason;
    return NULL;
}

void *dlopen(const char *path, int mode)
{
    (void)path;
    (void)mode;
    return dl_fail();
}

void *dlsym(void *restrict library, const char *restrict name)
{
    (void)library;
    (void)name;
    return dl_fail();
}

int dlclose(void *library)
{
    (void)library;
    dl_fail();
    return -1;
}

char *dlerror(void)
{
    char *reason = dl_reason;

    dl_reason = NULL;
    return reason;
}
