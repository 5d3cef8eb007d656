"""Small drawings, each with one thing that drawing programs write: what a browser shows of them must be shown."""

from __future__ import annotations

HEAD = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
ROUND = '<circle cx="50" cy="20" r="15"/>'
ROUND_X = '<circle id="x" cx="50" cy="20" r="15"/>'
AI = "http://ns.adobe.com/AdobeIllustrator/10.0/"


def svg(body: str, attributes: str = 'viewBox="0 0 100 40"', head: str = "") -> bytes:
    return f"{head}<svg {HEAD} {attributes}>{body}</svg>".encode()


def gradient(attributes: str = "", stops: str = "", kind: str = "linear") -> str:
    stops = stops or '<stop offset="0" stop-color="#c00"/><stop offset="1" stop-color="#00c"/>'
    return f'<defs><{kind}Gradient id="g" {attributes}>{stops}</{kind}Gradient></defs>'


def filled(gradient: str, shape: str = '<rect x="10" y="5" width="80" height="30" fill="url(#g)"/>') -> bytes:
    return svg(gradient + shape)


def styled(sheet: str, body: str, attributes: str = 'viewBox="0 0 100 40"') -> bytes:
    return svg(f"<style>{sheet}</style>{body}", attributes)


BOX = '<rect class="a" x="10" y="5" width="80" height="30"/>'


def box(attributes: str) -> str:
    return BOX.replace("class", f"{attributes} class")


def arrow(attributes: str = 'orient="auto"', shape: str = '<path d="M0 0L6 3L0 6z" fill="#c33"/>') -> str:
    return f'<marker id="m" viewBox="0 0 6 6" markerWidth="7" markerHeight="7" refX="3" refY="3" {attributes}>{shape}</marker>'


def line(attributes: str = 'marker-end="url(#m)"', d: str = 'd="M10 30 C30 0 60 0 80 25"') -> str:
    return f'<path {d} fill="none" stroke="#00c" stroke-width="3" {attributes}/>'


ARROW = arrow()
BARE = arrow(shape='<path d="M0 0L6 3L0 6z"/>')
COPIED = line('id="x" marker-end="url(#m)"')
CORNERS = 'd="M12 30 L30 10 L60 32 L85 12"'
SEEN = 'viewBox="0 0 100 40"'
# As large as the tests show it: to browsers a unit has two px then.
SHOWN = f'{SEEN} width="200" height="80"'
CLIP = '<clipPath id="c"><circle cx="80" cy="40" r="35"/></clipPath>'
ALIKE: dict[str, bytes] = {
    # Of the whole drawing
    "opacity of the drawing": svg(BOX + ROUND, f'{SEEN} opacity=".5"'),
    "opacity of the drawing's style": svg(BOX + ROUND, f'{SEEN} style="opacity:50%"'),
    "turned drawing": svg(BOX + ROUND, f'{SEEN} transform="rotate(10)"'),
    "smaller drawing by a rule": styled("svg{transform:scale(.5)}", BOX, SEEN),
    "shifted drawing": svg(BOX + ROUND, f'{SHOWN} transform="translate(20 10) rotate(10)"'),
    "cut drawing": svg(CLIP + BOX + ROUND, f'{SHOWN} clip-path="url(#c)"'),
    "cut and turned drawing": svg(
        CLIP + BOX + ROUND, f'{SHOWN} clip-path="url(#c)" transform="rotate(20)" opacity=".6"'
    ),
    "masked drawing": svg(
        CLIP.replace("clipPath", "mask").replace("<circle", '<circle fill="#fff"') + BOX + ROUND,
        f'{SHOWN} mask="url(#c)"',
    ),
    "cut drawing that begins elsewhere": svg(
        CLIP + BOX + ROUND, 'viewBox="-10 -4 100 40" width="200" height="80" clip-path="url(#c)"'
    ),
    "cut drawing that is stretched": svg(
        CLIP + BOX + ROUND,
        'viewBox="0 0 100 100" width="200" height="80" preserveAspectRatio="none" clip-path="url(#c)"',
    ),
    "hidden drawing with a shape to be seen": svg(
        BOX + ROUND.replace("<circle", '<circle visibility="visible"'), f'{SEEN} visibility="hidden"'
    ),
    "drawing not displayed": svg(BOX, f'{SEEN} display="none"'),
    "ground of the drawing": svg(ROUND, f'{SEEN} style="background:#fc0"'),
    "ground by a rule": styled("svg{background-color:#fc0;stroke:#c33;fill-opacity:.5}", ROUND, SEEN),
    "ground that is none": styled(
        "svg{background:#fc0}g{background:#c33}", f"<g>{ROUND}</g>", f'{SEEN} style="background:none"'
    ),
    # Words
    "frames of words that hold none": svg(f"{BOX}<text> </text><g><text><tspan/></text></g>"),
    # Markers
    "arrow": svg(ARROW + line()),
    "arrow by a rule": styled("path.w{marker-end:url(#m)}", ARROW + line('class="w"')),
    "arrow by a style, quoted": svg(ARROW + line("style=\"marker-end:url('#m')\"")),
    "arrows at all points": svg(ARROW + line('style="marker:url(#m)"', CORNERS)),
    "arrows at both ends": svg(
        arrow('orient="auto-start-reverse"') + line('marker-start="url(#m)" marker-end="url(#m)"', CORNERS)
    ),
    "arrow that is not turned": svg(arrow("") + line()),
    "arrow at an angle": svg(arrow('orient="45"') + line()),
    "arrow in the drawing's measure": svg(
        arrow('orient="auto" markerUnits="userSpaceOnUse"').replace('"7"', '"20"') + line()
    ),
    "arrow without a box": svg(
        '<marker id="m" markerWidth="8" markerHeight="8" refX="3" refY="4" orient="auto"><path d="M0 0L8 4L0 8z" fill="#c33"/></marker>'
        + line()
    ),
    "arrow in another shape of box": svg(
        arrow('orient="auto" preserveAspectRatio="none"').replace('"7"', '"12"', 1) + line()
    ),
    "arrow cut by its box": svg(arrow(shape='<circle cx="3" cy="3" r="5" fill="#c33"/>') + line()),
    "arrow beyond its box": svg(arrow('overflow="visible"', '<circle cx="3" cy="3" r="5" fill="#c33"/>') + line()),
    "arrow in the line's colour": svg(arrow(shape='<path d="M0 0L6 3L0 6z" fill="context-stroke"/>') + line()),
    "arrow of a group": svg(f'{ARROW}<g marker-end="url(#m)" fill="#0a0">{line("")}</g>'),
    "arrow in no colour of the line's": svg(f'{BARE}<g fill="#0a0" stroke="#0a0">{line()}</g>'),
    "arrow on what is moved": svg(
        ARROW + line('marker-end="url(#m)" transform="rotate(-10 50 20) scale(.8)" opacity=".5"')
    ),
    "arrow on what is copied": svg(f'{ARROW}<defs>{COPIED}</defs><use href="#x" y="5"/>'),
    "arrow on a closed line": svg(ARROW + line('style="marker:url(#m)"', 'd="M20 30 L50 8 L80 30 z"')),
    "arrow on straight lines": svg(
        f'{ARROW}<g stroke="#00c" stroke-width="3" fill="none" marker-end="url(#m)"><line x1="10" y1="10" x2="40" y2="10"/>'
        '<polyline points="10 20 40 20 40 34"/><polygon points="55 10 85 10 85 30"/><rect x="50" y="20" width="9" height="9"/></g>'
    ),
    "arrow on a line of several parts": svg(ARROW + line('style="marker:url(#m)"', 'd="M10 10 L40 10 M50 30 L80 12"')),
    "arrow behind a curve without a handle": svg(ARROW + line(d='d="M10 30 C10 30 60 0 60 0 C60 0 60 0 85 25"')),
    "arrow on a line that is hidden": svg(ARROW + line('marker-end="url(#m)" visibility="hidden"') + ROUND),
    "arrow without a size": svg(arrow().replace('"7"', '"0"', 1) + line()),
    "arrow that is not there": svg(line()),
    # Style sheets
    "class": styled(".a{fill:#c33}", BOX),
    "class of digits": styled(r".\31 23{fill:#c33}", BOX.replace('"a"', '"123"')),
    "class with umlaut": styled(".Fläche{fill:#c33}", BOX.replace('"a"', '"Fläche"')),
    "class with a colon": styled(r".a\:b{fill:#c33}", BOX.replace('"a"', '"a:b"')),
    "class with a dot": styled(r".st0\.1{fill:#c33}", BOX.replace('"a"', '"st0.1"')),
    "class in Han": styled(".紅{fill:#c33}", BOX.replace('"a"', '"紅"')),
    "class with a plus": styled(r".a\+b{fill:#c33}", BOX.replace('"a"', '"a+b"')),
    "class with a slash": styled(r".w-1\/2{fill:#c33}", BOX.replace('"a"', '"w-1/2"')),
    "class with an at": styled(r".\@x{fill:#c33}", BOX.replace('"a"', '"@x"')),
    "class of an emoji": styled(".🎨{fill:#c33}", BOX.replace('"a"', '"🎨"')),
    "two classes": styled(".a{fill:#c33}.b{opacity:.5}", BOX.replace('"a"', '"a b"')),
    "both classes": styled(".a.b{fill:#c33}.a{fill:#00f}", BOX.replace('"a"', '"b a"')),
    "by attribute": styled("[data-x]{fill:#c33}", box('data-x="1"')),
    "by attribute's value": styled('rect[x="10"]{fill:#c33}', BOX),
    "not": styled("rect:not(.b){fill:#c33}", BOX),
    "first child": styled("g>:first-child{fill:#c33}", f"<g>{BOX}{ROUND}</g>"),
    "nth child": styled("circle:nth-of-type(2){fill:#c33}", ROUND.replace("50", "25") + ROUND.replace("50", "75")),
    "is": styled(":is(.a,.b){fill:#c33}", BOX),
    "id": styled("#x{fill:#c33}", box('id="x"')),
    "important": styled(".a{fill:#c33!important}", box('style="fill:#00f"')),
    "inline before class": styled(".a{fill:#00f}", box('style="fill:#c33"')),
    "class before attribute": styled(".a{fill:#c33}", box('fill="#00f"')),
    "order": styled(".a{fill:#00f}.a{fill:#c33}", BOX),
    "rank": styled("rect.a{fill:#c33}.a{fill:#00f}", BOX),
    "two sheets": svg("<style>.a{fill:#00f}</style><style>.a{fill:#c33}</style>" + BOX),
    "cdata": styled("<![CDATA[.a{fill:#c33}]]>", BOX),
    "sheet behind the shapes": svg(BOX + "<style>.a{fill:#c33}</style>"),
    "sheet for print": svg('<style media="print">.a{fill:#00f}</style><style>.a{fill:#c33}</style>' + BOX),
    "dark screens": styled(".a{fill:#c33}@media (prefers-color-scheme: dark){.a{fill:#fff}}", BOX),
    "light screens": styled("@media (prefers-color-scheme:light){.a{fill:#c33}}", BOX),
    "screens": styled("@media screen{.a{fill:#c33}}@media print{.a{fill:#00f}}", BOX),
    "root's class": styled(".r{fill:#c33}", BOX, 'viewBox="0 0 100 40" class="r"'),
    "inherit": svg('<g stroke="#c33" stroke-width="4">' + box("fill='none'") + "</g>"),
    "word inherit": svg('<g fill="#c33">' + box("fill='inherit'") + "</g>"),
    "word unset": styled(".a{fill:unset}", f'<g fill="#c33">{BOX}</g>'),
    "word initial": styled(".a{fill:initial}", f'<g fill="#c33">{BOX}</g>'),
    "hidden by class": styled(".b{display:none}.a{fill:#c33}", BOX + ROUND.replace("<circle", '<circle class="b"')),
    "collapsed": svg(BOX + ROUND.replace("<circle", '<circle fill="#fff" visibility="collapse"')),
    "visible in hidden": svg(f'<g visibility="hidden">{BOX}<g visibility="visible">{ROUND}</g></g>'),
    "colour that looks like a number": svg(box('fill="#9e9" stroke="#2e7d32"')),
    # Variables
    "variable": styled(":root{--c:#c33}.a{fill:var(--c)}", BOX),
    "variable of the svg": styled("svg{--c:#c33}.a{fill:var(--c)}", BOX),
    "variable on a group": svg('<g style="--c:#c33">' + box("style='fill:var(--c)'") + "</g>"),
    "variable in an attribute": styled(":root{--c:#c33}", BOX.replace("class", "fill='#c33' class")),
    "variable with a stand-in": styled(".a{fill:var(--none,#c33)}", BOX),
    "variable of a variable": styled(":root{--c:#c33;--d:var(--c)}.a{fill:var(--d)}", BOX),
    "variables of parts": styled(":root{--r:200;--g:50}.a{fill:rgb(var(--r),var(--g),50)}", BOX),
    "variable that is missing": styled(".a{fill:var(--none)}", f'<g fill="#c33">{BOX}</g>'),
    "variable in capitals": styled(":root{--C:#c33;--c:#00f}.a{fill:var(--C)}", BOX),
    "variable of a width": styled(":root{--w:6px}.a{stroke:#c33;fill:none;stroke-width:var(--w)}", BOX),
    "variables in a ring": styled(":root{--a:var(--b);--b:var(--a)}.a{fill:var(--a)}", BOX),
    # Colours
    "current colour": svg(box('fill="currentColor"'), 'viewBox="0 0 100 40" color="#c33"'),
    "current colour in small letters": svg(box('fill="currentcolor" color="#c33"')),
    "current colour of nothing": svg('<path d="M10 20h80" stroke="currentColor" stroke-width="8"/>'),
    "rgb": svg(box('fill="rgb(80%,20%,20%)"')),
    "rgba": svg(box('fill="rgba(204,51,51,.5)"')),
    "eight digits": svg(box('fill="#cc333380"')),
    "hsl": svg(box('fill="hsl(200,50%,40%)"')),
    "oklch": styled(".a{fill:oklch(0.6 0.15 150)}", BOX),
    "name": svg(box('fill="RebeccaPurple"')),
    "no colour": svg('<g fill="#c33">' + box("fill='nonsense'") + "</g>"),
    "transparent": svg(ROUND + box('fill="transparent" stroke="#c33"')),
    "opacity in percent": svg(box('fill="#c33" opacity="50%"')),
    "opacity of all": svg(f'<g opacity=".5">{BOX}<circle cx="50" cy="20" r="15" fill="#c33"/></g>'),
    "opacity of what is moved": svg(f'<g opacity=".5" transform="translate(10 5) scale(.5)">{BOX}</g>'),
    "opacity in opacity": svg(f'<g opacity=".5"><g opacity=".5" transform="rotate(10)">{BOX}</g></g>'),
    "opacity of a wide stroke": svg(
        '<path d="M20 20h60" stroke="#c33" stroke-width="20" opacity=".5" stroke-linecap="round"/>'
    ),
    "opacity of strokes in a group": svg('<g opacity=".5"><path d="M20 8h60" stroke="#c33" stroke-width="10"/></g>'),
    "opacity of a copy": svg(
        '<defs><circle id="x" r="10"/></defs><use href="#x" x="50" y="20" opacity=".5" fill="#c33"/>'
    ),
    # Lines
    "round ends": svg('<path d="M15 20h70" stroke="#c33" stroke-width="14" stroke-linecap="round"/>'),
    "points": svg('<path d="M20 20h0M50 20h0M80 20h0" stroke="#c33" stroke-width="20" stroke-linecap="round"/>'),
    "mitre": svg('<path d="M10 35 50 8 90 35" fill="none" stroke="#c33" stroke-width="8"/>'),
    "sharp mitre": svg('<path d="M20 35 50 12 56 35" fill="none" stroke="#c33" stroke-width="6"/>'),
    "mitre limit": svg(
        '<path d="M30 35 40 15 50 35" fill="none" stroke="#c33" stroke-width="6" stroke-miterlimit="1"/>'
    ),
    "dashes": svg('<path d="M10 20h80" stroke="#c33" stroke-width="8" stroke-dasharray="10 5"/>'),
    "dashes with units": svg('<path d="M10 20h80" stroke="#c33" stroke-width="8" style="stroke-dasharray:10px,5px"/>'),
    "dashes of a number": svg('<path d="M10 20h80" stroke="#c33" stroke-width="8" stroke-dasharray="9"/>'),
    "three dashes": svg('<path d="M10 20h80" stroke="#c33" stroke-width="8" stroke-dasharray="9 3 6"/>'),
    "dashes moved": svg(
        '<path d="M10 20h80" stroke="#c33" stroke-width="8" stroke-dasharray="9" stroke-dashoffset="4"/>'
    ),
    "shapes in percent": svg(
        '<rect x="5%" y="10%" width="40%" height="80%" fill="#c33"/><circle cx="70%" cy="50%" r="20%" fill="#00c"/>'
        '<line x1="50%" y1="5%" x2="95%" y2="5%" stroke="#090" stroke-width="5%"/>'
    ),
    "shapes in percent of a drawing in a drawing": svg(
        '<svg x="10%" y="10%" width="50%" height="80%" viewBox="0 0 20 10"><rect width="50%" height="50%" fill="#c33"/>'
        '</svg><svg x="60%" width="30%" height="50%"><ellipse cx="50%" cy="50%" rx="50%" ry="40%" fill="#00c"/></svg>'
    ),
    "symbol in percent": svg(
        '<symbol id="s" viewBox="0 0 10 10"><circle cx="50%" cy="50%" r="50%" fill="#c33"/></symbol>'
        '<use xlink:href="#s" x="10%" width="30%" height="100%"/>'
    ),
    "clip in percent": svg('<clipPath id="c"><rect width="50%" height="60%"/></clipPath>' + box('clip-path="url(#c)"')),
    "stroke in percent": svg('<path d="M10 20h80" stroke="#c33" stroke-width="10%"/>'),
    "stroke in px": svg('<path d="M10 20h80" stroke="#c33" style="stroke-width:9px"/>'),
    "stroke scaled": svg('<g transform="scale(2,1)"><path d="M10 5v30" stroke="#c33" stroke-width="8"/></g>'),
    # Shapes
    "round corners": svg('<rect x="10" y="5" width="80" height="30" rx="12" fill="#c33"/>'),
    "rounder corners": svg('<rect x="10" y="5" width="80" height="30" rx="99" fill="#c33"/>'),
    "corners of two radii": svg('<rect x="10" y="5" width="80" height="30" rx="30" ry="5" fill="#c33"/>'),
    "geometry in a rule": styled(".b{cx:30px;cy:20px;r:12px;fill:#c33}", '<circle class="b" r="3"/>'),
    "ellipse": svg('<ellipse cx="50" cy="20" rx="40" ry="12" fill="#c33"/>'),
    "polygon": svg('<polygon points="10,5 90,5,50 35" fill="#c33"/>'),
    "polyline": svg('<polyline points="10 35 50 5 90 35" fill="none" stroke="#c33" stroke-width="3"/>'),
    "even and odd": svg('<path fill-rule="evenodd" d="M10 5h80v30H10zM30 10h40v20H30z" fill="#c33"/>'),
    "not zero": svg('<path d="M10 5h80v30H10zM30 10v20h40V10z" fill="#c33"/>'),
    "even and odd of a group": svg('<g fill-rule="evenodd"><path d="M10 5h80v30H10zM30 10h40v20H30z"/></g>'),
    "arcs": svg('<path d="M20 20a15 15 0 1 1 30 0 15 15 0 0 1-30 0z" fill="#c33"/>'),
    "arcs written short": svg('<path d="M20 20a15 15 0 1130 0 15 15 0 01-30 0z" fill="#c33"/>'),
    "numbers written short": svg('<path d="M10.5.5l.5.5.5-.5 70 .5.5 30.5-71.5-.5z" fill="#c33"/>'),
    "numbers with exponents": svg('<path d="M1e1 5 L9e1 5 5e+1 3.5e1z" fill="#c33"/>'),
    "smooth curves": svg('<path d="M10 20C20 0 40 0 50 20S80 40 90 20" fill="none" stroke="#c33" stroke-width="4"/>'),
    "quadratic curves": svg('<path d="M10 20Q30-10 50 20T90 20" fill="none" stroke="#c33" stroke-width="4"/>'),
    "relative moves": svg('<path d="m10 5 20 0 0 20zm40 0 20 0 0 20z" fill="#c33"/>'),
    "moves are lines": svg('<path d="M10 5 50 5 30 35" fill="#c33"/>'),
    "closed and on": svg('<path d="M10 5h20v20zl30 30" fill="none" stroke="#c33" stroke-width="2"/>'),
    "turned arc": svg('<path d="M20 30A30 10 -30 0 1 80 15" fill="none" stroke="#c33" stroke-width="3"/>'),
    # Transforms
    "rotated about": svg(f'<g transform="rotate(30, 50, 20)">{BOX}</g>'),
    "matrix": svg(f'<g transform="matrix(.5 .2 -.2 .5 20 5)">{BOX}</g>'),
    "skewed": svg(f'<g transform="translate(10) skewX(-20) scale(.8)">{BOX}</g>'),
    "turned by a rule": styled(".a{transform:translate(20px,10px) rotate(.05turn) scale(.5)}", BOX),
    "moved sideways by a rule": styled(".a{transform:translateX(10px) scaleY(.5)}", BOX),
    "mirrored": svg('<g transform="scale(1,-1) translate(0,-40)"><path d="M10 5h60l20 30z" fill="#c33"/></g>'),
    "transform with commas": svg(f'<g transform="translate(10,5),scale(.5,.5)">{BOX}</g>'),
    # Copies
    "use": svg('<defs><path id="x" d="M0 0h30v20z"/></defs><use xlink:href="#x" x="10" y="5" fill="#c33"/>'),
    "use twice": svg('<g id="x"><rect width="20" height="20"/></g><use href="#x" x="40" y="10" fill="#c33"/>'),
    "use of a use": svg(
        '<defs><circle id="x" r="8"/><g id="y"><use href="#x"/><use href="#x" x="20"/></g></defs>'
        '<use href="#y" x="30" y="20" fill="#c33"/>'
    ),
    "symbol": svg(
        '<symbol id="x" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5"/></symbol>'
        '<use href="#x" x="10" y="5" width="30" height="30" fill="#c33"/>'
    ),
    "symbol without a size": svg(
        '<symbol id="x" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5"/></symbol><use href="#x" fill="#c33"/>'
    ),
    "symbol with a size of its own": svg(
        '<symbol id="x" viewBox="0 0 10 10" width="20" height="20"><circle cx="5" cy="5" r="5"/></symbol>'
        '<use href="#x" fill="#c33"/>'
    ),
    "symbol without a box": svg('<symbol id="x"><circle cx="15" cy="15" r="10"/></symbol><use href="#x" fill="#c33"/>'),
    "drawing in a drawing": svg(f'<svg x="10" y="5" width="40" height="30" viewBox="0 0 100 40">{BOX}</svg>'),
    "drawing cut off": svg(f'<svg x="10" y="5" width="40" height="20">{BOX}</svg>'),
    "drawing without a size": svg(f'<svg x="10" y="5" viewBox="0 0 100 40">{BOX}</svg>'),
    # Clips
    "clip": svg(f'<clipPath id="c">{ROUND}</clipPath><g clip-path="url(#c)">{BOX}</g>'),
    "clip by a class": svg(
        f'<style>.k{{clip-path:url(#c)}}</style><clipPath id="c">{ROUND}</clipPath><g class="k">{BOX}</g>'
    ),
    "clip in quotes": svg(f"""<clipPath id="c">{ROUND}</clipPath><g style='clip-path:url("#c")'>{BOX}</g>"""),
    "clip of two": svg(
        '<clipPath id="c"><circle cx="30" cy="20" r="12"/><circle cx="60" cy="20" r="12"/></clipPath>'
        f'<g clip-path="url(#c)">{BOX}</g>'
    ),
    "clip of two that overlap": svg(
        '<clipPath id="c"><path d="M20 5h40v30h-40z"/><path d="M40 5v30h40v-30z"/></clipPath>'
        f'<g clip-path="url(#c)">{BOX}</g>'
    ),
    "clip that is moved": svg(
        f'<clipPath id="c" transform="translate(-20 0)">{ROUND}</clipPath><g clip-path="url(#c)">{BOX}</g>'
    ),
    "clip of a moved shape": svg(
        '<clipPath id="c"><rect width="30" height="30" transform="translate(20 5) rotate(10)"/></clipPath>'
        f'<g clip-path="url(#c)">{BOX}</g>'
    ),
    "clip of moved shapes": svg(
        '<clipPath id="c"><rect width="20" height="20" transform="translate(20 5)"/>'
        '<rect width="20" height="20" transform="translate(60 10)"/></clipPath>'
        f'<g clip-path="url(#c)">{BOX}</g>'
    ),
    "clip of a copy": svg(
        f'<defs>{ROUND_X}</defs><clipPath id="c"><use href="#x"/></clipPath><g clip-path="url(#c)">{BOX}</g>'
    ),
    "clip of what is moved": svg(
        f'<clipPath id="c">{ROUND}</clipPath><g transform="translate(20 0)" clip-path="url(#c)">{BOX}</g>'
    ),
    "clip with opacity": svg(f'<clipPath id="c">{ROUND}</clipPath><g opacity=".5" clip-path="url(#c)">{BOX}</g>'),
    "clip in a clip": svg(
        f'<clipPath id="c">{ROUND}</clipPath><clipPath id="d"><rect width="50" height="40"/></clipPath>'
        f'<g clip-path="url(#d)"><g clip-path="url(#c)">{BOX}</g></g>'
    ),
    "clip of nothing": svg(f'<clipPath id="c"/>{ROUND}<g clip-path="url(#c)">{BOX}</g>'),
    "clip that is missing": svg(f'<g clip-path="url(#none)">{BOX}</g>'),
    # Masks
    "mask of a program": svg(
        f'<mask id="m" maskUnits="userSpaceOnUse" x="30" y="0" width="40" height="40">'
        f'<circle cx="50" cy="20" r="18" fill="white"/></mask><g mask="url(#m)">{BOX}</g>'
    ),
    "mask by luminance": svg(
        f'<mask id="m" style="mask-type:luminance" maskUnits="userSpaceOnUse" x="30" y="0" width="40" height="40">'
        f'<circle cx="50" cy="20" r="18" fill="white"/></mask><g mask="url(#m)">{BOX}</g>'
    ),
    "mask by alpha": svg(
        f'<mask id="m" style="mask-type:alpha" maskUnits="userSpaceOnUse" x="30" y="2" width="40" height="36">'
        f'<circle cx="50" cy="20" r="18" fill="#D9D9D9"/></mask><g mask="url(#m)">{BOX}</g>'
    ),
    "mask filled as a whole": svg(
        f'<defs><circle id="x" cx="50" cy="20" r="18"/></defs><mask id="m" fill="#fff"><use xlink:href="#x"/></mask>'
        f'<g mask="url(#m)">{BOX}</g>'
    ),
    "mask's region": svg(
        f'<mask id="m" maskUnits="userSpaceOnUse" x="50" y="10" width="20" height="20">'
        f'<rect width="100" height="40" fill="#fff"/></mask><g mask="url(#m)">{BOX}</g>'
    ),
    "mask of what is moved": svg(
        f'<mask id="m" maskUnits="userSpaceOnUse" x="30" y="0" width="40" height="40">'
        f'<circle cx="50" cy="20" r="18" fill="#fff"/></mask><g mask="url(#m)" transform="translate(20 4)">{BOX}</g>'
    ),
    "mask and clip": svg(
        f'<clipPath id="c"><rect width="50" height="40"/></clipPath><mask id="m" maskUnits="userSpaceOnUse" x="30" y="0"'
        f' width="40" height="40"><circle cx="50" cy="20" r="18" fill="#fff"/></mask>'
        f'<g mask="url(#m)" clip-path="url(#c)">{BOX}</g>'
    ),
    "mask of two groups": svg(
        f'<mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="100" height="40"><g fill="#fff">'
        f'<g transform="translate(0 4)"><circle cx="30" cy="16" r="10"/></g><circle cx="70" cy="20" r="12"/></g></mask>'
        f'<g mask="url(#m)">{BOX}</g>'
    ),
    "mask that nothing uses": svg(f'<mask id="m"><rect fill="#777"/></mask>{BOX}'),
    # Gradients
    "gradient": filled(gradient()),
    "gradient from the top": filled(gradient('x2="0" y2="1"')),
    "gradient in percent": filled(gradient('x1="20%" y1="0%" x2="80%" y2="0%"')),
    "gradient in the drawing": filled(gradient('gradientUnits="userSpaceOnUse" x1="30" x2="70"')),
    "gradient in percent of the drawing": filled(gradient('gradientUnits="userSpaceOnUse" x1="30%" x2="70%"')),
    "turned gradient": filled(gradient('gradientTransform="rotate(45)"')),
    "gradient turned about": filled(gradient('gradientTransform="rotate(90 .5 .5)"')),
    "turned gradient in the drawing": filled(
        gradient('gradientUnits="userSpaceOnUse" x1="30" x2="70" gradientTransform="rotate(30 50 20)"')
    ),
    "gradient with a matrix": filled(
        gradient('gradientUnits="userSpaceOnUse" x1="0" x2="1" gradientTransform="matrix(60 10 -10 20 20 5)"')
    ),
    "slanting gradient": filled(gradient('x2="1" y2="1"')),
    "gradient of three": filled(
        gradient(
            stops='<stop stop-color="#c00"/><stop offset=".5" stop-color="#fff"/><stop offset="1" stop-color="#0c0"/>'
        )
    ),
    "gradient that fades": filled(
        gradient(stops='<stop stop-color="#c00"/><stop offset="1" stop-color="#c00" stop-opacity="0"/>')
    ),
    "gradient that fades by rgba": filled(
        gradient(stops='<stop stop-color="#c00"/><stop offset="1" stop-color="rgba(204,0,0,0)"/>')
    ),
    "gradient with hard stops": filled(
        gradient(
            stops='<stop stop-color="#c00"/><stop offset=".5" stop-color="#c00"/><stop offset=".5" stop-color="#00c"/>'
            '<stop offset="1" stop-color="#00c"/>'
        )
    ),
    "gradient of one stop": filled(gradient(stops='<stop offset="0" stop-color="#c33"/>')),
    "gradient's stops by class": svg(
        "<style>.s{stop-color:#c00}.t{stop-color:#00c}</style>"
        + gradient(stops='<stop class="s"/><stop offset="1" class="t"/>')
        + '<rect x="10" y="5" width="80" height="30" fill="url(#g)"/>'
    ),
    "gradient of another": svg(
        '<linearGradient id="h"><stop stop-color="#c00"/><stop offset="1" stop-color="#00c"/></linearGradient>'
        '<linearGradient id="g" xlink:href="#h" x1="0" x2="0" y2="1"/>'
        '<rect x="10" y="5" width="80" height="30" fill="url(#g)"/>'
    ),
    "radial of a linear": svg(
        '<linearGradient id="h"><stop stop-color="#c00"/><stop offset="1" stop-color="#00c"/></linearGradient>'
        '<radialGradient id="g" href="#h" gradientUnits="userSpaceOnUse" cx="50" cy="20" r="30"/>'
        '<rect x="10" y="5" width="80" height="30" fill="url(#g)"/>'
    ),
    "radial": filled(gradient(kind="radial")),
    "radial in percent": filled(gradient('cx="30%" cy="30%" r="60%"', kind="radial")),
    "radial in the drawing": filled(gradient('gradientUnits="userSpaceOnUse" cx="50" cy="20" r="25"', kind="radial")),
    "radial in percent of the drawing": filled(
        gradient('gradientUnits="userSpaceOnUse" cx="50%" cy="50%" r="30%"', kind="radial")
    ),
    "radial with a focus": filled(gradient('fx=".3" fy=".4"', kind="radial")),
    "radial with a matrix": filled(
        gradient(
            'gradientUnits="userSpaceOnUse" cx="0" cy="0" r="1" gradientTransform="matrix(40 0 0 15 50 20)"',
            kind="radial",
        )
    ),
    "radial turned": filled(
        gradient(
            'gradientUnits="userSpaceOnUse" cx="0" cy="0" r="1" gradientTransform="translate(50 20) rotate(30) scale(40 12)"',
            kind="radial",
        )
    ),
    "gradient of a stroke": filled(
        gradient(), '<path d="M10 20q40-30 80 0" stroke="url(#g)" stroke-width="8" fill="none"/>'
    ),
    "gradient of a flat stroke": filled(
        gradient('gradientUnits="userSpaceOnUse" x1="10" x2="90"'),
        '<path d="M10 20h80" stroke="url(#g)" stroke-width="8"/>',
    ),
    "radial turned, in shares": filled(gradient('gradientTransform="rotate(30 .5 .5) scale(1 .5)"', kind="radial")),
    "radial turned, with a line": filled(
        gradient('gradientTransform="rotate(30 .5 .5)"', kind="radial"),
        '<rect x="10" y="5" width="80" height="30" fill="url(#g)" stroke="#0a0" stroke-width="4" opacity=".6"/>',
    ),
    "gradient of a round stroke": filled(
        gradient('x2="0" y2="1"'), '<circle cx="50" cy="20" r="14" fill="none" stroke="url(#g)" stroke-width="6"/>'
    ),
    "gradient of area and stroke": filled(
        gradient(), '<ellipse cx="50" cy="20" rx="30" ry="14" fill="url(#g)" stroke="url(#g)" stroke-width="6"/>'
    ),
    "gradient of dashes": filled(
        gradient('gradientUnits="userSpaceOnUse" x1="10" x2="90"'),
        '<path d="M10 20h80" stroke="url(#g)" stroke-width="8" stroke-dasharray="10 6" stroke-linecap="round"/>',
    ),
    "gradient of a stroke by its group": filled(
        gradient(), '<g stroke="url(#g)" stroke-width="6" fill="none"><path d="M10 20q40-30 80 0"/></g>'
    ),
    "radial gradient of a stroke": filled(
        gradient('gradientUnits="userSpaceOnUse" cx="50" cy="20" r="40"', kind="radial"),
        '<path d="M10 20q40-30 80 0" stroke="url(#g)" stroke-width="6" fill="none"/>',
    ),
    "flat line with shares": filled(gradient(), ROUND + '<path d="M10 20h80" stroke="url(#g)" stroke-width="8"/>'),
    "skewed gradient": filled(gradient('gradientUnits="userSpaceOnUse" x1="30" x2="70" gradientTransform="skewX(30)"')),
    "clip of a clip": svg(
        f'<clipPath id="d"><rect width="50" height="40"/></clipPath><clipPath id="c" clip-path="url(#d)">{ROUND}</clipPath>'
        f'<g clip-path="url(#c)">{BOX}</g>'
    ),
    "clip with a group": svg(
        f'<clipPath id="c">{ROUND}<g><rect width="100" height="40"/></g></clipPath><g clip-path="url(#c)">{BOX}</g>'
    ),
    "clip of all shapes": svg(
        '<clipPath id="c"><rect x="5" y="5" width="10" height="10" rx="3"/><ellipse cx="30" cy="10" rx="8" ry="4"/>'
        '<polygon points="50 5 60 5 55 15"/><path d="M70 5a5 5 0 1110 0z"/><path d="M60 30a6 6 0 0112 0 6 6 0 01-12 0z"/><circle cx="20" cy="30" r="6"/></clipPath>'
        '<rect width="100" height="40" clip-path="url(#c)"/>'
    ),
    "gradient of a group": filled(gradient(), f'<g fill="url(#g)">{BOX}</g>'),
    "gradient with opacity": filled(gradient(), box('fill="url(#g)" opacity=".5"')),
    "gradient with fill's opacity": filled(gradient(), box('fill="url(#g)" fill-opacity=".5"')),
    "gradient of what is moved": filled(
        gradient(), '<g transform="translate(20 5) scale(.6)">' + box('fill="url(#g)"') + "</g>"
    ),
    "gradient that is missing": svg(ROUND + box('fill="url(#none)"')),
    "gradient that is missing, with a colour": svg(box('fill="url(#none) #c33"')),
    # Choices and files
    "gradient that is missing, with nothing": svg(ROUND + box('fill="url(#no) none"')),
    "two addresses of a copy": svg(
        '<defs><path id="x" d="M0 0h30v20z"/><path id="y" d="M0 0h90v20z"/></defs><use xlink:href="#y" href="#x" x="10" y="5"/>'
    ),
    "radial without extent": filled(gradient('r="0"', kind="radial")),
    "sheet in no language of ours": svg(f'<style type="text/less">.a{{fill:#c33}}</style>{BOX}'),
    "switch of a program": svg(
        f'<switch><foreignObject requiredExtensions="{AI}" width="1" height="1"/><g>{BOX}</g></switch>'
    ),
    "switch by language": svg(
        f'<switch><g systemLanguage="de">{ROUND}</g><g systemLanguage="en">{BOX}</g><g>{ROUND}</g></switch>'
    ),
    "switch with the last one": svg(f'<switch><g systemLanguage="xx">{ROUND}</g><g>{BOX}</g></switch>'),
    "switch in a switch": svg(
        f'<switch><g requiredExtensions="http://example.com/x"/><g><switch><g systemLanguage="fr">{ROUND}</g>{BOX}</switch></g></switch>'
    ),
    "condition alone": svg(f'<g requiredExtensions="{AI}">{ROUND}</g>' + BOX.replace("10", "5")),
    "entities of namespaces": f"""<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY ns_svg "http://www.w3.org/2000/svg">
 <!ENTITY ns_xlink "http://www.w3.org/1999/xlink"><!ENTITY ns_ai "{AI}">]>
<svg xmlns="&ns_svg;" xmlns:xlink="&ns_xlink;" viewBox="0 0 100 40">{BOX}</svg>""".encode(),
    "entities of styles": f"""<!DOCTYPE svg [<!ENTITY st0 "fill:#cc3333;"><!ENTITY st1 "stroke:#0000cc;stroke-width:3;">]>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40">{box('style="&st0;&st1;"')}</svg>""".encode(),
    "size without a box": svg(BOX, 'width="100" height="40"'),
    "size of another shape": svg(BOX, 'viewBox="0 0 100 40" width="100" height="40"'),
    "stretched": svg(BOX, 'viewBox="0 0 50 40" width="100" height="40" preserveAspectRatio="none"'),
    "box that begins elsewhere": svg(BOX, 'viewBox="5 2 90 36"'),
    "no namespace's prefix": f'<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 100 40">{BOX.replace("<rect", "<s:rect")}</s:svg>'.encode(),
    "title": svg(f"<title>Logo</title><desc>Words</desc>{BOX}"),
    # Rare, and drawn
    "arrow that is seen through": svg(arrow('orient="auto" opacity=".4"') + line()),
    "declaration that is none": styled(".a{fill:#c33;green}", BOX),
    "head of a style sheet": styled('@charset "utf-8";.a{fill:#c33}', BOX),
    "no filter": svg(box('filter="none" style="mix-blend-mode:normal"')),
    "opacity inherited": svg('<g opacity=".5">' + box('style="opacity:inherit"') + "</g>"),
    "turned gradient of a copied shape": svg(
        gradient('gradientTransform="rotate(40) scale(1 .5)"', kind="radial")
        + '<rect id="x" x="5" y="5" width="40" height="30" fill="url(#g)"/><use xlink:href="#x" x="48"/>'
    ),
    "clip of a copied shape with a turned gradient": svg(
        gradient('gradientTransform="rotate(40) scale(1 .5)"', kind="radial")
        + '<rect id="x" width="40" height="30" transform="translate(30 5)" fill="url(#g)"/>'
        f'<clipPath id="c"><use xlink:href="#x"/></clipPath><g clip-path="url(#c)">{BOX}</g>'
    ),
    "turned gradient with a hole": filled(
        gradient('gradientTransform="rotate(40) scale(1 .5)"', kind="radial"),
        '<path fill="url(#g)" fill-rule="evenodd" fill-opacity=".6" d="M10 5h80v30H10zM30 10h40v20H30z"/>',
    ),
    "gradient without extent": filled(
        gradient('gradientTransform="matrix(1 1 1 1 0 0)"', kind="radial"), ROUND + box('fill="url(#g)"')
    ),
    "gradients one behind another": svg(
        gradient()
        + "".join(f'<linearGradient id="g{n}" xlink:href="#g{n - 1 or ""}"/>' for n in range(1, 25))
        + box('fill="url(#g24)"')
    ),
    "clip with shapes that are none": svg(
        '<clipPath id="c"><rect width="0" height="9"/><circle cx="30" cy="20" r="0"/><polygon points=""/>'
        f'<circle cx="50" cy="20" r="12"/></clipPath><g clip-path="url(#c)">{BOX}</g>'
    ),
    "mask with shapes that are not seen": svg(
        f'<mask id="m"><g display="none">{ROUND}</g><rect width="90" height="9" fill="none"/>'
        f'<rect x="20" width="40" height="40" fill="#fff"/></mask><g mask="url(#m)">{BOX}</g>'
    ),
    "drawing inside a drawing, by reference": svg(
        '<defs><svg id="x" viewBox="0 0 10 10" width="30" height="30"><rect width="9" height="9" fill="#c33"/></svg></defs>'
        '<use xlink:href="#x" x="20" y="5"/>'
    ),
    # What browsers take for none is none: they pass it over, or draw what is before it.
    **{
        f"movement {text}": svg(box(f'transform="{text}"') + ROUND)
        for text in (
            "matrix(1 2 3)",
            "matrix(1,0,0,1,5,5,5)",
            "rotate(10,20)",
            "translate(5,,5)",
            "translate(5px,5px)",
            "rotate(10deg)",
            "rotate(.1rad)",
            "scaleX(.5)",
            "translateX(9)",
            "scale(50%)",
            "translate(10%)",
            "translate(5 5) x",
            "scale()",
            "scale(.5)scale(2",
            "scale(0)",
            "scale(0 1)",
            "translate(5)translate(0 5)",
            "translate(5),rotate(5)",
            "translate(-5-5)",
        )
    },
    **{
        f"movement of a style {text}": svg(box(f'style="transform:{text}"') + ROUND)
        for text in (
            "translate(5,5)",
            "translate(5px,5px)",
            "translate(5px 5px)",
            "rotate(10)",
            "rotate(10deg)",
            "scale(0)",
            "scaleX(.5) translateY(5px)",
            "skewX(.1turn)",
            "none",
        )
    },
    **{
        f"path {text}": svg(f'<path d="{text}" fill="none" stroke="#c33" stroke-width="4"/>')
        for text in (
            "M1e1.5.5-3e-1,.5e1h30v9z",
            "M10 20A0 5 0 0 1 60 30z",
            "M10 10A-20 20 0 0 1 50 30z",
            "M1.e1 10L50 10L50 30z",
            "M10 10B30L60 10",
            "M10 10a9 9 0 1190 30z",
            "M10 10a5 5 0 01.5.5L40 40z",
            "M10 10A20 20 0 2 1 50 30z",
            "M10 10h20,v20z",
            "M10 10L50 10 50",
            "M10 10e5L50 10",
        )
    },
    "clip with a movement that is none": svg(
        f'<clipPath id="c" transform="rotate(1 2)">{ROUND}</clipPath><g clip-path="url(#c)">{BOX}</g>'
    ),
    "line of less than no width": svg(box('stroke="red" stroke-width="-3"')),
    "gradient from a point to itself": filled(gradient('x1=".5" x2=".5"')),
    "stop that is nowhere": filled(
        gradient(stops='<stop offset="x" stop-color="#c00"/><stop offset="1" stop-color="#00c"/>')
    ),
}
TOLD: dict[str, tuple[bytes, str]] = {
    "points with a word": (svg('<polygon points="10,10 50,10 50,30 x 90,30"/>'), "a damaged list of points"),
    "points with units": (svg(f'<polygon points="10px,10px 50,10 50,30"/>{ROUND}'), "a damaged list of points"),
    "filter": (
        svg(f'<filter id="f"><feGaussianBlur stdDeviation="3"/></filter><g filter="url(#f)">{BOX}</g>'),
        "filter",
    ),
    "cut drawing without a size": (svg(CLIP + BOX, f'{SEEN} clip-path="url(#c)"'), "clip-path of the whole drawing"),
    "shifted drawing without a size": (
        svg(BOX, f'{SEEN} transform="translate(20 10)"'),
        "transform of the whole drawing",
    ),
    "masked drawing in another shape of box": (
        svg(CLIP.replace("clipPath", "mask") + BOX, f'{SEEN} width="100" height="90" mask="url(#c)"'),
        "mask of the whole drawing",
    ),
    "filter of colours": (
        svg(
            f'<filter id="f"><feColorMatrix type="hueRotate" values="90"/></filter><g style="filter:url(#f)">{BOX}</g>'
        ),
        "filter",
    ),
    "filter by a function": (styled(".a{filter:drop-shadow(2px 2px 2px #000)}", BOX), "filter"),
    "filter by an attribute": (svg(box('filter="blur(2px)"')), "filter"),
    "picture as a ground": (svg(ROUND, f'{SEEN} style="background:linear-gradient(red,blue)"'), "background"),
    "path that begins nowhere": (svg('<path d="L10 5h60v30" fill="#c33"/>' + ROUND), "a damaged path"),
    "rule in a rule": (styled("g{fill:#00f;.a{fill:#c33}}", f"<g>{BOX}</g>"), "rule in a rule"),
    "drawing cut to another shape": (
        svg(ROUND, 'viewBox="0 0 100 100" width="100" height="40" preserveAspectRatio="xMidYMin slice"'),
        "preserveAspectRatio",
    ),
    "blending": (svg(f'{ROUND}<g style="mix-blend-mode:multiply">{BOX}</g>'), "mix-blend-mode"),
    "order of painting": (svg(box('paint-order="stroke"')), "paint-order"),
    "strokes that are not scaled": (svg(box('vector-effect="non-scaling-stroke"')), "vector-effect"),
    "path length": (
        svg('<path d="M10 20h80" stroke="#c33" stroke-width="8" pathLength="10" stroke-dasharray="1"/>'),
        "pathLength",
    ),
    "pattern": (
        svg(f'<pattern id="p" width=".1" height=".1">{ROUND}</pattern>' + box('fill="url(#p)"')),
        "pattern",
    ),
    "marker with a gradient of its own": (
        svg(f'<marker id="m">{gradient()}<path d="M0 0h3v3z" fill="url(#g)"/></marker>{line()}'),
        "marker-end",
    ),
    "markers between arcs": (
        svg(ARROW + line('marker-mid="url(#m)" d="M10 30 A20 20 0 0 1 50 30 L90 10"', "")),
        "marker-mid",
    ),
    "mask of grey": (
        svg(f'<mask id="m"><rect width="100" height="40" fill="#777"/></mask><g mask="url(#m)">{BOX}</g>'),
        "mask",
    ),
    "mask with a hole": (
        svg(f'<mask id="m"><rect width="100" height="40" fill="#fff"/>{ROUND}</mask><g mask="url(#m)">{BOX}</g>'),
        "mask",
    ),
    "mask of a gradient": (
        svg(
            gradient() + '<mask id="m"><rect width="100" height="40" fill="url(#g)"/></mask>'
            f'<g mask="url(#m)">{BOX}</g>'
        ),
        "mask",
    ),
    "mask of a stroke": (
        svg(f'<mask id="m"><path d="M0 20h100" stroke="#fff" stroke-width="9"/></mask><g mask="url(#m)">{BOX}</g>'),
        "mask",
    ),
    "mask in shares": (
        svg(
            f'<mask id="m" maskContentUnits="objectBoundingBox"><rect width="1" height="1" fill="#fff"/></mask>'
            f'<g mask="url(#m)">{BOX}</g>'
        ),
        "mask",
    ),
    "clip in shares": (
        svg(
            f'<clipPath id="c" clipPathUnits="objectBoundingBox"><circle cx=".5" cy=".5" r=".4"/></clipPath>'
            f'<g clip-path="url(#c)">{BOX}</g>'
        ),
        "clip",
    ),
    "clip with a hole": (
        svg(
            f'<clipPath id="c"><path clip-rule="evenodd" d="M10 5h80v30H10zM30 10h40v20H30z"/></clipPath>'
            f'<g clip-path="url(#c)">{BOX}</g>'
        ),
        "clip",
    ),
    "clip by a function": (styled(".a{clip-path:circle(10px)}", BOX), "clip-path"),
    "rule for narrow screens": (styled("@media (max-width:100px){.a{fill:red}}", BOX), "@media"),
    "rule for what is supported": (styled("@supports (fill:red){.a{fill:red}}", BOX), "@supports"),
    "animation": (styled("@keyframes k{to{fill:red}}.a{animation:k 1s}", BOX), "@keyframes"),
    "another origin": (styled(".a{transform:rotate(45deg);transform-origin:center}", BOX), "transform-origin"),
    "turned by its own property": (styled(".a{rotate:45deg}", BOX), "rotate"),
    "calculated": (svg(BOX.replace('width="80"', 'width="calc(100% - 20px)"')), "width"),
    "calculated by a rule": (styled(".a{stroke-width:calc(2px + 3px)}", BOX), "stroke-width"),
    "path by a rule": (styled('.b{d:path("M0 0h9v9z")}', f'{BOX}<path class="b"/>'), "d"),
    "HTML": (
        svg(f'<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>{BOX}'),
        "foreignObject",
    ),
    "words": (svg(f"<text>Clinic</text>{BOX}"), "words"),
    "picture": (svg(f'<image href="data:image/png;base64,AAAA"/>{BOX}'), "picture"),
    "gradient that repeats": (filled(gradient('x2=".1" spreadMethod="repeat"')), "repeats"),
    "clip of a damaged shape": (
        svg(f'<clipPath id="c"><path fill="red" d="M0 0 L5"/></clipPath><g clip-path="url(#c)">{BOX}</g>'),
        "a shape that is damaged: path",
    ),
    "clip of shapes that are cut": (
        svg(
            f'<clipPath id="d">{ROUND}</clipPath><clipPath id="c"><rect width="50" height="40" clip-path="url(#d)"/>'
            f'</clipPath><g clip-path="url(#c)">{BOX}</g>'
        ),
        "cut themselves",
    ),
    "clip of a symbol": (
        svg(
            f'<symbol id="s">{ROUND}</symbol><clipPath id="c"><use xlink:href="#s"/></clipPath>'
            f'<g clip-path="url(#c)">{BOX}</g>'
        ),
        "symbols",
    ),
    "mask that is seen through": (
        svg(f'<mask id="m"><rect width="100" height="40" fill="#fff" opacity=".5"/></mask><g mask="url(#m)">{BOX}</g>'),
        "fades",
    ),
    "mask that is nested too deeply": (
        svg(
            f"<mask id='m'>{'<g>' * 25}<rect width='100' height='40' fill='#fff'/>{'</g>' * 25}</mask>"
            f'<g mask="url(#m)">{BOX}</g>'
        ),
        "nested too deeply",
    ),
    "copies that are nested too deeply": (
        svg(
            '<rect id="x0" width="9" height="9"/>'
            + "".join(f'<g id="x{n}"><use xlink:href="#x{n - 1}"/></g>' for n in range(110, 0, -1))
        ),
        "nested too deeply",
    ),
    "no numbers": (svg(BOX, 'viewBox="0 0 a b"'), "no size"),
    "turned gradient of a line": (
        filled(
            gradient('gradientTransform="rotate(40) scale(1 .5)"', kind="radial"),
            '<path d="M10 10h80v20" stroke="url(#g)" stroke-width="6" fill="none"/>',
        ),
        "turn of a line",
    ),
    "function in a function": (svg(box('fill="rgb(foo(1) 2 3)"')), "fill"),
    "function in brackets": (svg(box('fill="(foo(1))"')), "fill"),
    "variables beyond measure": (
        styled(
            "svg{--a:aaaaaaaaaaaaaaaaaaaa;--b:" + "var(--a)" * 60 + "}.a{stroke-dasharray:var(--b) var(--b)}",
            BOX,
        ),
        "beyond measure",
    ),
    "entities beyond measure": (
        svg(
            "<g>" + f"&{'a' * 200};" * 1700 + f"</g>{BOX}",
            head=f"<!DOCTYPE svg [<!ENTITY {'a' * 200} '{'b' * 600}'>]>",
        ),
        "entities",
    ),
    "entities in entities": (
        svg("<g>&b;</g>" + BOX, head='<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'),
        "entities",
    ),
    "external entity": (svg(f"<g>&a;</g>{BOX}", head='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///x">]>'), "entities"),
}
"""What browsers draw and we do not: the drawing, and the word by which it is told."""
