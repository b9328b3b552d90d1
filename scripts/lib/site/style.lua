-- Owns: the style that the pages of a site add to that of single pages. Callers: site.
return [[
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.16em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:.2rem}
main{padding-top:clamp(1.25rem,3vw,2.25rem)}
.jump{position:absolute;left:-99rem;top:0;background:var(--sheet);padding:.5rem 1rem;z-index:9}
.jump:focus{left:0}
.bar{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;justify-content:space-between;
background:var(--sheet);border-bottom:1px solid var(--line);padding:.6rem max(clamp(1rem,4vw,2rem),calc((100vw - 66rem)/2 + 2rem))}
.trail{font-size:.92rem;color:var(--soft);min-width:0}
.trail a{text-decoration:none;font-weight:600}
.trail .sep{padding:0 .2rem}
.search{position:relative;flex:1 1 17rem;max-width:26rem}
.search input{width:100%;font:inherit;font-size:1rem;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.5rem;
padding:.45rem 2.2rem .45rem .8rem;appearance:none}
.search input::-webkit-search-cancel-button{display:none}
.search input::placeholder{color:var(--soft);opacity:1}
kbd{position:absolute;right:.6rem;top:.55rem;font-family:inherit;font-size:.8rem;line-height:1.3;color:var(--soft);
border:1px solid var(--line);border-radius:.25rem;padding:0 .4rem;pointer-events:none}
.results{position:absolute;left:0;right:0;top:calc(100% + .35rem);background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;
box-shadow:0 12px 32px rgb(0 0 0/.18);max-height:min(70vh,32rem);overflow-y:auto;padding:.3rem}
.results a{display:grid;grid-template-columns:minmax(3.6rem,max-content) 1fr;gap:.1rem .8rem;
padding:.5rem .7rem;border-radius:.4rem;color:inherit;text-decoration:none}
.results a:hover,.results a:focus{background:var(--wash)}
.results b{font-variant-numeric:tabular-nums;color:var(--accent)}
.results small{grid-column:2;color:var(--soft)}
.results p{margin:0;padding:.6rem .7rem;color:var(--soft)}
h1 .what{display:block;font-size:.5em;line-height:1.25;letter-spacing:-.005em;margin-top:.35rem}
h1{--size:clamp(1.9rem,5vw,2.9rem);font-size:var(--size)}
h1.num{color:var(--tone,inherit)}
h1.num .what{color:var(--ink)}
h2{margin:2.25rem 0 .7rem}
h3{margin:1.5rem 0 .15rem;font-size:1.05rem}
h3 a{text-decoration:none}
h3+p{margin-bottom:.6rem}
.card .code a{text-decoration:none;color:var(--tone,inherit)}
.three{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:1rem;margin:1.5rem 0 0}
.three section{background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.2rem;box-shadow:var(--shadow)}
.three h2{margin:0 0 .4rem;font-size:1rem;color:var(--soft)}
.three p{margin:0}
.three .do{border-top:4px solid var(--accent)}
.answers{display:flex;flex-wrap:wrap;gap:.4rem 2rem;margin:1rem 0 0;padding:0;list-style:none}
.answers li{margin:0}
.answers b{color:var(--soft);font-weight:600;font-size:.9rem;margin-right:.4rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr));gap:.6rem;list-style:none;padding:0}
.grid li{margin:0;max-width:none}
.grid a{display:block;height:100%;background:var(--sheet);border:1px solid var(--line);border-left:4px solid var(--tone,var(--line));
border-radius:.5rem;padding:.55rem .8rem;text-decoration:none;color:inherit}
.grid .rare b{font-weight:500}.grid .rare a{border-left-color:var(--line)}
.grid a:hover{border-color:var(--accent)}
.grid b{display:block;font-size:1.1rem;font-variant-numeric:tabular-nums}
.grid span{color:var(--soft);font-size:.92rem}
.chips{display:flex;flex-wrap:wrap;gap:.45rem;list-style:none;padding:0}
.chips li{margin:0}
.chips a{display:block;background:var(--sheet);border:1px solid var(--line);border-radius:1.2rem;padding:.25rem .8rem;
text-decoration:none;font-variant-numeric:tabular-nums}
.chips a:hover{border-color:var(--accent)}
.turn{display:flex;justify-content:space-between;gap:1rem;margin-top:2.5rem}
.turn a{text-decoration:none;font-weight:600}
.turn .next{margin-left:auto}
.phrase{background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.2rem;margin:0 0 1rem;scroll-margin-top:5rem}
.phrase:target{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.phrase h2{margin:0 0 .4rem;font-size:1rem;overflow-wrap:anywhere}
.phrase p{margin:0 0 .4rem}
.phrase .quiet{font-size:.92rem;margin:0}
.lede a{color:inherit}
.small{display:none}
@media (max-width:40rem){.small{display:inline}.grid{grid-template-columns:repeat(auto-fill,minmax(min(100%,9rem),1fr))}
.bar{padding:.6rem 1rem}.search{max-width:none;flex-basis:100%}kbd{display:none}.search input{padding-right:.8rem}}
@media print{.bar,.jump,.turn,.chips{display:none}a{color:inherit;text-decoration:none}.three{display:block}
.three section,.phrase{break-inside:avoid;margin-bottom:.6rem}}
]]
