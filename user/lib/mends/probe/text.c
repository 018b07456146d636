/* SPDX-License-Identifier: MIT
 *
 * Probes of functions of text. */
#include "probe.h" /* first: from 1.8.10 on regex.h leaves size_t to who includes it */

#include <fnmatch.h>
#include <locale.h>
#include <regex.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

PROBE(environment)
{
    static char text[] = "PROBE=1";

    putenv(text);
    text[6] = '2';
    return strcmp(getenv("PROBE"), "2") == 0 ? NULL : "putenv copies";
}

PROBE(fnmatch)
{
    return fnmatch("[[:alpha:]]", "x", 0) == 0 && fnmatch("[a-[.c.]]", "b", 0) == 0 ? NULL
                                                                                    : "brackets";
}

PROBE(getopt)
{
    char *arguments[] = {"probe", "-x", "-", NULL};

    opterr = 0;
    if (getopt(3, arguments, "a") != '?' || optopt != 'x')
        return "optopt of an unknown option";
    return getopt(3, arguments, "a") == -1 && optind == 2 ? NULL : "a lone -";
}

PROBE(regex)
{
    static char deep[10000];
    regex_t regex;

    memset(deep, '(', sizeof(deep) - 1);
    if (regcomp(&regex, deep, REG_EXTENDED) != REG_ESPACE)
        return "no limit";
    return regcomp(&regex, "[a", 0) == REG_EBRACK ? NULL : "[ without ]";
}

PROBE(strsep)
{
    char text[] = "a:", *rest = text;

    strsep(&rest, ":");
    return strsep(&rest, ":") ? NULL : "an empty last field";
}

PROBE(strtod)
{
    return strtod("9007199254740993.00001", NULL) == 9007199254740994.0 &&
                   strtof("1.000000059604644775390626", NULL) == 0x1.000002p+0f
               ? NULL
               : "not all digits count";
}

PROBE(strverscmp)
{
    if (strverscmp("a", "1") <= 0)
        return "a letter and a digit";
    return strverscmp("a0", "a00") > 0 ? NULL : "a fraction";
}

PROBE(wctype)
{
    setlocale(LC_ALL, "C.UTF-8"); /* picolibc has none, ours has: then these are letters */
    return iswalpha(0xe9) && towupper(0x3b1) == 0x391 && wcwidth(0x4e00) == 2 ? NULL
                                                                              : "beyond ASCII";
}
