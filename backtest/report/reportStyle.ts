/** The page's only style sheet: light, dark and print; one column on a phone. Tones are sRGB triples. */
export const REPORT_STYLE = `
:root{color-scheme:light;--paper:#faf9f6;--card:#fff;--ink:#1d1b18;--soft:#645e55;--line:#e4dfd5;--gold:#84610d;--main:132 97 13;--up:15 107 87;--down:168 58 22;--short:74 92 140}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#141312;--card:#1d1b19;--ink:#ece7df;--soft:#a8a094;--line:#34302b;--gold:#e0b64a;--main:224 182 74;--up:92 200 168;--down:240 144 108;--short:160 178 222}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:74rem;margin:0 auto;padding:2.25rem 1.25rem 4rem}
h1,h2,h3,.lead,caption{font-family:Georgia,"Times New Roman","DejaVu Serif",serif}
.brand{margin:0;color:var(--soft);font-size:.85rem}
h1{margin:.15rem 0 0;font-weight:600;font-size:2.1rem;line-height:1.2;letter-spacing:-.01em}
h2{margin:3rem 0 .8rem;padding-top:.9rem;border-top:1px solid var(--line);font-weight:600;font-size:1.35rem;line-height:1.3}
h3{margin:1.4rem 0 .5rem;font-weight:600;font-size:1.02rem}
p{margin:.4rem 0}
.top{display:grid;grid-template-columns:1.15fr 1fr;gap:.5rem 2.5rem;align-items:start}
.lead{margin:.9rem 0 .6rem;font-size:1.3rem;line-height:1.4}
.details{color:var(--soft)}
.top h2{margin:1rem 0 .3rem;padding:0;border:0;font-size:1rem}
.costs{margin:0;padding:0;list-style:none;color:var(--soft);font-size:.92rem}.costs li{margin:.2rem 0}.costs b{color:var(--ink);font-weight:500}
.luck{margin:1rem 0 0;padding:.7rem 1rem;background:var(--card);border:1px solid var(--line);border-left:4px solid var(--gold);border-radius:.4rem}
.top .luck h2{margin:0}
.luck p{margin:.25rem 0 0}
a{color:var(--gold);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--gold);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem .95rem;margin:1.4rem 0 0;padding:0;list-style:none;font-size:.88rem}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
.tiles{display:grid;gap:.75rem;grid-template-columns:repeat(6,1fr);margin:1.5rem 0 0}
.tiles div{padding:.75rem .9rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
.tiles dt{color:var(--soft);font-size:.82rem}
.tiles dd{margin:0}
.tiles .value{font-size:1.35rem;font-weight:600;line-height:1.35;font-variant-numeric:tabular-nums;white-space:nowrap}
.tiles .aside{color:var(--soft);font-size:.78rem;line-height:1.35}
.chart,.panelled{margin:0 0 1rem;padding:.9rem 1.1rem .8rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
.readout,.legend{display:flex;flex-wrap:wrap;gap:.15rem 1.3rem;margin:0 0 .7rem;font-size:.86rem;font-variant-numeric:tabular-nums}
.readout time{min-width:9.5rem;color:var(--soft)}
.readout b{display:inline-block;font-weight:600}
.key{display:inline-flex;align-items:center;gap:.4rem}
.swatch{flex:none;overflow:visible}
.panel{display:grid;grid-template-columns:3.4rem 1fr;margin-top:.8rem}.panel+.panel{margin-top:1.7rem}
.panel .y{position:relative;font-size:.74rem;color:var(--soft);font-variant-numeric:tabular-nums}
.panel .y span{position:absolute;right:.55rem;transform:translateY(50%);line-height:1;white-space:nowrap}
.plot{position:relative;min-width:0}
.plot>svg{display:block;width:100%;height:100%;overflow:visible}
.plot svg svg{overflow:visible}
.tall .plot{height:18rem}.middle .plot{height:11rem}.low .plot{height:7rem}
.x{position:relative;height:1.4rem;margin-left:3.4rem;font-size:.74rem;color:var(--soft);font-variant-numeric:tabular-nums}
.x .tick{position:absolute;top:.45rem;transform:translateX(-50%);line-height:1;white-space:nowrap}
.x .tick.first{transform:translateX(-10%)}.x .tick.last{transform:translateX(-90%)}
figcaption,.note{margin-top:.5rem;color:var(--soft);font-size:.84rem}
.grid line{stroke:var(--line);stroke-width:1}
.line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.line.main,.line.best{stroke:rgb(var(--main));stroke-width:1.9}
.line.benchmark{stroke:var(--soft);stroke-width:1.4;stroke-dasharray:5 4;stroke-linecap:butt}
.line.luck{stroke:var(--ink);stroke-width:1.4;stroke-dasharray:2 4;stroke-linecap:butt}
.line.price{stroke:var(--soft);stroke-width:1.3}
.line.drawdown{stroke:rgb(var(--down));stroke-width:1.2}
.line.zero{stroke:var(--soft);stroke-width:1}
.line.mean{stroke:var(--ink);stroke-width:1.4;stroke-dasharray:5 4;stroke-linecap:butt}
.area.drawdown{fill:rgb(var(--down)/.2)}
.area.long{fill:rgb(var(--main)/.75)}
.area.short{fill:rgb(var(--short)/.75)}
.band{fill:var(--soft);opacity:.2}
.bar.up{fill:rgb(var(--up)/.8)}.bar.down{fill:rgb(var(--down)/.8)}
.trip{fill:none;stroke-width:1.2;opacity:.75;vector-effect:non-scaling-stroke}
.trip.won{stroke:rgb(var(--up))}.trip.lost{stroke:rgb(var(--down));stroke-dasharray:3 2}
.mark{stroke:var(--card);stroke-width:1}
.marks.many use{transform:scale(.75)}
.mark.entry{fill:rgb(var(--main))}
.mark.won{fill:var(--card);stroke:rgb(var(--up));stroke-width:2}
.mark.lost{fill:none;stroke:rgb(var(--down));stroke-width:2}
.mark.this{fill:var(--ink);stroke:var(--card);stroke-width:1.5}
.dots{fill:none;stroke:rgb(var(--short)/.75);stroke-width:5;stroke-linecap:round;vector-effect:non-scaling-stroke}.dots.many{stroke-width:3}
.shapes{position:absolute;width:0;height:0}
.hit{position:absolute;inset:0;cursor:crosshair;touch-action:pan-y}
.cross{position:absolute;top:0;bottom:0;width:0;border-left:1px solid var(--ink);opacity:.55}
.two{display:grid;gap:0 1.5rem;grid-template-columns:1fr 1fr}
.two>*{min-width:0}.two h3{margin-top:.2rem}
table{border-collapse:collapse;font-size:.88rem}thead th{overflow-wrap:normal}
caption{padding:0 0 .5rem;text-align:left;font-weight:600;font-size:.98rem}
.months caption,.trades caption,.map caption{color:var(--soft);font:.84rem/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
th,td{padding:.36rem .6rem;border-top:1px solid var(--line);text-align:left;vertical-align:top}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.8rem}
th.num,td.num{text-align:right}
td.num,th.num{font-variant-numeric:tabular-nums;white-space:nowrap}
tbody th{font-weight:500}
.whole{white-space:nowrap}
.gain{color:rgb(var(--up))}.loss{color:rgb(var(--down))}
.groups{columns:2;column-gap:1.5rem}
.figures{width:100%;margin-bottom:1.5rem;break-inside:avoid}
.figures thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
.figures{table-layout:fixed}.figures .name{width:31%}.figures .value{width:28%}.figures th{padding-left:0}
.convention{color:var(--soft);font-size:.8rem}
.list{width:100%;margin:1.2rem 0}.list code,.list .time{white-space:nowrap}
.scroll{overflow:auto;max-height:29.3rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
.trades{width:100%}
.trades caption,.map caption{padding:.7rem .6rem .5rem}
.scroll caption span{display:inline-block;position:sticky;left:.6rem;max-width:calc(100vw - 3.4rem)}
.trades thead th{position:sticky;top:0;background:var(--card);box-shadow:0 1px var(--line)}
.trades td,.trades th{white-space:nowrap}
.skipped{color:var(--soft);font-style:italic;text-align:center}
.up1,.up2,.up3,.up4{--tone:var(--up)}.down1,.down2,.down3,.down4{--tone:var(--down)}
.up1,.down1{--alpha:.13}.up2,.down2{--alpha:.24}.up3,.down3{--alpha:.35}.up4,.down4{--alpha:.46}
td[class^=up],td[class^=down],i.shade{background:rgb(var(--tone)/var(--alpha))}
path.shade{fill:rgb(var(--tone)/calc(var(--alpha)*1.9))}
.drawn i.shade{background:rgb(var(--tone)/calc(var(--alpha)*1.9))}
i.shade{width:1.1rem;height:.8rem;border:1px solid var(--line);border-radius:.15rem}
i.shade.flat{background:none}
.drawn i[class*=down]{width:.7rem;height:.5rem}
.months{width:100%;table-layout:fixed;border-collapse:separate;border-spacing:2px}
.months th,.months td{padding:.42rem .2rem;border:0;text-align:center;font-variant-numeric:tabular-nums}
.months tbody th,.months thead th:first-child{text-align:left;padding-left:0}
.months td{border-radius:.2rem}
.months .total{font-weight:600}
.none{color:var(--soft)}
.map{width:100%;border-collapse:separate;border-spacing:2px;padding:0 .4rem .4rem}
.beside{display:grid;grid-template-columns:2fr 1fr;gap:0 2rem;align-items:start}.beside>*{min-width:0}.beside .legend{margin-top:.6rem}.beside .list{margin-top:0}
.map th,.map td{padding:.35rem .55rem;border:0;text-align:center;font-variant-numeric:tabular-nums;white-space:nowrap}
.map tbody th,.map thead th:first-child{width:1%;text-align:right}
.list th:first-child,.list td:first-child{padding-left:0}
.chosen{outline:2px solid var(--ink);outline-offset:-1px}
rect.chosen{fill:none;stroke:var(--ink);stroke-width:2;outline:0}
.this{font-weight:600}
.topics{columns:2;column-gap:2.5rem}
.topics section{break-inside:avoid;margin-bottom:1.2rem}
.topics h3{margin-top:0}
dl{margin:0}
.topics div,.hashes div{display:grid;grid-template-columns:10rem 1fr;gap:.1rem 1rem;padding:.34rem 0;border-top:1px solid var(--line);font-size:.9rem}
.topics dt,.hashes dt{color:var(--soft)}
.topics dd,.hashes dd{margin:0}
.empty{padding:1rem;color:var(--soft);background:var(--card);border:1px dashed var(--line);border-radius:.5rem}
footer{margin-top:3rem;padding-top:.9rem;border-top:1px solid var(--line);color:var(--soft);font-size:.84rem}
@media screen and (max-width:70rem){.groups{columns:1}.figures .value{width:20%}}
@media screen and (max-width:64rem){.tiles{grid-template-columns:repeat(3,1fr)}}
@media screen and (max-width:46rem){
main{padding:1.25rem .9rem 3rem}
h1{font-size:1.7rem}.lead{font-size:1.12rem}
h2{margin-top:2.2rem}
.tiles{grid-template-columns:1fr 1fr;gap:.6rem}
.tiles .value{font-size:1.2rem}
.two,.top,.beside{grid-template-columns:1fr}.beside .list{margin-top:1rem}.groups,.topics{columns:1}
.chart{padding:.8rem .7rem .7rem}
.panel{grid-template-columns:2.9rem 1fr}.x{margin-left:2.9rem}
.panel .y span{right:.4rem}
.tall .plot{height:13rem}.middle .plot{height:9rem}.low .plot{height:5.5rem}
.x .minor,.list .clock{display:none}.trades .clock{display:block;color:var(--soft);font-size:.8rem}.marks use{transform:scale(.7)}.marks.many use{transform:scale(.55)}
.list th,.list td{padding:.36rem .35rem}
.figures,.figures caption,.figures tbody{display:block}.figures colgroup{display:none}
.figures tr{display:grid;grid-template-columns:1fr auto;gap:0 .8rem;padding:.4rem 0;border-top:1px solid var(--line)}
.figures th,.figures td{display:block;width:auto;padding:0;border:0}
.figures .convention{grid-column:1/-1}
.months thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
.months,.months tbody{display:block}
.months caption{display:block}
.months tr{display:grid;grid-template-columns:repeat(6,1fr);gap:2px;margin-bottom:.7rem}
.months tbody th{grid-column:1/4;grid-row:1}
.months td.total{grid-column:4/7;grid-row:1;text-align:right}
.months td{display:block;padding:.25rem 0}
.months td::before{content:attr(data-month);display:block;font-size:.68rem;line-height:1.2}
.months td.total::before{content:"Total ";display:inline;font-size:.8rem;font-weight:400}
.topics div,.hashes div{grid-template-columns:1fr}
}
@media screen and (max-width:23rem){.list code,.list .time,.whole{white-space:normal}.tiles .value{font-size:1.05rem}}
@media print{
:root{--paper:#fff}
html{font-size:10.5px}main{max-width:none;padding:0}
nav,.note a,.hit{display:none}
.scroll{max-height:none;overflow:visible;border:0}.scroll td,.scroll th{padding:.2rem .35rem}
.trades thead th{position:static}
h2{break-after:avoid}.chart,.luck,.tiles,tr{break-inside:avoid}
.tall .plot{height:14rem}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`
