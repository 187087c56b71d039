import { writeFileSync } from 'node:fs'
import { generateCompany, SANDBOX_SEED } from './company.ts'
import { tourOf } from './tour.ts'

writeFileSync(new URL('../../docs/sandbox.md', import.meta.url), tourOf(generateCompany(SANDBOX_SEED)))
