import { html, words, type Html } from './html.ts'
import { address, type Visit } from './visit.ts'

/** What every page of the site stands in. */
export function frame(visit: Visit, title: string, main: Html): string {
  const { me, site } = visit
  const tab = (path: string, label: string) =>
    html`<a href="${address(visit, path)}" ${visit.path === path ? html` aria-current="page"` : null}>${label}</a>`
  const change = `/?${new URLSearchParams({ back: visit.path, ...(me === null ? {} : { as: me.accountId }) })}`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${site.seed.siteName}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <p class="stand-in">
          <strong>A stand-in.</strong> This site imitates Jira Service Management so that you can try Tenure. It is not
          the product, and nothing here reaches a real Jira.
        </p>
        <header>
          <span class="site">${site.seed.siteName}</span>
          <nav aria-label="Site">
            ${tab('/', 'Requests')}${tab('/portal', 'Ask for access')}${tab('/approvals', 'Approvals')}
          </nav>
          <span class="me"
            >${me === null ? html`Nobody chosen` : html`You are <strong>${words(me.displayName)}</strong>${me.agent ? ' (agent)' : ''}`}
            <a href="${change}">${me === null ? 'Choose a person' : 'Change'}</a></span
          >
        </header>
        <main id="main">
          <h1>${title}</h1>
          ${main}
        </main>
      </body>
    </html> `.markup
}

/** Something did not work, in words. */
export function alert(because: string): Html {
  return html`<p class="note bad" role="alert">${because}</p>`
}

const STYLE = html`
  :root { color-scheme: light dark; --ink: #172b4d; --soft: #52627d; --paper: #fff; --tint: #f4f6f9; --line: #d5dbe5;
  --blue: #0b5cd6; --on-blue: #fff; --amber: #fff3d1; --amber-ink: #5f4300; --green: #dcf5e7; --green-ink: #14532d;
  --red: #ffe3df; --red-ink: #862012; --blue-tint: #e1ecff; --blue-ink: #0a3d8f } @media (prefers-color-scheme: dark) {
  :root { --ink: #dde4ef; --soft: #a3b1c6; --paper: #171c24; --tint: #202732; --line: #3a4556; --blue: #7db0ff;
  --on-blue: #0b1a33; --amber: #45360d; --amber-ink: #ffe2a0; --green: #143a26; --green-ink: #a8ebc6; --red: #4d1d17;
  --red-ink: #ffc3b9; --blue-tint: #16305c; --blue-ink: #bcd6ff } } * { box-sizing: border-box } body { margin: 0; font:
  16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--paper) } a {
  color: var(--blue) } :focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; border-radius: 2px } .skip
  { position: absolute; left: -999px } .skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 8px }
  .stand-in { margin: 0; padding: 6px 24px; background: var(--amber); color: var(--amber-ink); font-size: 14px } header
  { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: baseline; padding: 12px 24px; border-bottom: 1px solid
  var(--line) } .site { font-weight: 700 } nav { display: flex; flex-wrap: wrap; gap: 4px 16px; flex: 1 } nav a {
  text-decoration: none; padding: 2px 0 } nav a[aria-current] { color: var(--ink); font-weight: 600; border-bottom: 2px
  solid var(--blue) } main { max-width: 1080px; margin: 0 auto; padding: 16px 24px 64px } h1 { font-size: 26px;
  line-height: 1.25; margin: 12px 0 16px } h2 { font-size: 18px; margin: 28px 0 8px } .columns { display: grid;
  grid-template-columns: minmax(0, 1fr) 320px; gap: 32px } .columns h2:first-child { margin-top: 0 } @media (max-width:
  760px) { .columns { grid-template-columns: minmax(0, 1fr) } main, header, .stand-in { padding-left: 16px;
  padding-right: 16px } } .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap:
  12px; padding: 0; list-style: none } .cards a, .card { display: block; padding: 14px 16px; border: 1px solid
  var(--line); border-radius: 8px; background: var(--tint); text-decoration: none } .cards a:hover { border-color:
  var(--blue) } .cards small { display: block; color: var(--soft) } label, .label { display: block; font-weight: 600;
  margin: 16px 0 4px } .hint { color: var(--soft); font-size: 14px; margin: 4px 0 0 } input, select, textarea { width:
  100%; max-width: 560px; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft);
  border-radius: 4px; padding: 8px 10px } textarea { min-height: 110px } button { font: inherit; font-weight: 600;
  cursor: pointer; padding: 7px 16px; border-radius: 4px; border: 1px solid var(--blue); background: var(--blue); color:
  var(--on-blue) } button.quiet { background: var(--paper); color: var(--blue) } form.inline { display: inline-block;
  margin: 0 8px 8px 0 } .act { margin-top: 20px } .scroll { overflow-x: auto } table { border-collapse: collapse; width:
  100%; font-size: 15px } th, td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0; border-bottom: 1px
  solid var(--line) } thead th { color: var(--soft); font-weight: 600; white-space: nowrap } dl { margin: 0; display:
  grid; grid-template-columns: minmax(96px, auto) minmax(0, 1fr); gap: 6px 14px } dt { color: var(--soft) } dd { margin:
  0; overflow-wrap: anywhere } .lozenge { display: inline-block; padding: 1px 8px; border-radius: 4px; font-size: 13px;
  font-weight: 700; white-space: nowrap; background: var(--tint); color: var(--ink) } .lozenge.indeterminate {
  background: var(--blue-tint); color: var(--blue-ink) } .lozenge.done { background: var(--green); color:
  var(--green-ink) } .lozenge.bad { background: var(--red); color: var(--red-ink) } .words { white-space: pre-wrap;
  overflow-wrap: anywhere; unicode-bidi: isolate; margin: 0 } .note { padding: 10px 14px; border-radius: 6px;
  background: var(--blue-tint); color: var(--blue-ink) } .note.bad { background: var(--red); color: var(--red-ink) }
  .comment { border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; margin: 0 0 12px; overflow-wrap:
  anywhere } .comment.internal { background: var(--amber); color: var(--amber-ink); border-style: dashed } .comment
  header { display: block; padding: 0 0 6px; border: 0; font-size: 14px } .comment p { margin: 4px 0; unicode-bidi:
  isolate } .comment table { margin: 6px 0 } .tag { font-weight: 700 } .history { padding: 0; list-style: none;
  font-size: 15px } .history li { padding: 6px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
  .switch { display: inline-flex; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; font-size: 14px }
  .switch a { padding: 4px 12px; text-decoration: none } .switch a[aria-current] { background: var(--blue); color:
  var(--on-blue) } details summary { cursor: pointer; color: var(--blue) }
`
