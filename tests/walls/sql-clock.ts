import ts from 'typescript'

/** All ways in which PostgreSQL tells the time. */
const CLOCK = [
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)/i,
  /\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b/i,
  /'(now|today|tomorrow|yesterday)'\s*::/i,
  /\b(timestamp(tz)?|timestamp with(out)? time zone|date)\s+'(now|today|tomorrow|yesterday)'/i,
]

/** Where a file asks the database what time it is: in SQL, or in the strings of TypeScript. */
export function sqlClockReads(path: string, text: string): string[] {
  const pieces = path.endsWith('.sql') ? [withoutComments(text)] : stringsOf(path, text)
  return pieces.flatMap((piece) =>
    CLOCK.flatMap((pattern) => {
      const match = pattern.exec(piece)
      return match === null ? [] : [`${path}: ${match[0]} — no clock in SQL: the instant is a parameter`]
    }),
  )
}

function withoutComments(sql: string): string {
  return sql.replace(/--.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '')
}

function stringsOf(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      found.push(withoutComments(node.text))
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}
