/* SPDX-License-Identifier: MIT
 *
 * The users (POSIX.1-2017 <pwd.h>, with BSD's pw_gecos and the old pw_passwd): there is one, root. The
 * structures of some versions of picolibc are shorter. */
#ifndef OCTAVO_PWD_H
#define OCTAVO_PWD_H

#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct passwd {
    char *pw_name, *pw_passwd;
    uid_t pw_uid;
    gid_t pw_gid;
    char *pw_comment, *pw_gecos;
    char *pw_dir;
    char *pw_shell;
};

struct passwd *getpwuid(uid_t id);
struct passwd *getpwnam(const char *name);
int getpwnam_r(const char *name, struct passwd *user, char *strings, size_t size,
               struct passwd **found);
int getpwuid_r(uid_t id, struct passwd *user, char *strings, size_t size, struct passwd **found);
struct passwd *getpwent(void);
void setpwent(void);
void endpwent(void);

#ifdef __cplusplus
}
#endif

#endif
