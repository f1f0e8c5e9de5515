/** The matrix: sticky heads on both sides, marks that need no colour to be told apart. */
export const MATRIX_STYLES = `
.matrix{max-height:min(80vh,52rem)}
#m-table{border-collapse:separate;border-spacing:0;font-size:.86rem;table-layout:fixed}
#m-table col{width:2rem}
#m-table col:first-child{width:21rem}
#m-table caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
#m-table th{font-weight:450;text-align:left}
#m-table thead th{position:sticky;top:0;z-index:2;background:var(--panel);border-bottom:1px solid var(--line);vertical-align:bottom;padding:.5rem 0}
#m-table thead th span{display:block;writing-mode:vertical-rl;transform:rotate(180deg);max-height:12rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;margin:0 auto;line-height:2rem}
#m-table thead small{color:var(--soft)}
#m-table thead .corner{left:0;z-index:3;padding:.5rem 1rem;color:var(--soft)}
#m-table tbody th{position:sticky;left:0;z-index:1;background:var(--panel);padding:.2rem 1rem;border-right:1px solid var(--line);line-height:1.35}
#m-table tbody th small{display:block;color:var(--soft);font-size:.92em}
#m-table tbody th em{font-style:normal;font-size:.78rem;color:var(--bad);background:var(--bad-bg);border-radius:99px;padding:.05rem .45rem;margin-left:.4rem;white-space:nowrap}
#m-table td{text-align:center;padding:0;height:1.9rem;font-size:0;border-bottom:1px solid color-mix(in srgb,var(--line) 60%,transparent);border-right:1px solid color-mix(in srgb,var(--line) 45%,transparent)}
#m-table tbody tr:not(.group) th{border-bottom:1px solid color-mix(in srgb,var(--line) 60%,transparent)}
#m-table .group th,#m-table .group td{background:var(--raised);height:auto;border-right:0;color:var(--soft);font-size:.76rem;letter-spacing:.05em;padding-top:.45rem;padding-bottom:.3rem}
#m-table tbody tr:hover td:not([colspan]),#m-table col.lit{background:color-mix(in srgb,var(--accent) 9%,transparent)}
#m-table td::before,.key::before{font:1rem/1 var(--mono)}
#m-table td.h::before,.key.h::before{content:"\\25CF";content:"\\25CF"/"";color:var(--soft);font-size:.7rem}
#m-table td.a,.key.a{background:var(--good-bg)}
#m-table td.a::before,.key.a::before{content:"+";content:"+"/"";color:var(--good);font-weight:800}
#m-table td.r,.key.r{background:var(--bad-bg)}
#m-table td.r::before,.key.r::before{content:"\\2212";content:"\\2212"/"";color:var(--bad);font-weight:800}
.under{display:flex;flex-wrap:wrap;gap:.3rem 2rem;justify-content:space-between;align-items:center;margin:0 0 .7rem}
.legend{display:flex;gap:1.3rem;list-style:none;margin:0;padding:0;font-size:.88rem;color:var(--soft)}
.legend li{display:flex;gap:.5rem;align-items:center}
.key{display:inline-grid;place-items:center;width:1.5rem;height:1.5rem;border-radius:5px;border:1px solid var(--line);font-style:normal}
.readout{font:.86rem/1.5 var(--mono);color:var(--soft);margin:0;max-width:none}
@media (max-width:44rem){#m-table col:first-child{width:11rem}}
@media print{#m-table{font-size:7pt}#m-table thead th,#m-table tbody th{position:static}#m-table td.a,#m-table td.r{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
