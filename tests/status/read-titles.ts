import ts from 'typescript'

/** The ids that the title of a test names in square brackets: `'… is rejected, by name [R117]'`. */
export interface Shown {
  readonly id: string
  readonly file: string
  readonly title: string
}

const TEST_WORDS = ['test', 'it', 'describe', 'suite']

export function shownBy(file: string, text: string): Shown[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Shown[] = []
  const visit = (node: ts.Node): void => {
    const title = titleOf(node)
    if (title !== undefined) for (const id of idsIn(title)) found.push({ id, file, title: withoutIds(title) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function titleOf(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined
  const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText()
  const [title] = node.arguments
  if (!TEST_WORDS.includes(name) || title === undefined) return undefined
  if (ts.isStringLiteralLike(title)) return title.text
  return ts.isTemplateExpression(title) ? title.getText().slice(1, -1) : undefined
}

/** `[R033]`, `[R033, N07]` and `[R033 N07]` are all understood. */
function idsIn(title: string): string[] {
  return [...title.matchAll(/\[([^\]]*)\]/g)].flatMap(
    ([, inside]) => inside?.match(/\b(R\d{3}|N\d{2}|I\d{1,2})\b/g) ?? [],
  )
}

function withoutIds(title: string): string {
  return title
    .replace(/\s*\[[^\]]*\b(R\d{3}|N\d{2}|I\d{1,2})\b[^\]]*\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
