import { Markup, markup, words } from './markup.ts'
import { STYLE } from './style.ts'
import { address, type Visit } from './visit.ts'

/** What every page of the site stands in. */
export function frame(visit: Visit, title: string, main: Markup): string {
  const { me, path, site } = visit
  const tab = (to: string, label: string) =>
    markup`<a href="${address(visit, to)}"${path === to ? markup` aria-current="page"` : null}>${label}</a>`
  const change = address(visit, '/', { back: path })
  const whoIAm =
    me === null
      ? markup`<a href="${change}">Choose a person</a>`
      : markup`You are <strong>${words(me.displayName)}</strong>${me.agent ? ' (agent)' : ''} <a href="${change}">Change</a>`
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${site.seed.siteName}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<p class="stand-in"><strong>A stand-in.</strong> This site imitates Jira Service Management so that you can try Tenure.
It is not the product, and nothing here reaches a real Jira.</p>
<div class="top">
<span class="site">${words(site.seed.siteName)}</span>
<nav aria-label="Site">${tab('/', 'Requests')}${tab('/portal', 'Ask for access')}${tab('/approvals', 'Approvals')}</nav>
<span>${whoIAm}</span>
</div>
</header>
<main id="main">
<h1>${words(title)}</h1>
${main}
</main>
</body>
</html>
`.text
}

/** Something did not work, in words. */
export function alert(because: string): Markup {
  return markup`<p class="note bad" role="alert">${words(because)}</p>`
}

/** Something worked. */
export function status(said: string): Markup {
  return markup`<p class="note" role="status">${said}</p>`
}

/** Instead of a page that only somebody can see. */
export function chooseFirst(visit: Visit): Markup {
  return markup`<p class="note" role="status">First <a href="${address(visit, '/', { back: visit.path })}">choose who you are</a>.</p>`
}
