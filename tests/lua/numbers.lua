-- numerals to numbers and back
for _, s in ipairs{"0x10", "0x1p4", "0x.8", "0xA.8p1", "1e1", "1E+2", ".5", "5.", "1e", "0x", "", " 12 ", "1 2", "inf", "nan",
    "1e400", "-1e400", "1e-400", "9007199254740993", "9223372036854775807", "9223372036854775808", "0xffffffffffffffffff",
    "123456789012345678901234567890", "0.1000000000000000055511151231257827", "2.4703282292062328e-324", "1e23",
    "8.5e+15", "179769313486231580793728971405301199e273", "4.35", "0.3e0", "100000000000000016777215", "100000000000000016777216"} do
    local n = tonumber(s)
    print(s, n, math.type(n), n and ("%.17g"):format(n))
end
print(tonumber("zz", 36), tonumber("7", 2), tonumber("-ff", 16), 3 | 0, 7 // 2, -7 // 2, 7 % -3, -7 % 3, 7.5 // 2)
print(1e308 * 10, -1e308 * 10, 3 == 3.0, 1 < 1.5, math.maxinteger + 1 == math.mininteger, 1 << 63, 1 >> 1, ~0)
print(pcall(function() return 1 // 0 end), 1 // 0.0, pcall(function() return 2 ^ 53 | 0, 1.5 | 0 end))
