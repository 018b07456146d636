-- the math library, exact functions in full and the others to 13 digits
print(math.floor(-1.5), math.ceil(-1.5), math.abs(math.mininteger), math.fmod(-7, 3), math.fmod(7, -3.5), math.modf(-3.7))
print(math.max(1, 2.5, -1), math.min(3, 1, 2), math.ult(1, -1), math.tointeger(3.0), math.tointeger("8"), math.sqrt(2))
for _, f in ipairs{"sin", "cos", "tan", "exp", "atan"} do
    for x = -2, 2, 0.75 do io.write(f, "(", x, ")=", ("%.13g"):format(math[f](x)), " ") end print()
end
print(("%.13g %.13g %.13g %.13g"):format(math.log(10), math.log(8, 2), math.log(1000, 10), math.asin(1)))
math.randomseed(42)
local a = {} for i = 1, 8 do a[i] = math.random(1, 1000) end print(table.concat(a, " "))
print(math.random(0) ~= nil, math.random() < 1, pcall(math.random, 2, 1))
print(2 ^ 0.5, 10 ^ -2, 2 ^ 1023 * 2, 0 / 0 ~= 0 / 0, math.pi)
