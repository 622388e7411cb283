<#ftl output_format="HTML" auto_esc=true>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>
:root {
  --paper: #fff; --sheet: #f6f7f9; --ink: #1b2430; --soft: #576374; --line: #d9dee6;
  --good: #14713d; --good-soft: #e4f4ea; --warn: #8a5300; --warn-soft: #fdf1dd;
  --bad: #b3201d; --bad-soft: #fce8e7; --busy: #1f5fa8; --busy-soft: #e5effa;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12171e; --sheet: #1a212b; --ink: #e3e8ef; --soft: #9aa7b8; --line: #303a48;
    --good: #59cf8d; --good-soft: #14301f; --warn: #f0b153; --warn-soft: #33260f;
    --bad: #ff8a80; --bad-soft: #3a1a19; --busy: #7db7f5; --busy-soft: #152a42;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, header { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.1rem; margin: 2.4rem 0 .7rem; }
p { margin: .35rem 0; }
code, .mono { font-family: var(--mono); font-size: .86rem; }
.text, .mono, dd { overflow-wrap: anywhere; }
.text { white-space: pre-wrap; }
.soft { color: var(--soft); }
.code { font: .8rem var(--mono); color: var(--soft); white-space: nowrap; }
.good { --tone: var(--good); --tone-soft: var(--good-soft); }
.warn { --tone: var(--warn); --tone-soft: var(--warn-soft); }
.bad { --tone: var(--bad); --tone-soft: var(--bad-soft); }
.plain { --tone: var(--soft); --tone-soft: var(--sheet); }
.outcome { background: var(--tone-soft); border-bottom: 3px solid var(--tone); padding: 2rem 0 1.6rem; }
.outcome .verdict { display: flex; gap: 1rem; align-items: flex-start; }
.outcome .symbol { flex: none; width: 3rem; height: 3rem; border-radius: 50%; background: var(--tone); color: var(--paper); font-size: 1.7rem; font-weight: 700; line-height: 3rem; text-align: center; }
.outcome h1 { color: var(--tone); }
.about { display: flex; flex-wrap: wrap; gap: .5rem 1.6rem; margin: 1.4rem 0 0; }
.about div { min-width: 0; }
dt { font-size: .8rem; color: var(--soft); }
dd { margin: 0; }
.tally { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1.4rem 0 0; padding: 0; list-style: none; }
.tally li { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: .35rem .9rem; }
.tally b { font-size: 1.25rem; font-variant-numeric: tabular-nums; color: var(--tone); }
.finding { border: 1px solid var(--line); border-left: 5px solid var(--tone); border-radius: 8px; margin: .9rem 0; padding: .8rem 1.1rem .9rem; }
.finding header { display: flex; gap: .3rem 1rem; justify-content: space-between; align-items: baseline; flex-wrap: wrap; max-width: none; margin: 0; padding: 0; }
.finding h3 { font-size: 1.02rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; flex: 1 1 20rem; }
.finding .code { background: var(--tone-soft); color: var(--tone); border-radius: 999px; padding: .1rem .65rem; }
.seen { margin: .6rem 0 0; font-size: .92rem; display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .25rem 1rem; }
.seen dt { font-size: inherit; overflow-wrap: anywhere; }
.remedy { background: var(--sheet); border-radius: 6px; margin: .8rem 0 0; padding: .55rem .8rem; }
.remedy b { display: block; font-size: .8rem; color: var(--soft); }
.list { list-style: none; margin: 0; padding: 0; }
.list > li { border-bottom: 1px solid var(--line); padding: .6rem 0; display: grid; grid-template-columns: 1.3rem minmax(9rem, 14rem) 1fr; gap: 0 .7rem; }
.list .mark { color: var(--tone); font-weight: 700; }
.list .code { white-space: normal; overflow-wrap: anywhere; padding-top: .2rem; }
.list .from { color: var(--soft); font-size: .84rem; overflow-wrap: anywhere; }
footer { margin: 2.5rem 0 2rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 40rem) {
  h1 { font-size: 1.5rem; }
  .outcome { padding: 1.3rem 0 1.2rem; }
  .outcome .symbol { width: 2.4rem; height: 2.4rem; line-height: 2.4rem; font-size: 1.35rem; }
  .tally { display: grid; grid-template-columns: 1fr 1fr; }
  .about { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem 1rem; }
  .finding { padding: .7rem .85rem .8rem; }
  .finding h3 { flex-basis: 100%; }
  .seen { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .seen dd { margin-bottom: .45rem; }
  .list > li { grid-template-columns: 1.3rem minmax(0, 1fr); }
  .list .what { grid-column: 2; }
}
@media print {
  @page { size: A4; margin: 16mm 14mm; }
  :root { --paper: #fff; --sheet: #f6f7f9; --ink: #000; --soft: #444; --line: #bbb; --good: #0f5c31; --warn: #7a4a00; --bad: #9c1714; --busy: #1f5fa8; --good-soft: #fff; --warn-soft: #fff; --bad-soft: #fff; --busy-soft: #fff; }
  body { font-size: 10pt; }
  main, header { max-width: none; padding: 0; }
  .outcome { padding: 0 0 1rem; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2 { break-after: avoid; margin-top: 1.4rem; }
  .finding, .list > li, .tally li { break-inside: avoid; }
}
</style>
</head>
<body>
<div class="outcome ${tone}">
<header>
<div class="verdict"><div class="symbol" aria-hidden="true">${symbol}</div>
<div><h1>${word}</h1><p>${meaning}</p></div></div>
<dl class="about"><div><dt>Examined</dt><dd class="mono">${examined}</dd></div>
<#list about as name, value><div><dt>${name}</dt><dd class="mono">${value}</dd></div>
</#list></dl>
<ul class="tally">
<#list tally as kind><li class="${kind.tone}"><b>${kind.count}</b> ${kind.name}</li>
</#list></ul>
</header>
</div>
<main>
<#macro findings title checks tone>
<#if checks?has_content><section><h2>${title}</h2>
<#list checks as check><article class="finding ${tone}" id="${check.id}">
<header><h3>${check.summary}</h3><span class="code">${check.id}</span></header>
<dl class="seen">
<#list check.evidence as sign><dt>${sign.source}</dt><dd>${sign.detail}</dd>
</#list></dl>
<#if check.remedy?has_content><div class="remedy"><b>What to do</b><code class="text">${check.remedy}</code></div></#if>
</article>
</#list></section></#if>
</#macro>
<@findings title="Stands in the way" checks=failed tone="bad"/>
<@findings title="To know of" checks=warned tone="warn"/>
<#if passed?has_content><section><h2>Passed</h2>
<ul class="list">
<#list passed as check><li class="good" id="${check.id}"><span class="mark" aria-hidden="true">✓</span><span class="code">${check.id}</span>
<div class="what">${check.summary}<#list check.evidence as sign><div class="from">${sign.source}: ${sign.detail}</div></#list></div></li>
</#list></ul></section></#if>
<#if skipped?has_content><section><h2>Not looked at</h2>
<ul class="list">
<#list skipped as check><li class="plain" id="${check.id}"><span class="mark" aria-hidden="true">–</span><span class="code">${check.id}</span>
<div class="what">${check.summary}</div></li>
</#list></ul></section></#if>
<footer>A promotion check reads and changes nothing. It says what was seen at that time: check again right before you promote.</footer>
</main>
</body>
</html>
