// SPDX-License-Identifier: MIT
// The picture to step through: applies the events of a story (tests/sim/story.h) to a frame table and
// shows it. It decides nothing: who was evicted, and when, is what pagesim has said. What it adds is
// arithmetic on the reference string: when a page was used last, and when it will be used next.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const ROWS = 128; // of a frame table that are shown at a time
const NONE = -1;
const WHY_ENTER = ["", " ahead of use", " (it was there under another policy)"];
const refs = data.refs, steps = refs.length; // refs[n - 1] is what step n references; step 0 is before

// --- the reference string ---------------------------------------------------------------------
const uses = data.pages.map(() => []); // of each page, the steps that reference it
refs.forEach((ref, i) => uses[ref >> 1].push(i + 1));

// The first use of a page after step n, or Infinity.
function nextUse(page, n) {
  const list = uses[page];
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] > n) high = middle; else low = middle + 1;
  }
  return low < list.length ? list[low] : Infinity;
}

// --- a pane: one policy's frame table -----------------------------------------------------------
class Table {
  constructor(n) {
    this.page = new Int32Array(n).fill(NONE);
    this.bits = new Uint8Array(n);
    this.before = new Int32Array(n).fill(-1e9); // frame, -1 - list, or not in a list
    this.last = new Int32Array(n);
    this.count = new Int32Array(n);
  }
  copy() {
    const other = Object.create(Table.prototype);
    for (const key of Object.keys(this)) other[key] = this[key].slice();
    return other;
  }
  frameOf(page) { return this.page.indexOf(page); }
  // Of each frame in a list: [list, place, length].
  places(rank) {
    const after = new Map(), heads = [], place = new Map();
    for (let f = 0; f < this.before.length; f++) {
      const b = this.before[f];
      if (b >= 0) after.set(b, f); else if (b > -1e9) heads.push([-1 - b, f]);
    }
    for (const [list, head] of heads) {
      const order = [];
      for (let f = head; f !== undefined && order.length <= this.before.length; f = after.get(f)) order.push(f);
      order.forEach((f, i) => place.set(f, [rank[list] + 1, i + 1, order.length]));
    }
    return place;
  }
  apply(events, step) {
    for (const e of events) {
      if (e[0] === "e" || e[0] === "s") {
        this.page[e[1]] = e[2];
        this.last[e[1]] = 0; this.count[e[1]] = 0;
      } else if (e[0] === "l" && e[2] !== 2) {
        this.page[e[1]] = NONE;
      } else if (e[0] === "b") {
        for (let i = 1; i < e.length; i += 2) this.bits[e[i]] = e[i + 1];
      } else if (e[0] === "p") {
        for (let i = 1; i < e.length; i += 2) this.before[e[i]] = e[i + 1] === null ? -1e9 : e[i + 1];
      }
    }
    if (step > 0) {
      const f = this.frameOf(refs[step - 1] >> 1);
      if (f >= 0) { this.last[f] = step; this.count[f]++; }
    }
  }
}

class Pane {
  constructor(story, number) {
    Object.assign(this, story);
    this.number = number;
    this.every = Math.max(64, Math.ceil(steps / 200)); // steps between two copies of the table
    this.copies = [];
    this.sum = { faults: new Int32Array(steps + 1), evictions: new Int32Array(steps + 1),
                 writebacks: new Int32Array(steps + 1) };
    [, this.sum.faults[0], this.sum.evictions[0], this.sum.writebacks[0]] = story.before;
    this.at = 0;
    this.table = new Table(story.max);
    this.table.apply(story.steps[0], 0);
    this.copies[0] = this.table.copy();
    for (let n = 1; n <= steps; n++) this.count(n);
    this.build();
  }
  count(n) {
    let faults = 0, evictions = 0, writebacks = 0;
    for (const e of this.steps[n]) {
      faults += e[0] === "e" && e[3] === 0;
      evictions += e[0] === "l" && e[2] === 0;
      writebacks += (e[0] === "l" && e[2] === 0 && (this.table.bits[e[1]] & 2) !== 0 && !this.cleaned(n, e[1])) ||
                    (e[0] === "c" && e[2] === 1);
    }
    this.sum.faults[n] = this.sum.faults[n - 1] + faults;
    this.sum.evictions[n] = this.sum.evictions[n - 1] + evictions;
    this.sum.writebacks[n] = this.sum.writebacks[n - 1] + writebacks;
    this.forward();
  }
  cleaned(n, frame) { return this.steps[n].some((e) => e[0] === "c" && e[1] === frame && e[2] === 1); }
  // In a recording a use is known when somebody looks.
  verdict(n) { return this.isFault(n) ? "fault" : this.recorded ? "seen" : "hit"; }
  isFault(n) { return n > 0 && this.sum.faults[n] > this.sum.faults[n - 1]; }
  forward() {
    this.at++;
    this.table.apply(this.steps[this.at], this.at);
    if (this.at % this.every === 0 && !this.copies[this.at / this.every])
      this.copies[this.at / this.every] = this.table.copy();
  }
  seek(n) {
    if (n < this.at || n - this.at > this.every) {
      const copy = Math.min(Math.floor(n / this.every), this.copies.length - 1);
      this.table = this.copies[copy].copy();
      this.at = copy * this.every;
    }
    while (this.at < n) this.forward();
  }
  name(page) { return data.pages[page]; }

  // --- what it looks like
  build() {
    this.root = document.createElement("section");
    this.root.className = "pane";
    this.root.dataset.policy = this.policy;
    this.root.setAttribute("aria-label", `${this.policy}, ${this.frames} frames`);
    this.root.innerHTML = `<h2></h2><dl class="counts"></dl><div class="what"></div>
      <label class="soft" hidden>frames <select></select></label>
      <div class="scroll" tabindex="0" role="region"><table><caption></caption><thead><tr>` +
      ["Frame", "Page", "A", "D", "List", "Place", "Used", "Last", "Next", "Now"]
        .map((h) => `<th scope="col">${h}</th>`).join("") + "</tr></thead><tbody></tbody></table></div>";
    this.root.querySelector("h2").textContent = `${this.policy} — ${this.frames} frames`;
    this.root.querySelector(".scroll").setAttribute("aria-label", `Frame table of ${this.policy}`);
    this.root.querySelector("caption").textContent = this.recorded
      ? "as it was recorded; A: found accessed by the last look" : "Last, Next: references ago, and from now";
    this.body = this.root.querySelector("tbody");
    this.select = this.root.querySelector("select");
    this.select.parentElement.hidden = this.max <= ROWS;
    this.select.add(new Option("where something happens", "-1"));
    for (let f = 0; f < this.max; f += ROWS)
      this.select.add(new Option(`${f} to ${Math.min(f + ROWS, this.max) - 1}`, String(f)));
    this.select.addEventListener("change", () => show());
    this.first = 0;
    for (let i = 0; i < Math.min(ROWS, this.max); i++) {
      const row = this.body.insertRow();
      for (let c = 0; c < 10; c++) row.insertCell();
    }
    $("panes").append(this.root);
  }
  put(cell, text) { if (cell.textContent !== text) cell.textContent = text; }

  show(n) {
    this.seek(Math.max(0, n - 1));
    const old = { table: this.table.copy(), places: this.table.places(this.lists) };
    this.seek(n);
    const places = this.table.places(this.lists), frame = n > 0 ? this.table.frameOf(refs[n - 1] >> 1) : NONE;
    this.showCounts(n);
    this.showWhat(n, old, frame);
    const wanted = Number(this.select.value);
    if (wanted >= 0) this.first = wanted;
    else if (frame >= 0) this.first = Math.floor(frame / ROWS) * ROWS;
    const best = this.farthest(this.table, n);
    for (let i = 0; i < this.body.rows.length; i++) this.showRow(this.body.rows[i], this.first + i, n, places, frame, best);
    const row = this.body.rows[frame - this.first];
    const box = this.root.querySelector(".scroll");
    if (row && box.scrollHeight > box.clientHeight) {
      if (row.offsetTop < box.scrollTop + 30) box.scrollTop = row.offsetTop - 60;
      else if (row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight)
        box.scrollTop = row.offsetTop + row.offsetHeight - box.clientHeight + 30;
    }
  }
  showRow(row, f, n, places, frame, best) {
    row.hidden = f >= this.max;
    if (row.hidden) return;
    const t = this.table, page = t.page[f], here = page !== NONE, place = places.get(f);
    const next = here ? nextUse(page, n) : 0;
    const cells = [String(f), here ? this.name(page) : "",
      here ? (this.accessed ? (t.bits[f] & 1 ? "1" : "0") : "·") : "", here ? (t.bits[f] & 2 ? "1" : "0") : "",
      here && place ? String(place[0]) : "", here && place ? `${place[1]}/${place[2]}` : "",
      here ? String(t.count[f]) : "", here ? (t.last[f] > 0 ? String(n - t.last[f]) : "before") : "",
      here ? (next === Infinity ? "never" : String(next - n)) : "", this.now(f, n, frame)];
    cells.forEach((text, i) => this.put(row.cells[i], text));
    row.className = f === frame ? (this.isFault(n) ? "fault" : "hit") : here ? "" : "empty";
    row.classList.toggle("choice", f === best);
  }
  now(f, n, frame) {
    const words = [];
    for (const e of this.steps[n]) {
      if (e[1] !== f) continue;
      if (e[0] === "l") words.push(["evicted", "freed", "handed over"][e[2]] +
                                   (f === frame && e[2] === 0 ? " the old" : ""));
      if (e[0] === "e") words.push("loaded");
      if (e[0] === "u" && f !== frame) words.push("seen by harvest");
      if (e[0] === "c" && e[2]) words.push("written back");
    }
    if (f === frame && !this.isFault(n)) words.unshift(this.verdict(n));
    return words.join(", ");
  }
  farthest(table, n) {
    let best = NONE, far = -1;
    for (let f = 0; f < this.max; f++) {
      if (table.page[f] === NONE) continue;
      const next = nextUse(table.page[f], n);
      if (next > far) { far = next; best = f; }
    }
    return best;
  }
  showCounts(n) {
    const all = this.before[0] + n, s = this.sum, rate = all ? (100 * s.faults[n] / all).toFixed(1) + " %" : "–";
    const items = [["references", all], ["faults", s.faults[n]], ["of references", rate],
                   ["evictions", s.evictions[n]], ["write-backs", s.writebacks[n]]];
    const list = this.root.querySelector(".counts");
    list.replaceChildren(...items.map(([what, value]) => {
      const div = document.createElement("div"), dt = document.createElement("dt"), dd = document.createElement("dd");
      dt.textContent = what; dd.textContent = String(value); dd.dataset.count = what;
      div.append(dt, dd);
      return div;
    }));
  }

  // --- what happened, in words
  showWhat(n, old, frame) {
    const box = this.root.querySelector(".what"), lines = [];
    if (n === 0) {
      lines.push(["Nothing has been referenced yet" + (this.before[0] ? " in the part that is shown." : ".")]);
    } else {
      const badge = document.createElement("span");
      badge.className = "badge " + (this.isFault(n) ? "fault" : "hit");
      badge.textContent = this.verdict(n);
      lines.push([badge, this.reference(n, frame)]);
      this.story(n, old, lines);
    }
    box.replaceChildren(...lines.map((parts) => {
      const p = document.createElement("p");
      p.append(...parts);
      return p;
    }));
  }
  reference(n, frame) {
    const page = this.name(refs[n - 1] >> 1), how = refs[n - 1] & 1 ? "written" : "read";
    if (this.isFault(n)) return ` page ${page} ${how}: it was not in memory; now in frame ${frame}`;
    if (this.recorded)
      return ` page ${page} in frame ${frame} was used: ` + (this.steps[n].some((e) => e[0] === "u" && e[1] === frame)
        ? `the policy was told${this.table.bits[frame] & 2 ? "; it is dirty" : ""}` : "the policy looked at its accessed bit");
    return ` page ${page} ${how} in frame ${frame}` +
      (this.accessed ? ": its accessed bit is set, the policy is not told" : "");
  }
  story(n, old, lines) {
    let nominee = NONE;
    const told = [], came = new Map(); // of this step: frame to page
    for (const e of this.steps[n]) {
      if (e[0] === "v") {
        nominee = e[1];
        lines.push([this.asked(e[2]) + (nominee < 0 ? `${this.policy} named no frame.`
                                                    : `${this.policy} named frame ${nominee}` + this.standing(nominee, n, old))]);
      } else if (e[0] === "c" && e[2]) {
        lines.push([`Frame ${e[1]} is dirty: written back first, as the policy wants, and it is asked again.`]);
      } else if (e[0] === "l") {
        if (e[2] === 0) this.evicted(e[1], came.get(e[1]) ?? old.table.page[e[1]], nominee, n, old, lines);
        else lines.push([`Frame ${e[1]}: ${["", "its page is gone for good", "handed over to another policy"][e[2]]}.`]);
      } else if (e[0] === "u" && this.accessed && !this.recorded) {
        told.push(e[1]);
      } else if (e[0] === "e") {
        came.set(e[1], e[2]);
        if (e[3] > 0) lines.push([`Frame ${e[1]}: page ${this.name(e[2])} came${WHY_ENTER[e[3]]}.`]);
      } else if (e[0] === "z") {
        lines.push([`From now on there are ${e[1]} frames.`]);
      }
    }
    if (told.length)
      lines.push([`Harvest: the policy was told of frame${told.length > 1 ? "s" : ""} ${told.slice(0, 40).join(", ")}` +
                  (told.length > 40 ? ` and ${told.length - 40} more.` : ".")]);
  }
  asked(questions) {
    const word = { r: ["accessed: passed over", "not accessed"], b: ["busy", ""], d: ["dirty", "clean"] };
    const said = questions.map(([kind, f, yes]) => (word[kind][yes ? 0 : 1] ? `${f} ${word[kind][yes ? 0 : 1]}` : ""))
      .filter((text) => text);
    const shown = said.slice(0, 12).join(", ") + (said.length > 12 ? ` and ${said.length - 12} more` : "");
    return said.length ? `It looked at frames ${shown}. ` : "";
  }
  standing(f, n, old) {
    const place = old.places.get(f), last = old.table.last[f];
    return (place ? `, number ${place[1]} of ${place[2]} in list ${place[0]}` : "") +
      (last > 0 ? `, last used ${n - last} references ago, ${old.table.count[f]} in all.` : ".");
  }
  evicted(f, page, nominee, n, old, lines) {
    const dirty = old.table.bits[f] & 2 && !this.cleaned(n, f);
    if (f !== nominee) lines.push([`That one could not be used: the mechanism took frame ${f} itself.`]);
    const parts = [`Evicted: page ${this.name(page)}${dirty ? ", dirty, so it was written out" : ""}. `];
    const next = nextUse(page, n);
    if (next === Infinity) {
      parts.push("It is not used again" + (data.cut ? " in the part that is shown." : "."));
    } else {
      const go = document.createElement("button");
      go.type = "button"; go.className = "link"; go.textContent = `reference ${data.from + next - 1}`;
      go.addEventListener("click", () => seek(next));
      parts.push(`It comes back in ${next - n} references, at `, go, ".");
    }
    lines.push(parts);
    const best = this.farthest(old.table, n), far = best >= 0 ? nextUse(old.table.page[best], n) : 0;
    if (best >= 0 && far > next)
      lines.push([`The optimum would have taken page ${this.name(old.table.page[best])} (frame ${best}), ` +
                  (far === Infinity ? "which is not used again." : `used in ${far - n}.`)]);
  }
}

// --- the whole page -----------------------------------------------------------------------------
const panes = data.panes.map((story, i) => new Pane(story, i));
let now = 0, timer = 0;

const outcome = (n) => panes.map((pane) => pane.isFault(n));

function showStrip() {
  const around = 10, from = Math.max(1, Math.min(now - around, steps - 2 * around)), items = [];
  for (let n = from; n <= Math.min(steps, from + 2 * around); n++) {
    const li = document.createElement("li"), button = document.createElement("button"), small = document.createElement("small");
    const verdicts = outcome(n).map((fault) => (fault ? "✕" : "✓"));
    button.type = "button"; button.tabIndex = -1;
    button.append(data.pages[refs[n - 1] >> 1] + (refs[n - 1] & 1 ? "w" : ""));
    small.textContent = verdicts.join(" ");
    button.append(small);
    button.title = `reference ${data.from + n - 1}: ` + panes.map((p, i) => `${p.policy} ${p.verdict(n)}`).join(", ");
    button.addEventListener("click", () => seek(n));
    if (n === now) { li.className = "now"; li.setAttribute("aria-current", "step"); }
    li.append(button);
    items.push(li);
  }
  $("strip").replaceChildren(...items);
}

function drawChart() {
  const base = panes.map((p) => p.sum.faults[0]);
  const top = Math.max(1, ...panes.map((p, i) => p.sum.faults[steps] - base[i]));
  const points = Math.min(steps, 1000), namespace = "http:" + "//www.w3.org/2000/svg";
  panes.forEach((pane, i) => {
    const line = document.createElementNS(namespace, "polyline"), at = [];
    for (let k = 0; k <= points; k++) {
      const n = Math.round(k * steps / points);
      at.push(`${(1000 * n / steps).toFixed(1)},${(98 - 96 * (pane.sum.faults[n] - base[i]) / top).toFixed(1)}`);
    }
    line.setAttribute("points", at.join(" "));
    line.setAttribute("class", i ? "b" : "a");
    $("chart").append(line);
  });
  const cursor = document.createElementNS(namespace, "line");
  cursor.setAttribute("class", "cursor"); cursor.setAttribute("y1", "0"); cursor.setAttribute("y2", "100");
  cursor.id = "cursor";
  $("chart").append(cursor);
  $("legend").textContent = "Faults in the course of time: " +
    panes.map((p, i) => `${p.policy} (${i ? "dashed" : "solid"}) ${p.sum.faults[steps] - base[i]}`).join(", ") + ". Click to go there.";
}

function show() {
  panes.forEach((pane) => pane.show(now));
  showStrip();
  $("slider").value = String(now);
  $("slider").setAttribute("aria-valuetext", now ? `reference ${data.from + now - 1}` : "before the first");
  if (document.activeElement !== $("jump")) $("jump").value = String(data.from + now - 1);
  for (const end of ["x1", "x2"]) $("cursor").setAttribute(end, String(1000 * now / steps));
  if (!timer)
    $("say").textContent = now === 0 ? "before the first reference" : `reference ${data.from + now - 1}, page ` +
      data.pages[refs[now - 1] >> 1] + ": " + panes.map((p) => `${p.policy} ${p.verdict(now)}`).join(", ");
}

function seek(n) {
  now = Math.max(0, Math.min(steps, Math.trunc(n)));
  show();
}

function find(from, by, wanted) {
  for (let n = from + by; n > 0 && n <= steps; n += by) if (wanted(n)) { seek(n); return; }
}
const anyFault = (n) => outcome(n).some((fault) => fault);
const different = (n) => new Set(outcome(n)).size > 1;

function play(on) {
  clearInterval(timer);
  timer = on && now < steps ? setInterval(() => { if (now < steps) seek(now + 1); else play(false); }, 1000 / Number($("speed").value)) : 0;
  $("play").textContent = timer ? "■ Stop" : "▶ Play";
  $("play").setAttribute("aria-label", timer ? "Stop" : "Play");
  $("play").setAttribute("aria-pressed", String(Boolean(timer)));
  if (!timer) show();
}

const keys = {
  ArrowRight: (e) => seek(now + (e.shiftKey ? 10 : 1)), ArrowLeft: (e) => seek(now - (e.shiftKey ? 10 : 1)),
  Home: () => seek(0), End: () => seek(steps), " ": () => play(!timer),
  n: () => find(now, 1, anyFault), p: () => find(now, -1, anyFault), d: () => find(now, 1, different),
  g: () => { $("jump").focus(); $("jump").select(); },
};

document.addEventListener("keydown", (e) => {
  const field = e.target.closest("input[type=number], select");
  if (e.ctrlKey || e.altKey || e.metaKey || field || !Object.hasOwn(keys, e.key)) return;
  if (e.key === " " && e.target.closest("button")) return; // the button's own
  e.preventDefault();
  keys[e.key](e);
});

$("first").onclick = () => seek(0);
$("last").onclick = () => seek(steps);
$("back").onclick = () => seek(now - 1);
$("forward").onclick = () => seek(now + 1);
$("play").onclick = () => play(!timer);
$("speed").onchange = () => { if (timer) play(true); };
$("fault-back").onclick = () => find(now, -1, anyFault);
$("fault-forward").onclick = () => find(now, 1, anyFault);
$("differ").onclick = () => find(now, 1, different);
$("differ").hidden = panes.length < 2;
$("slider").max = String(steps);
$("slider").oninput = () => seek(Number($("slider").value));
$("jump").min = String(data.from - 1);
$("jump").max = String(data.from + steps - 1);
$("jump").onchange = () => { if ($("jump").value !== "") seek(Number($("jump").value) - data.from + 1); };
$("chart").onclick = (e) => seek(Math.round((e.clientX - $("chart").getBoundingClientRect().left) / $("chart").clientWidth * steps));
$("theme").onclick = () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark" ||
    (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "light" : "dark";
};
document.title = `${data.title}: ${panes.map((p) => p.policy).join(" and ")} — Octavo replay`;
$("title").textContent = data.title;
$("about").textContent = data.about;
$("notice").hidden = !data.cut;
$("notice").textContent = data.cut;
drawChart();
show();
