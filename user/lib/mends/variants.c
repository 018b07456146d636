/* SPDX-License-Identifier: MIT
 *
 * __d_vfprintf and __d_vfscanf, the names by which picolibc's gcvt, strfromd and (1.8.12) strftime ask for printf. In 1.8
 * to 1.8.12 they lie in one object with vfprintf and vfscanf, so a program that uses one of these functions gets
 * picolibc's formatter in place of posix/vfprintf.c. */
#include <stdarg.h>
#include <stdio.h>

int __d_vfprintf(FILE *file, const char *format, va_list arguments);
int __d_vfprintf(FILE *file, const char *format, va_list arguments)
{
    return vfprintf(file, format, arguments);
}

int __d_vfscanf(FILE *file, const char *format, va_list arguments);
int __d_vfscanf(FILE *file, const char *format, va_list arguments)
{
    return vfscanf(file, format, arguments);
}
