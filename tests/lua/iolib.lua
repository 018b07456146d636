-- io functions that need no files: standard streams, errors
io.write("a", 1, 2.5, "\n") print(io.type(io.stdout), io.type(42), tostring(io.stdout):match("^file %(") )
print(io.open("/no/such/file")) print(pcall(io.open, "/x", "rz")) print(pcall(io.lines, "/no/such/file"))
io.stdout:setvbuf("full") io.stdout:write("one "):write("two\n") io.stdout:flush()
print(io.stdout:seek("cur") == nil or true, io.output() == io.stdout, io.input() == io.stdin, pcall(io.write, {}))
print(io.read("l")) print(io.read("a"))
io.stdout:write(("x"):rep(70, "yz"), "\n") print(pcall(io.close, nil))
