/** A small page of plain HTML, for the moments when the console itself cannot be shown. All texts are escaped here. */
export interface Page {
  readonly title: string
  readonly paragraphs: readonly string[]
  /** A command to type, shown as such. */
  readonly command?: string
  readonly link?: { readonly href: string; readonly words: string }
  /** A script of ours, by its address: the policy allows no other. */
  readonly script?: string
  /** Go there (or stay and ask again) after so many seconds. */
  readonly refresh?: { readonly afterSeconds: number; readonly to?: string }
}

export function htmlOf(page: Page): string {
  const refresh = page.refresh
    ? `<meta http-equiv="refresh" content="${page.refresh.afterSeconds}${page.refresh.to ? `;url=${escapeHtml(page.refresh.to)}` : ''}">`
    : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)} – Tenure</title>
${refresh}
${page.script ? `<script src="${escapeHtml(page.script)}"></script>` : ''}
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="brand">Tenure</p>
<h1>${escapeHtml(page.title)}</h1>
${page.paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${page.command ? `<pre>${escapeHtml(page.command)}</pre>` : ''}
${page.link ? `<p><a href="${escapeHtml(page.link.href)}">${escapeHtml(page.link.words)}</a></p>` : ''}
</main>
</body>
</html>
`
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 ui-sans-serif, system-ui, sans-serif; color: light-dark(#292a2e, #cecfd2); background: light-dark(#f8f8f8, #18191a); }
main { max-width: 34rem; margin: 12vh auto 0; padding: 2rem; background: light-dark(#fff, #1f1f21); border-radius: 8px; box-shadow: 0 1px 3px #0003; }
.brand { margin: 0; font-weight: 600; color: light-dark(#1868db, #669df1); }
h1 { margin: .25rem 0 1rem; font-size: 1.5rem; line-height: 1.2; }
pre { padding: .75rem 1rem; overflow-x: auto; border-radius: 4px; background: light-dark(#f0f1f2, #2b2c2f); }
a { color: light-dark(#1868db, #669df1); }
`
