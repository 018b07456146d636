-- A table of a few megabytes as text: made, read, counted, sorted, written, merged.
local seed = 7
local function random(n)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return (seed >> 8) % n
end

local towns = {"Bern", "Oslo", "Porto", "K\xc3\xb6ln", "Gen\xc3\xa8ve", "Troms\xc3\xb8"}
local out = assert(io.open("data.csv", "w"))
out:write("id,town,amount,note\n")
for i = 1, 40000 do
  out:write(i, ",", towns[random(#towns) + 1], ",", string.format("%.2f", random(100000) / 100), ",",
            ("note "):rep(random(12)), "\n")
end
print("bytes", out:seek("end"))
out:close()

local count, total, rows = {}, {}, {}
for line in io.lines("data.csv") do
  local id, town, amount = line:match("^(%d+),([^,]*),([%d.]+),")
  if id then
    count[town] = (count[town] or 0) + 1
    total[town] = (total[town] or 0) + math.floor(tonumber(amount) * 100 + 0.5)
    rows[#rows + 1] = {tonumber(id), town, tonumber(amount)}
  end
end
table.sort(towns)
for _, town in ipairs(towns) do print(town, count[town], total[town]) end

table.sort(rows, function(a, b) return a[3] > b[3] or a[3] == b[3] and a[1] < b[1] end)
for part = 0, 3 do
  local out = assert(io.open("part" .. part, "w"))
  for i = part * 10000 + 1, part * 10000 + 10000 do
    out:write(string.format("%8.2f %6d %s\n", rows[i][3], rows[i][1], rows[i][2]))
  end
  out:close()
end
local all = assert(io.open("all", "w"))
for part = 3, 0, -1 do
  for line in io.lines("part" .. part, "L") do all:write(line) end
end
print("all", all:seek("end"))
all:close()
local first, last
for line in io.lines("all") do first, last = first or line, line end
print(first, last)
