-- Owns the frame of an HTML page: one file that needs nothing else, light and dark, for desk and telephone.
-- Callers: the HTML pages of cards and comparisons.
local html = {}

local css = [[
:root{color-scheme:light dark;
--paper:#f6f5f1;--sheet:#fff;--ink:#1c2126;--soft:#5b646e;--line:#e2dfd6;--accent:#0b6e75;--wash:#eef4f3;
--good:#1d7a46;--good-wash:#e4f3e9;--warn:#8a5a00;--warn-wash:#fbf0d6;--bad:#b3261e;--bad-wash:#fbe6e3;
--shadow:0 1px 2px rgb(28 33 38/.06),0 8px 24px rgb(28 33 38/.06)}
@media (prefers-color-scheme:dark){:root{
--paper:#12161a;--sheet:#1a2026;--ink:#e6e9ec;--soft:#9aa5b1;--line:#2d353e;--accent:#5fc7cd;--wash:#18282b;
--good:#74d39a;--good-wash:#17301f;--warn:#f0be5c;--warn-wash:#35290f;--bad:#ff9d92;--bad-wash:#3c1d1a;--shadow:none}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.55;
font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
main{max-width:66rem;margin:0 auto;padding:clamp(1.25rem,4vw,3.5rem) clamp(1rem,4vw,2rem) 2rem}
h1{font-size:clamp(2rem,6vw,3.25rem);line-height:1.05;letter-spacing:-.02em;margin:0 0 .6rem;font-weight:700;
font-variant-numeric:tabular-nums}
h1 .vs{color:var(--soft);font-weight:400;font-size:.6em;padding:0 .12em}
h2{font-size:1.2rem;line-height:1.3;margin:2.75rem 0 .9rem;letter-spacing:-.005em}
p{margin:0 0 .8rem;max-width:46rem}
.lede{font-size:clamp(1.1rem,2.4vw,1.35rem);line-height:1.4;font-weight:600;color:var(--accent);margin-bottom:.6rem}
.quiet{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,15rem),1fr));gap:1rem;margin:2rem 0 0}
.card{background:var(--sheet);border:1px solid var(--line);border-top:4px solid var(--tone,var(--accent));
border-radius:.6rem;padding:1.1rem 1.25rem 1.2rem;box-shadow:var(--shadow)}
.card .code{font-size:2.1rem;line-height:1.1;font-weight:700;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.card .name{margin:.15rem 0 .8rem;font-weight:600}
.pill{display:inline-block;border-radius:1rem;padding:.12rem .65rem;font-size:.84rem;font-weight:600;margin:0 .3rem .3rem 0;
background:var(--wash);color:var(--soft)}
.pill.tone{color:var(--tone);background:var(--tone-wash)}
.good{--tone:var(--good);--tone-wash:var(--good-wash)}
.warn{--tone:var(--warn);--tone-wash:var(--warn-wash)}
.bad{--tone:var(--bad);--tone-wash:var(--bad-wash)}
.sheet{background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;overflow-x:auto;box-shadow:var(--shadow)}
table{border-collapse:collapse;width:100%;text-align:left}
th,td{padding:.8rem 1.1rem;vertical-align:top;border-top:1px solid var(--line)}
thead th{border-top:0;background:var(--wash);font-size:.95rem;vertical-align:bottom}
thead th b{display:block;font-size:1.2rem;font-variant-numeric:tabular-nums}
thead th span{font-weight:400;color:var(--soft)}
tbody th{font-weight:600;color:var(--soft);font-size:.9rem;white-space:nowrap;width:1%;padding-top:.88rem}
tbody tr:first-child>*{border-top:0}
thead+tbody tr:first-child>*{border-top:1px solid var(--line)}
@media (min-width:40.01rem){.compare{table-layout:fixed;min-width:calc(10rem + var(--n,2)*12rem)}
.compare th:first-child{width:10rem}.compare td{overflow-wrap:anywhere}}
.dense th,.dense td{padding:.5rem 1.1rem}
td.num{white-space:nowrap;font-variant-numeric:tabular-nums}
code,.said{font-family:ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.88em}
pre{margin:0;padding:.8rem 1rem;overflow-x:auto;background:var(--sheet);border:1px solid var(--line);border-radius:.6rem}
pre+pre{margin-top:.5rem}
.callout{background:var(--wash);border-left:4px solid var(--accent);border-radius:.3rem .6rem .6rem .3rem;padding:1rem 1.25rem}
.callout p:last-child{margin:0}
.flag{color:var(--warn);background:var(--warn-wash);border-radius:.4rem;padding:.6rem .9rem}
.callout.bad,.callout.warn{border-color:var(--tone);background:var(--tone-wash)}
.callout h2{margin:0 0 .5rem;font-size:1rem}.callout pre{margin-top:.8rem}
.lede.good,.lede.warn,.lede.bad{color:var(--tone)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.6rem 0 0}
dt{color:var(--soft);font-size:.9rem}dd{margin:0;min-width:0;overflow-wrap:anywhere}
.steps>tbody>tr>td:first-child{width:1%;white-space:nowrap}.steps>tbody>tr>th{white-space:normal;color:var(--ink)}
@media (min-width:40.01rem){.steps>tbody>tr>th{width:26%}}
.steps .inner th{width:auto;white-space:normal;padding:.5rem 1.1rem;color:var(--ink)}
.steps .pill{margin:0}summary{color:var(--soft);cursor:pointer;font-size:.88rem}details .sheet,details pre{margin-top:.6rem}
.dense td.brief{white-space:nowrap}
.matrix tr.odd>*{background:var(--warn-wash);font-weight:600}
ul{padding-left:1.15rem;margin:0}
li{margin:0 0 .5rem;max-width:46rem}
.timeline{list-style:none;margin:0;padding:.6rem 1.1rem}.timeline svg{width:100%;height:.75rem}.timeline rect{fill:var(--tone,var(--line))}
.timeline li{display:grid;grid-template-columns:16rem 1fr 4.5rem;gap:0 1rem;align-items:center;max-width:none;margin:0;padding:.15rem 0;font-size:.9rem}
.timeline .quiet{text-align:right;font-variant-numeric:tabular-nums}
.skip{position:absolute;left:-99rem}
article+article{margin-top:4rem;padding-top:2rem;border-top:1px solid var(--line)}
footer{margin:3rem 0 0;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.88rem}
@media (max-width:40rem){
.stack thead{position:absolute;left:-99rem}
.stack,.stack tbody,.stack tr,.stack th,.stack td{display:block;width:auto;white-space:normal}
.stack tr{padding:.9rem 1.1rem;border-top:1px solid var(--line)}
.stack tr:first-child{border-top:0}
.stack th,.stack td,.stack tbody tr:first-child>*{border:0;padding:.1rem 0;min-width:0}
.stack th{padding-bottom:.25rem}
.stack td[data-of]{display:grid;grid-template-columns:minmax(3rem,max-content) 1fr;gap:.75rem;padding:.25rem 0}
.stack td[data-of]::before{content:attr(data-of);font-weight:700;font-variant-numeric:tabular-nums;
color:var(--tone,var(--accent))}
.stack td:empty{display:none}
.dense.stack td[data-of]{grid-template-columns:5rem 1fr}.dense.stack td:not([data-of]):first-child{font-weight:600}
.timeline li{grid-template-columns:1fr auto}.timeline svg{grid-row:2;grid-column:1/-1}
.matrix.stack tr.odd{background:var(--warn-wash)}
.stack td.side{display:inline-block;color:var(--soft);font-size:.9rem;margin-right:.9rem}
}
@media print{
:root{color-scheme:light;--paper:#fff;--sheet:#fff;--ink:#000;--soft:#444;--line:#bbb;--wash:#f4f4f4;--shadow:none}
main{padding:0;max-width:none}tr,.card{break-inside:avoid}}
]]

html.css = css -- for a site, whose pages share it

-- Text for between tags and for attributes.
function html.escape(s)
  return report.escape_html(tostring(s))
end

-- The page; `body` is HTML already.
function html.page(title, description, body)
  local safe = html.escape
  return table.concat {'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    '<meta name="color-scheme" content="light dark">\n<meta name="description" content="', safe(description), '">\n',
    "<title>", safe(title), "</title>\n<style>\n", css, "</style>\n</head>\n<body>\n<main>\n", body, "\n</main>\n</body>\n</html>\n"}
end

-- The coloured edge of a code; its class stands there in words too.
function html.tone(entry)
  local words = require "ehlo.words"
  return words.tone[words.class[entry.class]] or ""
end

function html.pills(entry)
  local out = {}
  for i, tag in ipairs(require("ehlo.view.card").tags(entry)) do
    out[i] = ('<span class="pill%s">%s</span>'):format(i == 1 and " tone" or "", html.escape(tag))
  end
  return table.concat(out)
end

function html.commands(list)
  local out = {}
  for i, command in ipairs(list) do
    out[i] = "<pre><code>" .. html.escape(command) .. "</code></pre>"
  end
  return table.concat(out, "\n")
end

return html
