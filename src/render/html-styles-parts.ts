/** Verdict, tiles, cards, lists and tables. */
export const PART_STYLES = `
.hero{margin:2rem 0 0}
.eyebrow{margin:0;color:var(--soft);font-size:.9rem;max-width:none}
.verdict{display:flex;gap:1.1rem;align-items:flex-start;border-radius:16px;padding:1.4rem 1.6rem;margin:1.1rem 0 1.25rem;border:1px solid transparent}
.verdict svg{flex:none;width:2.4rem;height:2.4rem;margin-top:.1rem}
.verdict strong{display:block;font-size:1.45rem;line-height:1.2;letter-spacing:-.012em;font-weight:680}
.verdict p{margin:.3rem 0 0;color:var(--ink);max-width:none}
.verdict.refused{background:var(--bad-bg);color:var(--bad);border-color:color-mix(in srgb,var(--bad) 28%,transparent)}
.verdict.changes{background:var(--calm-bg);color:var(--calm);border-color:color-mix(in srgb,var(--calm) 25%,transparent)}
.verdict.risky{background:var(--warn-bg);color:var(--warn);border-color:color-mix(in srgb,var(--warn) 30%,transparent)}
.verdict.clean{background:var(--good-bg);color:var(--good);border-color:color-mix(in srgb,var(--good) 28%,transparent)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.2rem,1fr));padding:0;margin:0;background:var(--panel);border:1px solid var(--line);border-radius:14px;overflow:hidden;box-shadow:var(--shadow)}
.tiles div{box-shadow:1px 1px 0 var(--line);padding:.9rem 1.1rem;display:flex;flex-direction:column-reverse}
.tiles dt{color:var(--soft);font-size:.83rem;line-height:1.3}
.tiles dd{margin:0;font-size:1.65rem;font-weight:640;letter-spacing:-.02em;line-height:1.25}
.tiles .zero dd{color:var(--soft);font-weight:450}
.refusal{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--bad);border-radius:10px;padding:1rem 1.3rem;margin:.8rem 0;box-shadow:var(--shadow)}
.refusal.allowed{border-left-color:var(--warn)}
.refusal h3{margin:0 0 .25rem;font-size:1.02rem}
.facts{display:flex;flex-wrap:wrap;gap:.35rem 1.6rem;margin:.6rem 0 0;padding:0;font-size:.9rem}
.facts div{display:flex;gap:.45rem}
.facts dt{color:var(--soft)}
.facts dd{margin:0;font-weight:600}
.facts+.list{margin-top:1.2rem}
.items{margin:.5rem 0 0;padding-left:1.15rem;font-size:.92rem}
.stack{background:var(--panel);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shadow);overflow:hidden}
.stack .card{border:0;border-top:1px solid var(--line);border-radius:0;box-shadow:none;margin:0}
.stack .card:first-child{border-top:0}
.stack .card>summary{padding:.45rem 1.1rem;border-radius:0;outline-offset:-2px}
.card{background:var(--panel);border:1px solid var(--line);border-radius:12px;margin:.55rem 0;box-shadow:var(--shadow);scroll-margin-top:4.5rem}
.card>summary{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .65rem;padding:.75rem 1.1rem;cursor:pointer;list-style:none;border-radius:12px}
.card>summary::-webkit-details-marker{display:none}
.card>summary::before{content:"";width:.45rem;height:.45rem;border-right:2px solid var(--soft);border-bottom:2px solid var(--soft);transform:rotate(-45deg);margin-right:.25rem;flex:none}
.card[open]>summary::before{transform:rotate(45deg)}
.card>summary:hover{background:var(--raised)}
.card>summary .grow{font-weight:620;flex:1 1 11rem;min-width:0}
.card>summary .was{font-weight:400;color:var(--soft)}
.card .inside{padding:.1rem 1.3rem 1.1rem;border-top:1px solid var(--line)}
.pill{display:inline-block;font-size:.8rem;line-height:1.5;padding:.02rem .55rem;border-radius:99px;background:var(--raised);color:var(--soft);border:1px solid var(--line);white-space:nowrap}
.pill.good{background:var(--good-bg);color:var(--good);border-color:transparent}
.pill.bad{background:var(--bad-bg);color:var(--bad);border-color:transparent}
.pill.warn{background:var(--warn-bg);color:var(--warn);border-color:transparent}
.diff{list-style:none;margin:.4rem 0;padding:0;font:.86rem/1.6 var(--mono);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.diff li{padding:.05rem .8rem .05rem 2rem;position:relative;white-space:pre-wrap}
.diff li::before{content:attr(data-sign);position:absolute;left:.8rem}
.diff .plus{background:var(--good-bg);color:var(--good)}
.diff .minus{background:var(--bad-bg);color:var(--bad)}
.diff.columns{columns:19rem;column-gap:0}
.diff.columns li{break-inside:avoid}
.people{margin:.3rem 0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.3rem .4rem;font-size:.9rem}
div.low{max-height:17rem;padding:.5rem .8rem;box-shadow:none}
.people li{background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:.02rem .5rem}
.moves{margin:.3rem 0;padding:0;list-style:none;font-size:.92rem}
.moves li{display:grid;grid-template-columns:minmax(10rem,17rem) 1fr;gap:1rem;padding:.18rem 0;border-top:1px solid var(--line)}
.moves li:first-child{border-top:0}
@media (max-width:44rem){.moves li{grid-template-columns:1fr;gap:0}}
.arrow{color:var(--soft);padding:0 .35rem}
.controls{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center;margin:.4rem 0 .8rem;font-size:.9rem}
.controls label{display:flex;gap:.45rem;align-items:center;color:var(--soft)}
.controls input[type=search],.controls select{font:inherit;color:var(--ink);background:var(--panel);border:1px solid color-mix(in srgb,var(--soft) 55%,var(--line));border-radius:8px;padding:.34rem .65rem;min-width:9rem}

.inside>h3:first-child{margin-top:.8rem}
.controls .search input{width:16rem;max-width:100%}
.controls input::placeholder{color:var(--soft);opacity:1}
.controls input[type=checkbox]{width:1.05rem;height:1.05rem;accent-color:var(--accent)}
.controls .check{color:var(--ink)}
.controls output{color:var(--soft);margin-left:auto}
button{font:inherit;font-size:.9rem;color:var(--ink);background:var(--panel);border:1px solid color-mix(in srgb,var(--soft) 55%,var(--line));border-radius:8px;padding:.34rem .85rem;cursor:pointer}
button:hover{background:var(--raised)}
.more{margin:.7rem 0}
.scroll{overflow:auto;border:1px solid var(--line);border-radius:12px;background:var(--panel);max-height:36rem;box-shadow:var(--shadow)}
table.rows{border-collapse:separate;border-spacing:0;width:100%;font-size:.92rem}
.rows th,.rows td{text-align:left;padding:.42rem 1rem;vertical-align:top;border-bottom:1px solid var(--line)}
.rows tbody tr:last-child td{border-bottom:0}
.rows td{overflow-wrap:break-word}
.rows thead th{white-space:nowrap;position:sticky;top:0;background:var(--raised);color:var(--soft);font-weight:560;font-size:.83rem;z-index:1}
.rows .number{text-align:right;font-variant-numeric:tabular-nums}
.rows tbody tr:hover{background:var(--raised)}
.rows code{overflow-wrap:break-word}
.rows td>bdi{display:block;min-width:8rem;overflow-wrap:anywhere}
.body>summary{cursor:pointer}
.body pre{min-width:20rem}
.flow{display:block;width:100%;height:auto;margin:0 0 1rem;background:var(--panel);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shadow)}
.flow text{fill:var(--ink);font-size:13px}
.flow .count{fill:var(--soft)}
.flow rect{fill:var(--soft)}
.flow path{fill:var(--accent);opacity:.26}
.flow path:hover{opacity:.6}
.notes{margin:.3rem 0;padding:0;list-style:none}
.notes li{padding:.45rem 0;border-top:1px solid var(--line)}
.notes li:first-child{border-top:0}
`;
