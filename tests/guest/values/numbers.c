/* SPDX-License-Identifier: MIT
 *
 * Listed arguments, and the lines of a function of one argument (right.h). */
#include "right.h"
#include "values.h"

const double listed[] = {
    0,
    0x1p-1074, /* the smallest, and the largest without a full mantissa */
    0x0.fffffffffffffp-1022,
    0x1p-1022,
    0x1.8p-1000,
    0x1p-149, /* the same of float */
    0x1p-126,
    1e-30,
    0x1p-54,
    0x1p-53,
    0x1.0000000000001p-28,
    0x1p-27,
    1e-5,
    0.1,
    0.25,
    0.49999999999999994,
    0.5,
    0.5000000000000001,
    0.6931471805599453, /* log 2 */
    0.7071067811865476,
    0.7853981633974483, /* pi/4 */
    0.9999999999999999,
    1,
    1.0000000000000002,
    1.4616321449683622, /* the minimum of gamma */
    1.5,
    1.5707963267948966, /* pi/2 and its multiples */
    1.9999999999999998,
    2,
    2.5,
    2.718281828459045,
    3,
    3.141592653589793,
    3.5,
    4.71238898038469,
    5,
    6.283185307179586,
    9.42477796076938,
    10,
    22,
    25.132741228718345,
    32.5,
    88.72283905206835,  /* exp of float overflows */
    103.97208333333333, /* and is 0 for the negative */
    127.5,
    171.6, /* gamma overflows */
    171.7,
    255,
    308.25,
    709.782712893384, /* exp overflows */
    709.7827128933841,
    745.1332191019411, /* and is 0 for the negative */
    745.1332191019412,
    1023.9999999999999,
    1024,
    1075,
    100000,
    8388607.5, /* 2^23 and about */
    8388608.5,
    16777217,
    1073741823.5,
    2147483647,
    2147483647.5,
    2147483648,
    2147483648.25,
    4294967295.5,
    4294967296,
    4503599627370495.5, /* 2^52 */
    4503599627370497,
    9007199254740991,
    9007199254740993,
    0x1.fffffffffffffp+62,
    0x1p+63,
    0x1.fffffffffffffp+63,
    1e20,
    0x1p+64,
    1e22,
    0x1.fffffep+127, /* the largest float */
    0x1p+128,
    1e100,
    0x1.6ac5b262ca1ffp+849, /* nearer to a multiple of pi/2 than any other */
    1e300,
    0x1.fffffffffffffp+1023,
    INFINITY,
    NAN,
};
const int listed_count = COUNT(listed);

const double listed_short[] = {
    0,
    -0.0,
    0x1p-1074,
    -0x1p-1022,
    1e-5,
    0.5,
    -0.5,
    0.9999999999999999,
    1,
    -1,
    1.0000000000000002,
    1.5,
    2,
    -2,
    3,
    -3,
    10.25,
    -33,
    1023,
    2147483647.5,
    -4294967296,
    4503599627370497,
    9007199254740993,
    -1e20,
    1e300,
    -0x1.fffffffffffffp+1023,
    INFINITY,
    -INFINITY,
    NAN,
};
const int listed_short_count = COUNT(listed_short);

static void show_double(const struct function *function, const char *kind, double x)
{
    put("%s %s %D: %D\n", function->name, kind, x, function->f(x));
}

static void show_float(const struct function *function, const char *kind, float x)
{
    put("%sf %s %F: %F\n", function->name, kind, x, function->f_float(x));
}

void show_function(const struct function *function, long cases)
{
    draw_begin(function->name);
    for (int i = 0; i < listed_count; i++) {
        show_double(function, "listed", listed[i]);
        show_double(function, "listed", -listed[i]);
        show_float(function, "listed", (float)listed[i]);
        show_float(function, "listed", -(float)listed[i]);
    }
    for (long i = draw_cases(cases); i > 0; i--) {
        show_double(function, "drawn", draw_any());
        show_double(function, "drawn", draw_scaled(-30, 30));
        show_double(function, "drawn", draw_uniform(function->lowest, function->highest));
        show_float(function, "drawn", draw_any_float());
        show_float(function, "drawn", (float)draw_scaled(-15, 20));
        show_float(function, "drawn", (float)draw_uniform(function->lowest, function->highest));
    }
}
