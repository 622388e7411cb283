<#ftl output_format="HTML" auto_esc=true>
<#macro problem of>
<div class="problem">
<p><strong>error:</strong> <span class="text">${of.message}</span><#if of.code?has_content> <span class="code">${of.code}</span></#if></p>
<#if of.detail?has_content><p><strong>DETAIL:</strong> <span class="text">${of.detail}</span></p></#if>
<#list of.hints as hint><p><strong>HINT:</strong> <span class="text">${hint}</span></p></#list>
</div>
</#macro>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: ${run}</title>
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
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .42rem .75rem .42rem 0; border-bottom: 1px solid var(--line); }
thead th { font-size: .8rem; font-weight: 600; color: var(--soft); }
tbody th { font-weight: 600; }
code, .mono, td.value { font-family: var(--mono); font-size: .86rem; }
.text, .mono, td, dd { overflow-wrap: anywhere; }
.legend .mono { white-space: nowrap; padding-right: 1.2rem; }
.text { white-space: pre-wrap; }
.soft { color: var(--soft); }
.code { font: .8rem var(--mono); color: var(--soft); white-space: nowrap; }
.good { --tone: var(--good); --tone-soft: var(--good-soft); }
.warn { --tone: var(--warn); --tone-soft: var(--warn-soft); }
.bad { --tone: var(--bad); --tone-soft: var(--bad-soft); }
.busy { --tone: var(--busy); --tone-soft: var(--busy-soft); }
.outcome { background: var(--tone-soft); border-bottom: 3px solid var(--tone); padding: 2rem 0 1.6rem; }
.outcome .verdict { display: flex; gap: 1rem; align-items: flex-start; }
.outcome .symbol { flex: none; width: 3rem; height: 3rem; border-radius: 50%; background: var(--tone); color: var(--paper); font-size: 1.7rem; font-weight: 700; line-height: 3rem; text-align: center; }
.outcome h1 { color: var(--tone); }
.outcome .meaning { font-size: 1.1rem; margin-top: .3rem; }
.about { display: flex; flex-wrap: wrap; gap: .5rem 1.6rem; margin: 1.4rem 0 0; }
.about div { min-width: 0; }
dt { font-size: .8rem; color: var(--soft); }
dd { margin: 0; }
.problem { border-left: 4px solid var(--bad); background: var(--bad-soft); padding: .5rem .9rem; margin: .8rem 0; border-radius: 0 6px 6px 0; }
.notes { list-style: none; padding: 0; margin: 0; }
.notes li { border-left: 4px solid var(--warn); background: var(--warn-soft); padding: .5rem .9rem; margin: .5rem 0; border-radius: 0 6px 6px 0; }
.tick { font-weight: 700; width: 1.6rem; padding-right: .3rem; }
.tick.holds { color: var(--good); }
.tick.fails { color: var(--bad); }
.ruler { position: relative; margin: .6rem .8rem 1rem; }
.ruler .track { position: absolute; left: 0; right: 0; bottom: .55rem; height: 3px; background: var(--line); border-radius: 2px; }
.ruler .mark { position: absolute; bottom: 0; width: 0; border-left: 1.5px solid var(--soft); }
.ruler .mark b { position: absolute; z-index: 1; top: -1.3rem; left: -.68rem; width: 1.36rem; height: 1.36rem; border-radius: 50%; background: var(--busy); color: var(--paper); font-size: .78rem; line-height: 1.36rem; text-align: center; }
.legend .number { width: 2.2rem; }
.legend .number b { display: inline-block; width: 1.36rem; height: 1.36rem; border-radius: 50%; background: var(--busy); color: var(--paper); font-size: .78rem; line-height: 1.36rem; text-align: center; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0; }
.figures div { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: .6rem .9rem; flex: 1 1 9rem; min-width: 0; }
.figures dd { font-weight: 600; }
.steps { list-style: none; padding: 0; margin: 0; }
.steps > li { padding: .75rem 0; border-bottom: 1px solid var(--line); }
.step { display: grid; grid-template-columns: 1.6rem minmax(10rem, 15rem) 1fr 7rem; gap: .2rem .6rem; align-items: center; }
.step .name { font-weight: 600; overflow-wrap: anywhere; }
.step .took { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.step .mark { font-weight: 700; text-align: center; color: var(--soft); }
.phases { margin-bottom: 1rem; }
.phases .share { vertical-align: middle; }
.phases .lane { display: block; position: relative; width: 9rem; height: .8rem; background: var(--sheet); border-radius: 4px; }
.phases .bar { position: absolute; top: 0; bottom: 0; border-radius: 4px; background: var(--good); }
.phases .number { text-align: right; white-space: nowrap; padding-right: 1rem; }
.findings li { border-left-color: var(--bad); background: var(--bad-soft); }
.step .lane { position: relative; height: .8rem; background: var(--sheet); border-radius: 4px; }
.step .bar { position: absolute; top: 0; bottom: 0; border-radius: 4px; background: var(--soft); }
.verified .mark { color: var(--good); }
.verified .bar { background: var(--good); }
.failed .mark { color: var(--bad); }
.failed .bar { background: var(--bad); }
.undone .mark { color: var(--warn); }
.undone .bar { background: var(--warn); }
.applying .bar, .applied .bar { background: var(--busy); }
.evidence { list-style: none; margin: .4rem 0 0 2.2rem; padding: 0; font-size: .92rem; }
.evidence li { padding: .12rem 0; }
.evidence .from { color: var(--soft); font-size: .84rem; }
.steps .problem { margin-left: 2.2rem; }
.facts { font-size: .92rem; }
.facts th { width: 16rem; font-weight: 400; color: var(--soft); overflow-wrap: anywhere; }
footer { margin: 2.5rem 0 2rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 40rem) {
  h1 { font-size: 1.5rem; }
  .outcome .symbol { width: 2.4rem; height: 2.4rem; line-height: 2.4rem; font-size: 1.35rem; }
  .proof thead, .facts thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .proof tr { display: grid; grid-template-columns: 1.6rem 1fr; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .proof td, .proof th { border: 0; padding: .05rem 0; grid-column: 2; }
  .proof .tick { grid-column: 1; grid-row: 1; }
  .facts tr, .facts td, .facts th { display: block; width: auto; }
  .facts th { border: 0; padding-bottom: 0; }
  .step { grid-template-columns: 1.6rem 1fr auto; }
  .step .lane { grid-column: 2 / 4; grid-row: 2; }
  .evidence, .steps .problem { margin-left: 2.2rem; }
}
@media print {
  @page { size: A4; margin: 16mm 14mm; }
  :root { --paper: #fff; --sheet: #f6f7f9; --ink: #000; --soft: #444; --line: #bbb; --good: #0f5c31; --warn: #7a4a00; --bad: #9c1714; --busy: #1f5fa8; --good-soft: #fff; --warn-soft: #fff; --bad-soft: #fff; --busy-soft: #fff; }
  body { font-size: 10pt; }
  main, header { max-width: none; padding: 0; }
  .outcome { padding: 0 0 1rem; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2 { break-after: avoid; margin-top: 1.4rem; }
  tr, .problem, .notes li, .step, .figures div, .evidence li, .ruler { break-inside: avoid; }
}
</style>
</head>
<body>
<div class="outcome ${tone}">
<header>
<div class="verdict">
<div class="symbol" aria-hidden="true">${symbol}</div>
<div>
<h1>${title}</h1>
<p class="meaning">${meaning}</p>
</div>
</div>
<dl class="about">
<div><dt>Run</dt><dd class="mono">${run}</dd></div>
<div><dt>Playbook</dt><dd>${playbook}</dd></div>
<#if target?has_content><div><dt>Target</dt><dd class="mono">${target}</dd></div></#if>
<div><dt>Started</dt><dd>${started}</dd></div>
<div><dt>Took</dt><dd>${took}</dd></div>
<div><dt>Exit code</dt><dd>${exitCode}</dd></div>
</dl>
</header>
</div>
<main>
<#if problems?has_content>
<section aria-labelledby="why">
<h2 id="why">What went wrong</h2>
<#list problems as one><@problem of=one/></#list>
</section>
</#if>
<#if proof?has_content>
<section aria-labelledby="proof">
<h2 id="proof">Proof</h2>
<table class="proof">
<thead><tr><th scope="col"><span class="soft" aria-label="holds"></span></th><th scope="col">What has to hold</th><th scope="col">What was seen</th><th scope="col">Where</th></tr></thead>
<tbody>
<#list proof as row>
<tr><td class="tick ${row.mark.kind?lower_case}"><span role="img" aria-label="${row.mark.words}">${row.mark.sign}</span></td><th scope="row">${row.part}</th><td class="mono">${row.claim}</td><td class="soft">${row.source}</td></tr>
</#list>
</tbody>
</table>
</section>
</#if>
<#if rehearsal?has_content>
<section aria-labelledby="rehearsal">
<h2 id="rehearsal">Rehearsal</h2>
<#if rehearsal.findings?has_content>
<ul class="notes findings">
<#list rehearsal.findings as finding>
<li><b class="mono">${finding.id}</b> <span class="text">${finding.summary}</span>
<#list finding.evidence as seen><div class="text soft mono">${seen}</div></#list></li>
</#list>
</ul>
<#elseif rehearsal.finished>
<p>Nothing wrong was found.</p>
</#if>
<#if rehearsal.phases?has_content>
<table class="phases">
<thead><tr><th scope="col">Phase</th><th scope="col">Took</th><th scope="col"><span class="soft" aria-label="in proportion"></span></th><th scope="col">What was measured</th></tr></thead>
<tbody>
<#list rehearsal.phases as phase>
<tr><th scope="row">${phase.name}</th><td class="number">${phase.took}</td><td class="share"><span class="lane" aria-hidden="true"><span class="bar" style="left: 0; width: ${phase.width}%"></span></span></td><td class="soft">${phase.meaning}</td></tr>
</#list>
</tbody>
</table>
</#if>
<#if rehearsal.figures?has_content>
<dl class="figures">
<#list rehearsal.figures as figure><div><dt>${figure.name?cap_first}</dt><dd>${figure.value}</dd></div></#list>
</dl>
</#if>
<#if rehearsal.notExamined?has_content>
<p class="soft">Not examined:</p>
<ul class="notes">
<#list rehearsal.notExamined as what><li class="text">${what}</li></#list>
</ul>
</#if>
</section>
</#if>
<#if warnings?has_content>
<section aria-labelledby="warnings">
<h2 id="warnings">Warnings</h2>
<ul class="notes">
<#list warnings as warning><li class="text">${warning}</li></#list>
</ul>
</section>
</#if>
<#if ruler?has_content>
<#assign rows = 1>
<#list ruler as mark><#if mark.row gte rows><#assign rows = mark.row + 1></#if></#list>
<section aria-labelledby="wal">
<h2 id="wal">Places in the WAL</h2>
<div class="ruler" aria-hidden="true" style="height: ${rows * 1.6 + 1.4}rem">
<div class="track"></div>
<#list ruler as mark>
<div class="mark" style="left: ${mark.percent}%; height: ${mark.row * 1.6 + 1.4}rem"><b>${mark.number}</b></div>
</#list>
</div>
<table class="legend">
<thead><tr><th scope="col">No.</th><th scope="col">LSN</th><th scope="col">What is there</th><th scope="col">From the first</th></tr></thead>
<tbody>
<#list ruler as mark>
<tr><td class="number"><b>${mark.number}</b></td><td class="mono">${mark.lsn}</td><td>${mark.names}</td><td class="soft">${mark.distance}</td></tr>
</#list>
</tbody>
</table>
</section>
</#if>
<#if copy?has_content>
<section aria-labelledby="copy">
<h2 id="copy">Copy</h2>
<dl class="figures">
<#list copy as figure><div><dt>${figure.name?cap_first}</dt><dd>${figure.value}</dd></div></#list>
</dl>
</section>
</#if>
<section aria-labelledby="steps">
<h2 id="steps">Steps</h2>
<ol class="steps">
<#list steps as step>
<li class="${step.state}">
<div class="step">
<span class="mark" role="img" aria-label="${step.state}">${step.mark}</span>
<span class="name">${step.name}</span>
<span class="lane" aria-hidden="true"><#if step.begun><span class="bar" style="left: ${step.left}%; width: ${step.width}%"></span></#if></span>
<span class="took"><#if step.seconds?has_content>${step.seconds}<#else><span class="soft">${step.state}</span></#if></span>
</div>
<#if step.attempts gt 1 || (step.state != "verified" && step.begun)>
<p class="evidence soft">${step.state}<#if step.attempts gt 1>, ${step.attempts} attempts</#if></p>
</#if>
<#if step.evidence?has_content>
<ul class="evidence">
<#list step.evidence as seen>
<li><span class="text">${seen.claim}</span> <span class="from">${seen.source}<#if seen.source?has_content>, </#if>${seen.at}</span></li>
</#list>
</ul>
</#if>
<#list step.problems as one><@problem of=one/></#list>
</li>
</#list>
</ol>
</section>
<#if facts?has_content>
<section aria-labelledby="facts">
<h2 id="facts">Facts recorded</h2>
<table class="facts">
<thead><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead>
<tbody>
<#list facts as fact><tr><th scope="row" class="mono">${fact.name}</th><td class="value text">${fact.value}</td></tr></#list>
</tbody>
</table>
</section>
</#if>
<footer>Written by Understudy from the run's journal. Times are UTC; LSNs and sizes are exact as far as they are shown.</footer>
</main>
</body>
</html>
