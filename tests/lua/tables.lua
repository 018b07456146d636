-- tables: borders, insertion, removal, move, pack, concat
local t = {}
for i = 1, 1000 do t[i] = i * i end
print(#t, t[1000], select("#", table.unpack(t, 1, 200)))
for i = 1, 500 do table.remove(t, 1) end
print(#t, t[1], t[500])
table.insert(t, 1, "first") table.insert(t, "last") print(t[1], t[#t], #t)
print(table.concat({1, 2.5, "x"}, ", "), table.concat({}, "x"), table.concat({1, 2, 3}, "", 2, 3))
print(table.unpack(table.move({1, 2, 3}, 1, 3, 2))) print(table.pack(nil, 2, nil).n)
local keys = {} for k in pairs({10, 20, x = 1, [2.0] = "two", [3.5] = 1}) do keys[#keys + 1] = tostring(k) end
table.sort(keys) print(table.concat(keys, " "))
print(pcall(table.concat, {{}}), pcall(table.insert, {}, 5, 1), next({}), rawlen({1, 2}), rawequal(t, t))
local deep = {} for i = 1, 200 do deep = {deep, i} end local n = 0 while deep[1] do n = n + deep[2] deep = deep[1] end print(n)
