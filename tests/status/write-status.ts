import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../walls/tree.ts'
import { readmeWithTable } from './connector-table.ts'
import { statusPage } from './status.ts'

writeFileSync(join(ROOT, 'docs', 'status.md'), statusPage())
console.log('docs/status.md is written')

const readme = join(ROOT, 'README.md')
const written = readmeWithTable(readFileSync(readme, 'utf8'))
if (written === null) throw new Error('README.md has no place for the table of connectors')
writeFileSync(readme, written)
console.log('the table of connectors in README.md is written')
