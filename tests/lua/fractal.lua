-- floating point in loops: a Mandelbrot picture, Newton's method, sums in order
for y = -1.2, 1.2, 0.2 do local line = {}
    for x = -2, 0.6, 0.05 do local zr, zi, n = 0, 0, 0
        while n < 50 and zr * zr + zi * zi < 4 do zr, zi, n = zr * zr - zi * zi + x, 2 * zr * zi + y, n + 1 end
        line[#line + 1] = (" .:-=+*#%@"):sub(n // 6 + 1, n // 6 + 1) end
    print(table.concat(line)) end
local x = 1.0 for i = 1, 6 do x = (x + 2 / x) / 2 print(("%.17g"):format(x)) end
local s = 0 for i = 1, 10000 do s = s + 1 / i end print(("%.17g %.17g"):format(s, s * 1e-300))
