import ts from 'typescript'

/**
 * Where a source may learn what time it is through `Date`, which no lint rule can tell apart: `new Date()` and `Date()`
 * read the clock, `new Date(instant)` does not; and a `Date` that is passed around could be either.
 */
export function dateReads(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'Date' && !isHarmless(node)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
      found.push(`${path}:${line}: ${node.parent.getText()} — no clock here: take \`now: Instant\``)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function isHarmless(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isNewExpression(parent)) return parent.expression === node && (parent.arguments?.length ?? 0) > 0
  if (ts.isTypeReferenceNode(parent)) return true
  if (ts.isPropertyAccessExpression(parent)) {
    if (parent.expression === node) return ['parse', 'UTC'].includes(parent.name.text)
    return parent.expression.getText() !== 'globalThis' // a field of that name
  }
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword
  return (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node
}
