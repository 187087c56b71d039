/** The one style sheet of the pages. It stands in the page itself: the site serves nothing else. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #172b4d; --soft: #52627d; --paper: #fff; --tint: #f4f6f9; --line: #d5dbe5;
  --blue: #0b5cd6; --on-blue: #fff; --blue-tint: #e1ecff; --blue-ink: #0a3d8f;
  --amber: #fff3d1; --amber-ink: #5f4300; --green: #dcf5e7; --green-ink: #14532d; --red: #ffe3df; --red-ink: #862012;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #dde4ef; --soft: #a3b1c6; --paper: #171c24; --tint: #202732; --line: #3a4556;
    --blue: #7db0ff; --on-blue: #0b1a33; --blue-tint: #16305c; --blue-ink: #bcd6ff;
    --amber: #45360d; --amber-ink: #ffe2a0; --green: #143a26; --green-ink: #a8ebc6; --red: #4d1d17; --red-ink: #ffc3b9;
  }
}
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--paper) }
a { color: var(--blue) }
:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; border-radius: 2px }
.skip { position: absolute; left: -999px }
.skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 8px }

.stand-in { margin: 0; padding: 6px 24px; background: var(--amber); color: var(--amber-ink); font-size: 14px }
.top { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: baseline; padding: 12px 24px; border-bottom: 1px solid var(--line) }
.site { font-weight: 700 }
.top nav { display: flex; flex-wrap: wrap; gap: 4px 20px; flex: 1 }
.top nav a { text-decoration: none; padding: 4px 0 }
.top nav a[aria-current] { color: var(--ink); font-weight: 600; box-shadow: 0 2px 0 var(--blue) }
main { max-width: 1080px; margin: 0 auto; padding: 16px 24px 64px }
h1 { font-size: 26px; line-height: 1.25; margin: 12px 0 16px; overflow-wrap: anywhere }
h2 { font-size: 18px; line-height: 1.3; margin: 28px 0 8px }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 320px; gap: 8px 40px; margin-top: 12px }
.columns h2:first-child { margin-top: 8px }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 12px; padding: 0; list-style: none }
.cards a, .card { display: block; padding: 14px 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--tint) }
.cards a { text-decoration: none; font-weight: 600 }
.cards a:hover { border-color: var(--blue) }
.cards small { display: block; color: var(--soft); font-weight: 400 }
.card h2 { margin-top: 0 }

label, .label { display: block; font-weight: 600; margin: 16px 0 4px }
.hint { color: var(--soft); font-size: 14px; margin: 4px 0 0 }
input, select, textarea { width: 100%; max-width: 560px; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; padding: 8px 10px }
textarea { min-height: 110px; display: block }
button { font: inherit; font-weight: 600; cursor: pointer; padding: 7px 16px; border-radius: 4px; border: 1px solid var(--blue); background: var(--blue); color: var(--on-blue) }
button.quiet { background: var(--paper); color: var(--blue) }
.act { margin-top: 20px }
form.inline { display: inline-block; margin: 0 8px 8px 0 }

.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 15px }
th, td { text-align: left; vertical-align: top; padding: 8px 14px 8px 0; border-bottom: 1px solid var(--line) }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap }
dl { margin: 0; display: grid; grid-template-columns: minmax(104px, auto) minmax(0, 1fr); gap: 6px 14px }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
.lozenge { display: inline-block; padding: 1px 8px; border-radius: 4px; font-size: 13px; font-weight: 700; white-space: nowrap; background: var(--tint) }
.lozenge.indeterminate { background: var(--blue-tint); color: var(--blue-ink) }
.lozenge.done { background: var(--green); color: var(--green-ink) }
.lozenge.bad { background: var(--red); color: var(--red-ink) }
.words { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; margin: 0 }
.note { padding: 10px 14px; border-radius: 6px; background: var(--blue-tint); color: var(--blue-ink) }
.note a { color: inherit }
.note.bad { background: var(--red); color: var(--red-ink) }

.comment { border: 1px solid var(--line); border-radius: 8px; padding: 10px 16px; margin: 0 0 12px; overflow-wrap: anywhere }
.comment.internal { background: var(--amber); color: var(--amber-ink); border-style: dashed }
.comment h2 { margin-top: 4px }
.comment p { margin: 4px 0; unicode-bidi: isolate }
.comment dd p { margin: 0 }
.comment th { width: 30%; font-weight: 600 }
.said { font-size: 14px }
.history { padding: 0; list-style: none; font-size: 15px }
.history li { padding: 8px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
.plain { padding: 0; list-style: none; margin: 8px 0 }
.plain li { margin: 4px 0 }
.switch { display: inline-flex; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; font-size: 14px; margin-left: 12px }
.switch a { padding: 4px 12px; text-decoration: none }
.switch a[aria-current] { background: var(--blue); color: var(--on-blue) }
summary { cursor: pointer; color: var(--blue); margin-top: 20px }

@media (max-width: 760px) {
  .columns { grid-template-columns: minmax(0, 1fr) }
  aside { order: -1 }
  .top nav { order: 1; flex-basis: 100% }
  main, .top, .stand-in { padding-left: 16px; padding-right: 16px }
  .switch { margin: 8px 0 0; display: flex; width: fit-content }
}
`
