/* SPDX-License-Identifier: MIT
 *
 * The environment (POSIX.1-2017 getenv, setenv, unsetenv, putenv). Up to picolibc 1.8.12 putenv copies its string,
 * setenv writes a short value into the string that is there, which may be a constant, getenv takes a null environ
 * for an array, and 1.8 lets setenv take an empty name. With the first change the array becomes this file's. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <unistd.h>

static char **own;  /* the array, while environ is it */
static char **made; /* made[i] is own[i] if setenv made that string, and else NULL */
static size_t room;

/* Where a variable is, or the end of the array. */
static size_t find(const char *name, size_t length)
{
    size_t i = 0;

    while (environ && environ[i] &&
           (strncmp(environ[i], name, length) != 0 || environ[i][length] != '='))
        i++;
    return i;
}

char *getenv(const char *name)
{
    size_t length = strlen(name);

    __LIBC_LOCK();
    char *text = length > 0 && environ ? environ[find(name, length)] : NULL;
    __LIBC_UNLOCK();
    return text ? text + length + 1 : NULL;
}

/* Makes the array this file's, with room for one string behind the first `count`. */
static bool grow(size_t count)
{
    bool ours = own && environ == own;
    size_t more = 2 * count + 16;
    char **arrays = ours && count + 1 < room ? own : calloc(2 * more, sizeof(*arrays));

    if (!arrays || arrays == own)
        return arrays;
    for (size_t i = 0; i < count; i++) {
        arrays[i] = environ[i];
        arrays[more + i] = ours ? made[i] : NULL;
    }
    free(own);
    environ = own = arrays;
    made = arrays + more;
    room = more;
    return true;
}

/* Puts in a string "name=value", whose name has this length. */
static int put(char *text, size_t length, bool is_made)
{
    size_t i = find(text, length), count = i;

    while (environ && environ[count])
        count++;
    if (!grow(count))
        return -1;
    free(made[i]);
    own[i] = text;
    made[i] = is_made ? text : NULL;
    return 0;
}

static bool is_name(const char *name)
{
    bool right = name && *name && !strchr(name, '=');

    errno = right ? errno : EINVAL;
    return right;
}

int setenv(const char *name, const char *value, int overwrite)
{
    int result = 0;

    if (!is_name(name))
        return -1;
    if (!overwrite && getenv(name))
        return 0;
    size_t length = strlen(name), size = strlen(value) + 1;
    char *text = malloc(length + 1 + size);
    if (!text)
        return -1;
    memcpy(text, name, length);
    text[length] = '=';
    memcpy(text + length + 1, value, size);
    __LIBC_LOCK();
    result = put(text, length, true);
    __LIBC_UNLOCK();
    if (result < 0)
        free(text);
    return result;
}

int unsetenv(const char *name)
{
    if (!is_name(name))
        return -1;
    __LIBC_LOCK();
    for (size_t i; environ && environ[i = find(name, strlen(name))];) {
        if (environ == own)
            free(made[i]);
        for (; environ[i]; i++) {
            environ[i] = environ[i + 1];
            if (environ == own)
                made[i] = made[i + 1];
        }
    }
    __LIBC_UNLOCK();
    return 0;
}

/* The string itself becomes part of the environment; without a "=" it names what shall go (GNU). */
int putenv(char *text)
{
    size_t length = strcspn(text, "=");

    if (!text[length])
        return unsetenv(text);
    __LIBC_LOCK();
    int result = length > 0 ? put(text, length, false) : -1;
    __LIBC_UNLOCK();
    errno = length > 0 ? errno : EINVAL;
    return result;
}

int clearenv(void)
{
    __LIBC_LOCK();
    for (size_t i = 0; own && environ == own && own[i]; i++) {
        free(made[i]);
        own[i] = made[i] = NULL;
    }
    environ = own;
    __LIBC_UNLOCK();
    return 0;
}
