/** Colours, type and the frame of the page, light and dark, on screen and on paper. */
export const PAGE_STYLES = `
:root{color-scheme:light dark;--bg:#f6f6f3;--panel:#fff;--raised:#fbfbf9;--ink:#1b1d22;--soft:#585c66;--line:#e2e2dc;--accent:#3049c0;--good:#136c3f;--good-bg:#e4f4ea;--bad:#a8231a;--bad-bg:#fdeae7;--warn:#7d5200;--warn-bg:#fcf1d8;--calm:#3049c0;--calm-bg:#e9edfb;--shadow:0 1px 2px rgb(20 22 30/.05),0 6px 20px rgb(20 22 30/.05);--mono:ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--bg:#121316;--panel:#1a1c20;--raised:#202328;--ink:#e9e9ec;--soft:#a6a9b3;--line:#2f3238;--accent:#9db0ff;--good:#68d69b;--good-bg:#11301f;--bad:#ff9a90;--bad-bg:#3b1714;--warn:#f0c46a;--warn-bg:#33280d;--calm:#9db0ff;--calm-bg:#1b2342;--shadow:0 1px 2px rgb(0 0 0/.4)}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-padding-top:4.5rem;scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-feature-settings:"tnum";overflow-wrap:anywhere}
main,footer{max-width:78rem;margin:0 auto;padding:0 1.5rem}
main:focus{outline:none}
section{margin:3.25rem 0}
@media screen{.large .stack .card{content-visibility:auto;contain-intrinsic-size:auto 2.75rem}
.large #matrix,.large #people,.large #requests,.large #grants{content-visibility:auto;contain-intrinsic-size:auto 46rem;margin-inline:-1rem;padding-inline:1rem;padding-bottom:1.5rem;margin-bottom:1.75rem}}
h1,h2,h3{line-height:1.2;letter-spacing:-.012em;text-wrap:balance}
h1{font-size:2rem;margin:.15rem 0 .35rem;font-weight:680}
h2{font-size:1.3rem;margin:0 0 1rem;font-weight:650}
h3{font-size:1rem;margin:1.5rem 0 .5rem;font-weight:650}
p{margin:.4rem 0;max-width:46rem}
a{color:var(--accent);text-underline-offset:.18em}
code,pre{font-family:var(--mono);font-size:.86em;font-feature-settings:normal}
pre{white-space:pre-wrap;background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem;margin:.6rem 0;max-height:24rem;overflow:auto}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-99rem;top:.5rem;background:var(--panel);padding:.5rem 1rem;z-index:30;border-radius:8px}
.skip:focus{left:1rem}
.bar{position:sticky;top:0;z-index:20;display:flex;gap:1.75rem;align-items:center;padding:0 1.5rem;min-height:3.25rem;background:var(--panel);border-bottom:1px solid var(--line)}
.mark{font:650 .9rem/1 var(--mono);letter-spacing:-.02em;white-space:nowrap}
.bar nav{overflow-x:auto;scrollbar-width:none}
.bar ul{display:flex;gap:.2rem;list-style:none;margin:0;padding:0}
.bar a{display:block;padding:.35rem .7rem;border-radius:6px;color:var(--soft);text-decoration:none;font-size:.88rem;white-space:nowrap}
.bar a:hover{color:var(--ink);background:var(--raised)}
.bar a[aria-current]{color:var(--ink);background:var(--calm-bg)}
footer{padding-top:1.25rem;padding-bottom:3rem;color:var(--soft);font-size:.85rem;border-top:1px solid var(--line);margin-top:4rem}
footer ul{list-style:none;margin:.3rem 0;padding:0}
.note{background:var(--warn-bg);color:var(--warn);border-radius:10px;padding:.7rem 1rem;max-width:none}
.soft{color:var(--soft)}
@media (max-width:44rem){main,footer{padding:0 1rem}h1{font-size:1.6rem}.mark{display:none}.bar{padding:0 .6rem}}
@media print{.rows{table-layout:fixed}.rows td,.rows code{overflow-wrap:anywhere!important}.rows td>bdi,.body pre{min-width:0!important}:root{--bg:#fff;--panel:#fff;--raised:#fff;--ink:#000;--soft:#444;--line:#bbb;--accent:#000;--good:#0a5c32;--bad:#8f1a12;--warn:#5f3e00;--good-bg:#fff;--bad-bg:#fff;--warn-bg:#fff;--calm-bg:#fff;--calm:#000;--shadow:none;color-scheme:light}
body{font-size:10.5pt}.bar,.skip,.controls,.more,.readout{display:none!important}section{margin:1.4rem 0}h2,h3{break-after:avoid}.card,.refusal,tr{break-inside:avoid}.scroll{max-height:none!important;overflow:visible!important}pre{max-height:none}main,footer{max-width:none;padding:0}}
`;
