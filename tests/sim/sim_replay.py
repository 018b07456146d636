# SPDX-License-Identifier: MIT
"""Tests of the page that `make replay` makes, in a real browser; see test_sim.py.

The page is compared, step by step, with a second implementation of machine and policies (Model below
and naive_textbook.py), which has nothing from pagesim or the page. The browser must have nothing to
complain about, and must not have asked for anything but the page.
"""
import atexit
import json
import os
import random
import re
import shutil
import sys
import urllib.parse

from naive import Machine
from naive_textbook import MODELS
from sim_build import make
from test_sim import TOP, Skip, same

ROWS = """
const tables = () => [...document.querySelectorAll('.pane')].map((pane) => ({
  rows: [...pane.querySelectorAll('tbody tr')].filter((row) => !row.hidden)
    .map((row) => [...row.cells].map((cell) => cell.textContent)),
  counts: Object.fromEntries([...pane.querySelectorAll('[data-count]')].map((e) => [e.dataset.count, e.textContent])),
  what: pane.querySelector('.what').textContent}));
"""


class Model:
    """What a machine with this policy does, as machine.h says it."""

    def __init__(self, policy, frames, bits=0, interval=0, recorded=False):
        self.m = Machine()
        self.recorded, self.told, self.ticked = recorded, set(), False
        self.policy, self.n, self.bits, self.interval = MODELS[policy](self.m, frames, {}), frames, bits, interval
        self.page, self.last, self.used, self.time = {}, {}, {}, 0
        self.faults = self.evictions = self.writebacks = 0

    def evict(self):
        while True:
            victim = self.policy.victim()
            if not self.m.dirty[victim]:
                break
            self.writebacks += 1
            if not self.policy.clean_first(victim):
                break
            self.m.dirty[victim] = False
        self.evictions += 1
        self.policy.leave(victim)
        del self.page[victim], self.m.key[victim]
        return victim

    def fault(self, page, write):
        self.faults += 1
        frame = self.evict() if len(self.page) == self.n else len(self.page)
        self.page[frame], self.used[frame] = page, 0
        self.m.enter(frame, page, "fault", write)
        self.policy.enter(frame, True)
        self.tell(frame)
        if self.faults % self.interval == 0:
            for f in range(self.n) if self.bits else ():
                if f in self.page and self.m.referenced(f):
                    self.policy.used(f, self.m.dirty[f])
            self.policy.tick()
            self.ticked = True
        return frame

    def tell(self, frame):
        """A recording knows of a use when the policy was told, and of no use when a tick comes without."""
        if self.recorded:
            self.told.add(frame)
            self.m.accessed[frame] = True

    def look(self):
        """What a tick has shown; it comes after the reference, and so is seen with the next one."""
        if self.recorded and self.ticked:
            for frame in self.page:
                self.m.accessed[frame] = frame in self.told
            self.told.clear()
        self.ticked = False

    def touch(self, page, write):
        self.time += 1
        self.look()
        frame = next((f for f, p in self.page.items() if p == page), None)
        if frame is None:
            frame = self.fault(page, write)
        else:
            self.m.dirty[frame] |= write
            self.m.accessed[frame] |= bool(self.bits)
            if not self.bits:
                self.policy.used(frame, write)
            self.tell(frame)
        self.last[frame] = self.time
        self.used[frame] += 1

    def rows(self, refs):
        """Frame, Page, A, D, Used, Last, Next of each frame."""
        table = []
        for f in range(self.n):
            if f not in self.page:
                table.append([str(f)] + [""] * 6)
                continue
            later = next((i - self.time for i in range(self.time + 1, len(refs) + 1)
                          if refs[i - 1][0] == self.page[f]), "never")
            table.append([str(f), str(self.page[f]), str(int(self.m.accessed[f])) if self.bits or self.recorded else "·",
                          str(int(self.m.dirty[f])), str(self.used[f]), str(self.time - self.last[f]), str(later)])
        return table

    def check(self, shown, refs, what):
        same([row[:4] + row[6:9] for row in shown["rows"]], self.rows(refs), what)
        counts = {"faults": self.faults, "evictions": self.evictions, "write-backs": self.writebacks}
        same({key: int(shown["counts"][key]) for key in counts}, counts, what)


def reference_string(t, length=160, pages=14):
    dice = random.Random(t.seed)
    refs = [(int(pages * dice.random() ** 1.6), dice.random() < 0.3) for _ in range(length)]
    return refs, t.write("refs.trace", "".join(f"{page}{'w' if write else 'r'}\n" for page, write in refs))


def replay(t, trace, *settings):
    """Makes a page; its path, and what was said on stderr."""
    result = make(t, "replay", f"BUILD={t.build}", f"TRACE={trace}", f"REPLAY_OUT={t.folder}", *settings)
    same(result.returncode, 0, result.stdout + result.stderr)
    return os.path.join(t.folder, os.path.basename(trace) + ".html"), result.stderr


def start_chromium(t):
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            raise Skip(f"no {program}")
    if t.run(sys.executable, "-c", "import selenium").returncode != 0:
        raise Skip("no python3-selenium")
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--window-size=1400,1000", "--disable-background-networking", "--no-first-run"):
        options.add_argument(argument)
    options.binary_location = shutil.which("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
    driver.set_page_load_timeout(120)
    driver.set_script_timeout(120)
    atexit.register(driver.quit)
    return driver


class Browser:
    """A page in headless Chromium, as a double-click shows it. All tests share one Chromium."""
    driver = None

    def __init__(self, t, page):
        Browser.driver = Browser.driver or start_chromium(t)
        self.page = page

    def __enter__(self):
        self.driver.get("about:blank")
        self.logs()
        self.driver.get("file://" + urllib.parse.quote(self.page))
        return self

    def __exit__(self, kind, error, where):
        if kind is None:
            self.check_silence()

    def logs(self):
        """What the console and the network had since last time."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return self.driver.get_log("browser"), messages

    def check_silence(self):
        console, messages = self.logs()
        same(console, [], "the console")
        asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        same([url for url in asked if not url.startswith("data:")], ["file://" + urllib.parse.quote(self.page)],
             "what was asked for")
        assert not [m for m in messages if m["method"] in ("Network.webSocketCreated", "Runtime.exceptionThrown")]

    def js(self, script):
        return self.driver.execute_script(ROWS + script)

    def keys(self, *keys):
        from selenium.webdriver.common.action_chains import ActionChains
        ActionChains(self.driver).send_keys(*keys).perform()

    def click(self, name):
        self.driver.find_element("id", name).click()

    def now(self):
        return self.js("return Number(document.getElementById('slider').value)")

    def tables(self):
        return self.js("return tables()")

    def walk(self, key, count):
        """What is shown before the first and after each of so many key presses."""
        return self.js(f"""const seen = [tables()];
            for (let i = 0; i < {count}; i++) {{
              document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}));
              seen.push(tables());
            }}
            return seen;""")


def compare_every_step(browser, refs, models):
    seen = browser.walk("ArrowRight", len(refs))
    for time, shown in enumerate(seen):
        for pane, model in enumerate(models):
            if time > 0:
                model.touch(*refs[time - 1])
            model.check(shown[pane], refs, f"pane {pane}, step {time}")
    back = browser.walk("ArrowLeft", len(refs))
    for time, (forth, shown) in enumerate(zip(reversed(seen), back)):
        same([pane["rows"] for pane in shown], [pane["rows"] for pane in forth], f"{time} steps back")
    return seen


def test_replay_every_step(t):
    refs, trace = reference_string(t)
    page, _ = replay(t, trace, "REPLAY_POLICIES=lru,fifo", "REPLAY_FRAMES=6")
    with Browser(t, page) as browser:
        seen = compare_every_step(browser, refs, [Model("lru", 6, 0, 1), Model("fifo", 6, 0, 1)])
    for time, shown in enumerate(seen):  # the list of lru is in order of use, its head goes next
        held = [row for row in shown[0]["rows"] if row[1]]
        places = [row[5] for row in sorted(held, key=lambda row: -int(row[7]))]
        same(places, [f"{i}/{len(held)}" for i in range(1, len(held) + 1)], f"step {time}")
        evicted = re.search(r"Evicted: page (\d+)", shown[0]["what"])
        if evicted:
            head = next(row for row in seen[time - 1][0]["rows"] if row[5].startswith("1/"))
            same(evicted[1], head[1], f"step {time}")


def test_replay_accessed_bits(t):
    refs, trace = reference_string(t)
    page, _ = replay(t, trace, "REPLAY_POLICIES=clock,nru", "REPLAY_FRAMES=7", "REPLAY=--options '--bits 4'")
    with Browser(t, page) as browser:
        compare_every_step(browser, refs, [Model(p, 7, 4, 4) for p in ("clock", "nru")])


def test_replay_controls(t):
    refs, trace = reference_string(t)
    page, _ = replay(t, trace, "REPLAY_POLICIES=lru,opt", "REPLAY_FRAMES=6")
    with Browser(t, page) as browser:
        last = use_controls(browser, refs)
        check_themes(browser)
        check_access(browser)
    faults = {p: int(last[i]["counts"]["faults"]) for i, p in enumerate(("lru", "opt"))}
    same(faults, {p: n for (p, _), n in t.faults(trace, 6, "lru,opt").items()})


def use_controls(browser, refs):
    """Each key and button; what the last step shows."""
    from selenium.webdriver.common.keys import Keys
    same(browser.now(), 0)
    browser.keys(Keys.ARROW_RIGHT)
    browser.click("forward")
    same(browser.now(), 2)
    browser.keys(Keys.END)
    same(browser.now(), len(refs))
    last = browser.tables()
    browser.click("back")
    browser.click("first")
    same(browser.now(), 0)
    browser.keys("g", "40", Keys.ENTER)
    same(browser.now(), 40)
    browser.click("title")  # away from the field
    for key, by, wanted in (("n", 1, lambda a, b: a or b), ("p", -1, lambda a, b: a or b),
                            ("d", 1, lambda a, b: a != b)):
        at = browser.now()
        browser.keys(key)
        verdicts = browser.js("return refs.map((_, i) => panes.map((pane) => pane.isFault(i + 1)))")
        found = next(n for n in range(at + by, len(refs) + 1 if by > 0 else 0, by)
                     if wanted(*verdicts[n - 1]))
        same(browser.now(), found, key)
    browser.js("const s = document.getElementById('speed'); s.value = '60';")
    browser.keys(Keys.HOME, Keys.SPACE)
    wait(browser, lambda: browser.now() == len(refs))
    same(browser.tables(), last)
    same(browser.js("return document.getElementById('play').textContent"), "▶ Play")
    return last


def wait(browser, condition):
    from selenium.webdriver.support.ui import WebDriverWait
    WebDriverWait(browser.driver, 120, 0.1).until(lambda _: condition())


def check_themes(browser):
    colour = "return getComputedStyle(document.body).backgroundColor"
    colours = [browser.js(colour)]
    browser.click("theme")
    colours.append(browser.js(colour))
    browser.click("theme")
    colours.append(browser.js(colour))
    assert colours[0] != colours[1] and colours[0] == colours[2], colours


def check_access(browser):
    """Everything to press has a name; the tables have headings; changes are said."""
    nameless = browser.js("""return [...document.querySelectorAll('button, input, select')].filter((e) =>
        !(e.textContent.trim() || e.ariaLabel || e.labels && e.labels.length)).map((e) => e.outerHTML)""")
    same(nameless, [], "controls without a name")
    same(browser.js("return document.documentElement.lang"), "en")
    assert browser.js("return [...document.querySelectorAll('th')].every((e) => e.scope === 'col')")
    assert "reference" in browser.js("return document.querySelector('[aria-live]').textContent")


def test_replay_recording(t):
    refs, trace = reference_string(t)
    recording = os.path.join(t.folder, "recording")
    t.pagesim("--policy", "lru", "--frames", 6, "--record", recording, trace)
    page, _ = replay(t, recording, "REPLAY_POLICIES=recorded,fifo")
    with Browser(t, page) as browser:
        # Of a hit in a recording, the dirty bit is all that tells of writing: both see the same.
        seen = compare_every_step(browser, refs, [Model("lru", 6, 0, 1, recorded=True), Model("fifo", 6, 0, 1)])
        used = [shown[0]["what"] for shown in seen[1:] if not shown[0]["what"].startswith("fault")]
        assert used and all("was used: the policy was told" in text for text in used), used
        assert "(recorded)" in browser.js("return document.title")
    result = make(t, "replay", f"BUILD={t.build}", f"TRACE={trace}", "REPLAY_POLICIES=recorded",
                  f"REPLAY_OUT={t.folder}")
    assert result.returncode != 0 and "is no recording" in result.stderr, result.stderr


def test_replay_large(t):
    """A part of a long trace, with more frames than are shown at a time."""
    refs, trace = reference_string(t, length=3000, pages=400)
    page, said = replay(t, trace, "REPLAY_POLICIES=fifo", "REPLAY_FRAMES=200", "REPLAY_FROM=2001",
                        "REPLAY_STEPS=100")
    notice = "Only references 2001 to 2100 of 3000 are shown"
    assert notice in said, said
    model = Model("fifo", 200, 0, 20)
    for ref in refs[:2100]:
        model.touch(*ref)
    with Browser(t, page) as browser:
        assert notice in browser.driver.find_element("id", "notice").text
        browser.js("seek(steps)")
        rows = []
        for first in (0, 128):
            browser.js(f"const s = document.querySelector('.pane select'); s.value = '{first}';"
                       "s.dispatchEvent(new Event('change'));")
            rows += [row[:2] + [row[3]] for row in browser.tables()[0]["rows"]]
        same(rows, [row[:2] + [row[3]] for row in model.rows(refs[:2100])])
        same(int(browser.tables()[0]["counts"]["faults"]), model.faults)
        same(browser.tables()[0]["counts"]["references"], "2100")
    for setting in ("REPLAY_FRAMES=5000", "REPLAY_STEPS=100001", "REPLAY_FROM=3001",
                    "REPLAY_POLICIES=lru,fifo,opt", "REPLAY_POLICIES=nosuch"):
        result = make(t, "replay", f"BUILD={t.build}", f"TRACE={trace}", f"REPLAY_OUT={t.folder}/no", setting)
        assert result.returncode != 0 and not os.path.exists(f"{t.folder}/no"), setting
        assert "Traceback" not in result.stderr, result.stderr


def test_replay_stands_alone(t):
    """Nothing in the page refers to anything outside it, and a name cannot become code."""
    trace = t.write("<b>&.trace", "1 2 3 4 1")
    result = t.run(sys.executable, "tests/tools/replay.py", "--pagesim", t.pagesim_path, "--out",
                   os.path.join(t.folder, "p.html"), trace)
    same(result.returncode, 0, result.stderr)
    with open(os.path.join(t.folder, "p.html"), encoding="utf-8") as file:
        html = file.read()
    assert not re.search(r"https?://|src=|@import|url\(", html), "a reference to the outside"
    assert "default-src 'none'" in html
    with Browser(t, os.path.join(t.folder, "p.html")) as browser:
        same(browser.driver.find_element("id", "title").text, "<b>&.trace")
