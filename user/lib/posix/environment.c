/* SPDX-License-Identifier: MIT
 *
 * The environment (POSIX.1-2017 getenv, setenv, putenv, unsetenv; clearenv). The array becomes this
 * library's with the first change; the strings that setenv made are freed when they are replaced. All
 * under the library's lock. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

static char **environment_own; /* the array that is ours, if environ still points to it */
static size_t environment_room;
static char **environment_made; /* strings that setenv made */
static size_t environment_made_count;

/* Where the variable is, or environ's length. */
static size_t environment_find(const char *name, size_t length, bool *is_there)
{
    size_t i = 0;

    for (; environ && environ[i]; i++)
        if (strncmp(environ[i], name, length) == 0 && environ[i][length] == '=') {
            *is_there = true;
            return i;
        }
    *is_there = false;
    return i;
}

char *getenv(const char *name)
{
    size_t length = strlen(name);
    bool is_there;

    __LIBC_LOCK();
    size_t i = environment_find(name, length, &is_there);
    char *value = is_there && length ? environ[i] + length + 1 : NULL;
    __LIBC_UNLOCK();
    return value;
}

/* Makes the array ours, with room for `count` strings and NULL. */
static bool environment_grow(size_t count)
{
    if (environ == environment_own && count < environment_room)
        return true;
    size_t room = count + 16, used = 0;
    char **more = malloc(room * sizeof(*more));
    if (!more)
        return false;
    for (; environ && environ[used]; used++)
        more[used] = environ[used];
    more[used] = NULL;
    free(environment_own);
    environ = environment_own = more;
    environment_room = room;
    return true;
}

/* Frees a string that setenv made. */
static void environment_free(const char *text)
{
    for (size_t i = 0; i < environment_made_count; i++)
        if (environment_made[i] == text) {
            free(environment_made[i]);
            environment_made[i] = environment_made[--environment_made_count];
            return;
        }
}

static bool environment_put(char *text, size_t length)
{
    bool is_there;
    size_t i = environment_find(text, length, &is_there);

    if (!environment_grow(i + 1))
        return false;
    if (is_there)
        environment_free(environ[i]);
    else
        environ[i + 1] = NULL;
    environ[i] = text;
    return true;
}

/* name=value in memory of ours, remembered. */
static char *environment_make(const char *name, const char *value)
{
    size_t length = strlen(name), size = strlen(value) + 1;
    char **made = realloc(environment_made, (environment_made_count + 1) * sizeof(*made));
    char *text = made ? malloc(length + 1 + size) : NULL;

    if (made)
        environment_made = made;
    if (!text)
        return NULL;
    memcpy(text, name, length);
    text[length] = '=';
    memcpy(text + length + 1, value, size);
    environment_made[environment_made_count++] = text;
    return text;
}

static bool environment_name_wrong(const char *name)
{
    if (name && *name && !strchr(name, '='))
        return false;
    errno = EINVAL;
    return true;
}

int setenv(const char *name, const char *value, int overwrite)
{
    bool is_there, done = true;

    if (environment_name_wrong(name))
        return -1;
    __LIBC_LOCK();
    environment_find(name, strlen(name), &is_there);
    if (!is_there || overwrite) {
        char *text = environment_make(name, value);
        done = text && environment_put(text, strlen(name));
        if (text && !done)
            environment_free(text);
    }
    __LIBC_UNLOCK();
    return done ? 0 : -1;
}

int unsetenv(const char *name)
{
    bool is_there;

    if (environment_name_wrong(name))
        return -1;
    __LIBC_LOCK();
    for (;;) {
        size_t i = environment_find(name, strlen(name), &is_there);
        if (!is_there)
            break;
        environment_free(environ[i]);
        do
            environ[i] = environ[i + 1];
        while (environ[i++]);
    }
    __LIBC_UNLOCK();
    return 0;
}

/* The string itself becomes part of the environment; without a "=" it names what shall go (GNU). */
int putenv(char *text)
{
    const char *equals = strchr(text, '=');

    if (!equals)
        return unsetenv(text);
    if (equals == text) {
        errno = EINVAL;
        return -1;
    }
    __LIBC_LOCK();
    bool done = environment_put(text, (size_t)(equals - text));
    __LIBC_UNLOCK();
    return done ? 0 : -1;
}

int clearenv(void)
{
    __LIBC_LOCK();
    for (size_t i = 0; environ && environ[i]; i++)
        environment_free(environ[i]);
    bool done = environment_grow(0);
    if (done)
        environ[0] = NULL;
    __LIBC_UNLOCK();
    return done ? 0 : -1;
}
