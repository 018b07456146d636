/* SPDX-License-Identifier: MIT
 *
 * Users: there is one, root. Who one is cannot be changed, but to what it is already. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

static char users_name[] = "root", users_password[] = "x", users_home[] = "/",
            users_shell[] = "/bin/sh", users_gecos[] = "root";
static char *users_members[] = {NULL};

static const struct passwd users_passwd = {
    .pw_name = users_name,
    .pw_passwd = users_password,
    .pw_comment = users_gecos,
    .pw_gecos = users_gecos,
    .pw_dir = users_home,
    .pw_shell = users_shell,
};
static const struct group users_group = {
    .gr_name = users_name,
    .gr_passwd = users_password,
    .gr_mem = users_members,
};

static int passwd_at, group_at; /* of getpwent, getgrent: 1 = given */

/* --- Who the process is ---------------------------------------------------------------------- */

uid_t getuid(void)
{
    return 0;
}

uid_t geteuid(void)
{
    return 0;
}

gid_t getgid(void)
{
    return 0;
}

gid_t getegid(void)
{
    return 0;
}

int getgroups(int size, gid_t list[])
{
    if (size > 0)
        list[0] = 0;
    return size < 0 ? (int)octavo_result(-EINVAL) : 1;
}

/* id: 0, or where that is allowed -1 = unchanged. */
static int users_become(unsigned id, int or_none)
{
    return (int)octavo_result(id == 0 || (or_none && id == ~0u) ? 0 : -EPERM);
}

int setuid(uid_t id)
{
    return users_become(id, 0);
}

int setgid(gid_t id)
{
    return users_become(id, 0);
}

int seteuid(uid_t id)
{
    return users_become(id, 0);
}

int setegid(gid_t id)
{
    return users_become(id, 0);
}

int setreuid(uid_t real, uid_t effective)
{
    return users_become(real, 1) < 0 ? -1 : users_become(effective, 1);
}

int setregid(gid_t real, gid_t effective)
{
    return users_become(real, 1) < 0 ? -1 : users_become(effective, 1);
}

int setgroups(int count, const gid_t *list)
{
    return count == 0 || (count == 1 && list[0] == 0) ? 0 : (int)octavo_result(-EPERM);
}

int initgroups(const char *user, gid_t group)
{
    (void)user;
    return users_become(group, 0);
}

int issetugid(void)
{
    return 0;
}

/* --- What is known of users ------------------------------------------------------------------ */

struct passwd *getpwuid(uid_t id)
{
    static struct passwd record; /* the caller may write to it */

    record = users_passwd;
    return id == 0 ? &record : NULL;
}

struct passwd *getpwnam(const char *name)
{
    return strcmp(name, users_name) == 0 ? getpwuid(0) : NULL;
}

/* The strings are constant: nothing goes into the caller's buffer. */
int getpwuid_r(uid_t id, struct passwd *record, char *buffer, size_t size, struct passwd **result)
{
    (void)buffer;
    (void)size;
    *record = users_passwd;
    *result = id == 0 ? record : NULL;
    return 0;
}

int getpwnam_r(const char *name, struct passwd *record, char *buffer, size_t size,
               struct passwd **result)
{
    return getpwuid_r(strcmp(name, users_name) == 0 ? 0 : 1, record, buffer, size, result);
}

struct passwd *getpwent(void)
{
    return passwd_at++ == 0 ? getpwuid(0) : NULL;
}

void setpwent(void)
{
    passwd_at = 0;
}

void endpwent(void)
{
    passwd_at = 0;
}

struct group *getgrgid(gid_t id)
{
    static struct group record;

    record = users_group;
    return id == 0 ? &record : NULL;
}

struct group *getgrnam(const char *name)
{
    return strcmp(name, users_name) == 0 ? getgrgid(0) : NULL;
}

int getgrgid_r(gid_t id, struct group *record, char *buffer, size_t size, struct group **result)
{
    (void)buffer;
    (void)size;
    *record = users_group;
    *result = id == 0 ? record : NULL;
    return 0;
}

int getgrnam_r(const char *name, struct group *record, char *buffer, size_t size,
               struct group **result)
{
    return getgrgid_r(strcmp(name, users_name) == 0 ? 0 : 1, record, buffer, size, result);
}

struct group *getgrent(void)
{
    return group_at++ == 0 ? getgrgid(0) : NULL;
}

void setgrent(void)
{
    group_at = 0;
}

void endgrent(void)
{
    group_at = 0;
}

char *getlogin(void)
{
    return users_name;
}

int getlogin_r(char *name, size_t size)
{
    if (size <= strlen(users_name))
        return ERANGE;
    strcpy(name, users_name);
    return 0;
}
