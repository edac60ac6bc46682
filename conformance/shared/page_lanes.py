# SPDX-License-Identifier: MIT
"""Lanes of the timeline that are not as most are: without findings, of long sessions, of hosts with long names."""


def check_marks(tap, command, browser, folder):
    """From a lane without findings n and p go to the nearest below and above it."""
    path = folder.file("marks.html")
    lives = (f"session={number} event=Created\n{f'session={number} event=Logoff{chr(10)}' if number != 2 else ''}"
             f"session={number} event=Terminated\n" for number in (1, 2, 3))
    command.run("check", "-q", f"--output=html:{path}", "-", input="".join(lives).encode())
    for key, line in (("n", 7), ("p", 2)):
        browser.open(path)
        browser.run("document.querySelector('#lanes').focus()")
        browser.press("Home", "ArrowDown", "ArrowDown", key)
        told = browser.run("return document.querySelector('#lanes-chosen').textContent")
        tap.ok(f"<stdin>:{line}:" in told, f"marks: {key} goes on from the lane that is chosen", told)


def check_headings(tap, command, browser, folder):
    """Boots of a host are told apart, however long its name."""
    path = folder.file("headings.html")
    command.run("check", "-q", f"--output=html:{path}", "-", input="".join(
        f"host={'long.' * 20}example boot={boot} session=1 event=Created\n" for boot in (1, 2)).encode())
    for width in (380, browser.size[0]):
        browser.resize(width, 800)
        browser.open(path)
        browser.painted()
        heads = browser.run("""const canvas = document.querySelector('#lanes-canvas');
            return [26, 70].map(top => canvas.getContext('2d').getImageData(0, top, canvas.width, 24).data.join());""")
        tap.ok(heads[0] != heads[1], f"headings: {width} pixels: a long host leaves room for the boot")
    browser.resize(*browser.size)


def check_long(tap, command, browser, folder):
    """What a page leaves out of a long session is not called any state; many findings stick out nowhere."""
    turns = b"".join(b"session=%d event=Disconnected\nsession=%d event=Connected\n" % (i, i) for i in (1, 2)) * 5000
    path = folder.file("long.html")
    command.run("check", "-q", f"--output=html:{path}", "-", input=b"session=1 event=Created\nsession=1 event=Connected\n"
                b"session=1 event=Logon\nsession=2 event=Created\nsession=2 event=Connected\n" + turns)
    browser.open(path)
    tap.ok("not on this page" in browser.run("return document.querySelector('#legend').innerText"),
           "long: the legend tells what else the hatches are")
    browser.run("document.querySelector('#timeline').scrollIntoView()")
    box = browser.run("const {left, top} = document.querySelector('#lanes-canvas').getBoundingClientRect(); return [left, top]")
    browser.devtools("Input.dispatchMouseEvent", type="mouseMoved", x=box[0] + 400, y=box[1] + 80)
    browser.painted()
    tip = browser.run("return document.querySelector('#tip').textContent")
    tap.ok("not on this page" in tip, "long: and so does the pointer", tip)
    browser.resize(380, 800)
    browser.painted()
    tap.ok(browser.run("return document.documentElement.scrollWidth <= innerWidth"), "long: nothing sticks out of a narrow page")
    browser.resize(*browser.size)
