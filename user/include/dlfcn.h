/* SPDX-License-Identifier: MIT
 *
 * Programs are linked statically: dlopen always fails and dlerror says so. */
#ifndef OCTAVO_DLFCN_H
#define OCTAVO_DLFCN_H

#ifdef __cplusplus
extern "C" {
#endif

#define RTLD_LAZY 1
#define RTLD_NOW 2
#define RTLD_GLOBAL 4
#define RTLD_LOCAL 8
#define RTLD_DEFAULT ((void *)0)

void *dlopen(const char *path, int mode);
void *dlsym(void *__restrict library, const char *__restrict name);
int dlclose(void *library);
char *dlerror(void);

#ifdef __cplusplus
}
#endif

#endif
