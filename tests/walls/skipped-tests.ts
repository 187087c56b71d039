import ts from 'typescript'

/**
 * Tests that never run, or that keep others from running. A test may be left out where the machine lacks what it needs:
 * then `skip` is a condition with a reason, and the run says so.
 */
export function skippedTests(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (isModifier(node) || isConstantOption(node)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
      found.push(`${path}:${line}: ${node.getText()}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** `test.skip`, `describe.only`, … */
function isModifier(node: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    ['test', 'it', 'describe', 'suite'].includes(node.expression.getText()) &&
    ['skip', 'todo', 'only'].includes(node.name.text)
  )
}

/** `{ skip: true }`, `{ skip: 'soon' }`, `{ only: true }`: no condition. */
function isConstantOption(node: ts.Node): boolean {
  if (!ts.isPropertyAssignment(node) || !['skip', 'todo', 'only'].includes(node.name.getText())) return false
  const { initializer } = node
  return initializer.kind === ts.SyntaxKind.TrueKeyword || ts.isStringLiteralLike(initializer)
}
