-- formatting of floating point: every digit as the host has it
local values = {0.1, 0.5, 1.5, 2.5, 1 / 3, 2 / 3, 1e15, 1e16, 123456789012345678, 2 ^ 53, 2 ^ 63, 1e100, 1e-100,
    5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, math.pi, -0.0, 1e21, 0.000123456, 99999.5, 9.995}
for _, v in ipairs(values) do
    print(v, ("%.14g %.17g %.3f %.0f %e %.10e %g %a"):format(v, v, v, v, v, v, v, v))
    print(("%.20f %.25g %+12.4e|%-12.2f|%012.3f|%#.0f|% g"):format(v, v, v, v, v, v, v))
end
print(1 / 0, -1 / 0, ("%f %e %g %5.1f"):format(1 / 0, -1 / 0, 1 / 0, 1 / 0), math.huge // 1)
print(("%.99f"):format(0.1))
print(("%.3a %.0a %A"):format(math.pi, math.pi, 255.5))
