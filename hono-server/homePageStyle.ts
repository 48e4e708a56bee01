/** The page's only style sheet: light and dark, one column on a phone. */
export const HOME_PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#faf9f6;--card:#fff;--ink:#1d1b18;--soft:#6b655c;--line:#e4dfd5;--gold:#8f6b12;--ok:#1f6b3a;--wait:#8a5a00;--bad:#a3271c}
@media (prefers-color-scheme:dark){:root{--paper:#141312;--card:#1d1b19;--ink:#ece7df;--soft:#a29a8e;--line:#34302b;--gold:#e0b64a;--ok:#6cc38a;--wait:#e0a94a;--bad:#f08a7e}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:66rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{margin:0;font:600 2rem/1.2 Georgia,"Times New Roman",serif;letter-spacing:-.01em}
h1 span{color:var(--gold)}
h2{margin:2.5rem 0 .75rem;font:600 1.15rem/1.3 Georgia,"Times New Roman",serif}
p{margin:.25rem 0 0;color:var(--soft)}
a{color:var(--gold);text-underline-offset:.15em}
a:focus-visible{outline:2px solid var(--gold);outline-offset:2px}
code,.num{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em;overflow-wrap:anywhere}
.num{font-variant-numeric:tabular-nums;white-space:nowrap}
.cards{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr))}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem}
.card h3{margin:0;display:flex;justify-content:space-between;gap:.5rem;font-size:1.05rem;overflow-wrap:anywhere}
.card dl{margin:.6rem 0 0;display:grid;grid-template-columns:auto 1fr;gap:.15rem .75rem;font-size:.92rem}
dt{color:var(--soft)}dd{margin:0;text-align:right;overflow-wrap:anywhere}
.table{background:var(--card);border:1px solid var(--line);border-radius:.6rem;overflow:hidden}
table{width:100%;border-collapse:collapse;font-size:.94rem}
th,td{padding:.5rem .8rem;text-align:left;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.82rem}
.badge{display:inline-block;white-space:nowrap;font-size:.8rem;font-weight:600}
.ok{color:var(--ok)}.wait{color:var(--wait)}.bad{color:var(--bad)}
.note{margin:.15rem 0 0;font-size:.86rem;overflow-wrap:anywhere}
ul{padding-left:1.1rem;margin:.25rem 0}
.empty{color:var(--soft);background:var(--card);border:1px dashed var(--line);border-radius:.6rem;padding:1rem;margin:0}
@media (max-width:42rem){main{padding-top:1.25rem}thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
tr{display:grid;grid-template-columns:1fr auto;padding:.6rem .9rem;border-top:1px solid var(--line);gap:.1rem .75rem}
tbody tr:first-child{border-top:0}td{display:block;border:0;padding:0}td.wide{grid-column:1/-1}}
`
