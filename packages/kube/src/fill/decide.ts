/**
 * What is to be done to keep a tree in step: an awk program that reads `want` (the project's list), `had` (what was last written
 * of this tree), `meant` (what an interrupted run may have written), `all` (of all trees of the claim), `reset` (token and path) and `is` (what is there now), and writes the lists
 * `write`, `replaced`, `makedir`, `remove`, `rmdir`, `report` and `next` (the new `had`) below the directory in `work`. A file
 * whose content is what was last written belongs to the project; any other belongs to the program. A file that is empty in the
 * project is a place for one of a program: its changes are expected, and a reset of a directory does not empty it. `again` asks for a second
 * round: a file has become a directory, or the reverse.
 */
export const DECIDE = `
function tail(n,  s) { s = $0; while (n-- > 0) s = substr(s, index(s, " ") + 1); return s }
function below(path, top) { return path == top || index(path, top "/") == 1 }
function parent(path) { sub("/[^/]*$", "", path); return path }
function shownAs(path,  rest) {
  rest = substr(path, length(scope) + 1)
  return path == scope || !below(path, scope) ? shown : shown rest
}
function placeholder(path) {
  return want[path] == empty && (!(path in had) || had[path] == "-" || had[path] == empty)
}
function toReset(path,  i) {
  if (placeholder(path)) {
    for (i = 1; i <= resets; i++) if (shownAs(path) == resetPath[i]) return 1
    return 0
  }
  for (i = 1; i <= resets; i++) if (below(shown, resetPath[i]) || below(shownAs(path), resetPath[i])) return 1
  return 0
}
function blocked(path) {
  for (path = parent(path); path != "." && path != ""; path = parent(path)) if (is[path] == "f" || is[path] == "o") return 1
  return 0
}
function keep(path, why) { if (!placeholder(path)) print "kept " shownAs(path) ": " why > (work "/report") }
function record(line) { print line > (work "/next") }
function ensure(path) {
  if (path == "." || is[path] == "d" || path in made) return
  ensure(parent(path))
  made[path] = 1
  print (type[path] == "d" ? mode[path] " " owner[path] : "755 -") " " path > (work "/makedir")
}
function write(path) {
  ensure(parent(path))
  print path > (work "/write")
  if (is[path] == "f") print path > (work "/replaced")
}
BEGIN { empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"; scope = ENVIRON["scope"]; shown = ENVIRON["shown"]; work = ENVIRON["work"] }
kind == "want" { path = tail(4); order[++count] = path; type[path] = $1; mode[path] = $2; want[path] = $3; owner[path] = $4; line[path] = $0; next }
kind == "had" { path = tail(4); had[path] = $3; hadLine[path] = $0; hadType[path] = $1; hadRights[path] = $2 " " $4; if (!(path in type)) gone[++goneCount] = path; next }
kind == "meant" { path = tail(4); if (!(path in had) && !(path in type) && !(path in meant)) { meant[path] = 1; had[path] = $3; hadType[path] = $1; gone[++goneCount] = path } next }
kind == "all" { ours[$3 " " tail(4)] = 1; next }
kind == "is" { path = tail(2); is[path] = $1; hash[path] = $2; next }
kind == "reset" { resetPath[++resets] = tail(1); next }
END {
  for (i = goneCount; i > 0; i--) {
    path = gone[i]
    if (is[path] == "" || had[path] == "-" && hadType[path] == "f" || blocked(path)) continue
    if (hadType[path] == "d") { if (is[path] == "d" && !(path in meant)) print path > (work "/rmdir"); continue }
    if (is[path] == "d") continue
    if (is[path] == "f" && ours[hash[path] " " path] || toReset(path)) print path > (work "/remove")
    else if (!(path in meant)) keep(path, "changed in the volume, no longer in the project")
  }
  for (i = 1; i <= count; i++) {
    path = order[i]
    if (blocked(path)) {
      if (path in had) record(hadLine[path])
      if (type[path] == "f") keep(path, "changed in the volume")
    } else if (type[path] == "d") {
      if (is[path] == "d") record(line[path])
      else if (is[path] == "") {
        record(line[path])
        if (hadType[path] != "d" || toReset(path)) ensure(path)
      } else if (is[path] == "f" && hadType[path] == "f" && ours[hash[path] " " path]) {
        print path > (work "/remove")
        print "again" > (work "/again")
      } else keep(path, "changed in the volume")
    } else if (is[path] == "") {
      if (!(path in had) || hadType[path] == "d" || toReset(path)) { write(path); record(line[path]) }
      else { record(hadLine[path]); keep(path, "deleted in the volume") }
    } else if (is[path] == "d") {
      if (hadType[path] == "d" && ENVIRON["round"] < 2) { print path > (work "/rmdir"); print "again" > (work "/again") }
      else keep(path, "changed in the volume")
    } else if (is[path] == "f" && hash[path] == want[path]) {
      if (path in had && had[path] != "-" && hadRights[path] != mode[path] " " owner[path]) write(path)
      record(line[path])
    } else if (toReset(path) || is[path] == "f" && ours[hash[path] " " path]) {
      write(path)
      record(line[path])
    } else {
      record(path in had && hadType[path] == "f" ? hadLine[path] : "f " mode[path] " - " owner[path] " " path)
      keep(path, "changed in the volume")
    }
  }
}
`
