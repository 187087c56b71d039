import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../walls/tree.ts'
import { statusPage } from './status.ts'

writeFileSync(join(ROOT, 'docs', 'status.md'), statusPage())
console.log('docs/status.md is written')
