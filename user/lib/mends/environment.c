/* SPDX-License-Identifier: MIT
 *
 * The environment (POSIX.1-2017 getenv, setenv, unsetenv, putenv). Up to picolibc 1.8.12 putenv copies its string,
 * setenv writes a short value into the string that is there, which may be a constant, getenv takes a null environ
 * for an array, and 1.8 lets setenv take an empty name. What setenv once made stays: a program may hold it. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <unistd.h>

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

static bool is_name(const char *name)
{
    bool right = name && *name && !strchr(name, '=');

    errno = right ? errno : EINVAL;
    return right;
}

/* Puts in a string "name=value". The array becomes this file's when it must grow, and not the program's. */
static int put(char *text)
{
    static char **own;

    __LIBC_LOCK();
    size_t i = find(text, strcspn(text, "="));
    bool grows = !environ || !environ[i];
    char **array = grows ? realloc(environ == own ? own : NULL, (i + 2) * sizeof(*own)) : environ;
    if (array) {
        if (grows && environ && environ != own)
            memcpy(array, environ, i * sizeof(*own));
        own = grows ? array : own;
        array[i] = text;
        array[i + 1] = grows ? NULL : array[i + 1];
        environ = array;
    }
    __LIBC_UNLOCK();
    return array ? 0 : -1;
}

int setenv(const char *name, const char *value, int overwrite)
{
    if (!is_name(name))
        return -1;
    const char *old = getenv(name);
    if (old && (!overwrite || strcmp(old, value) == 0))
        return 0;
    char *text = malloc(strlen(name) + strlen(value) + 2);
    return text ? put(strcat(strcat(strcpy(text, name), "="), value)) : -1;
}

int unsetenv(const char *name)
{
    if (!is_name(name))
        return -1;
    __LIBC_LOCK();
    for (size_t i; environ && environ[i = find(name, strlen(name))];)
        for (; environ[i]; i++)
            environ[i] = environ[i + 1];
    __LIBC_UNLOCK();
    return 0;
}

/* The string itself becomes part of the environment; without a "=" it names what shall go (GNU). */
int putenv(char *text)
{
    if (*text == '=')
        errno = EINVAL;
    return *text == '=' ? -1 : strchr(text, '=') ? put(text) : unsetenv(text);
}

int clearenv(void)
{
    environ = NULL;
    return 0;
}
