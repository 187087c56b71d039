import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { plant } from './planted.ts'
import { cruise } from './run-tool.ts'
import { ROOT } from './tree.ts'

/** Each wall, and the files that break it: `<wall> <n>` beside what they import. Paths decide what a file may know. */
const BREACHES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'core-imports-only-core': {
    'core/by-alias.ts': "import { x } from '#engine/x.ts'\nexport const y = x",
    'core/by-path.ts': "import { x } from '../engine/x.ts'\nexport const y = x",
    'core/by-type.ts': "import type { X } from '#connectors/kit/x.ts'\nexport type Y = X",
  },
  'core-has-no-dependency': {
    'core/with-node.ts': "import { readFileSync } from 'node:fs'\nexport const y = readFileSync",
    'core/with-npm.ts': "import { z } from 'zod'\nexport const y = z",
  },
  'core-tests-need-no-service': { 'core/with-service.test.ts': "import { Pool } from 'pg'\nexport const y = Pool" },
  'kit-imports-only-core': {
    'connectors/kit/by-alias.ts': "import { x } from '#engine/x.ts'\nexport const y = x",
    'connectors/kit/by-path.ts': "import { x } from '../okta/x.ts'\nexport const y = x",
  },
  'vendor-imports-only-kit-and-core': {
    'connectors/okta/by-path.ts': "import { x } from '../jira/x.ts'\nexport const y = x",
    'connectors/okta/by-alias.ts': "import { x } from '#engine/x.ts'\nexport const y = x",
  },
  'engine-imports-no-vendor': {
    'engine/by-alias.ts': "import { x } from '#connectors/okta/x.ts'\nexport const y = x",
    'engine/by-path.ts': "import { x } from '../connectors/okta/x.ts'\nexport const y = x",
    'engine/lazily.ts': "export const y = () => import('#connectors/okta/x.ts')",
  },
  'surface-imports-no-vendor': {
    'surfaces/jira/by-alias.ts': "import { x } from '#connectors/jira/x.ts'\nexport const y = x",
    'surfaces/jira/by-path.ts': "import { x } from '../api/x.ts'\nexport const y = x",
  },
  'console-knows-only-what-the-api-tells': {
    'surfaces/console/src/by-path.tsx': "import type { X } from '../../slack/x.ts'\nexport type Y = X",
  },
  'console-runs-in-a-browser': {
    'surfaces/console/src/by-alias.tsx': "import { x } from '#engine/x.ts'\nexport const y = x",
  },
  'only-the-engine-knows-postgresql': {
    'surfaces/api/with-sql.ts': "import { Pool } from 'pg'\nexport const y = Pool",
  },
  'vendors-come-through-the-registry': {
    'server/by-alias.ts': "import { x } from '#connectors/okta/x.ts'\nexport const y = x",
    'sandbox/by-path.ts': "import { x } from '../connectors/okta/x.ts'\nexport const y = x",
  },
  'stand-ins-are-not-product-code': {
    'connectors/okta/imitating.ts': "import { x } from './stand-in/state.ts'\nexport const y = x",
  },
  'verify-imports-nothing': {
    'verify/with-core.ts': "import { x } from '#core/x.ts'\nexport const y = x",
    'verify/with-node.ts': "import { createHash } from 'node:crypto'\nexport const y = createHash",
  },
  'verify-cli-only-reads-files': { 'verify/cli.ts': "import { request } from 'node:https'\nexport const y = request" },
  'nothing-imports-the-composition-root': {
    'engine/with-server.ts': "import { x } from '#server/x.ts'\nexport const y = x",
  },
  'nothing-imports-the-workshop': {
    'surfaces/api/with-sandbox.ts': "import { x } from '#sandbox/x.ts'\nexport const y = x",
  },
  'server-loads-the-sandbox-lazily': {
    'server/at-once.ts': "import { x } from '#sandbox/x.ts'\nexport const y = x",
  },
  'test-tools-stay-in-tests': {
    'engine/with-test-database.ts': "import { x } from './store/test-database.ts'\nexport const y = x",
  },
  'no-cycle': {
    'core/chicken.ts': "import { egg } from './egg.ts'\nexport const chicken = () => egg()",
  },
  'no-development-dependency-in-the-product': {
    'engine/with-tool.ts': "import { format } from 'prettier'\nexport const y = format",
  },
  'every-import-resolves': { 'engine/nowhere.ts': "import { x } from './no-such-file.ts'\nexport const y = x" },
}

/** What the breaches import, and what the walls allow. (A cycle is told once, where it was met first.) */
const HARMLESS: Readonly<Record<string, string>> = {
  'core/x.ts': 'export const x = 1',
  'core/egg.ts': "import { chicken } from './chicken.ts'\nexport const egg = (): unknown => chicken()",
  'core/good.test.ts': "import { test } from 'node:test'\nimport fc from 'fast-check'\nexport const y = [test, fc]",
  'engine/x.ts':
    "import type { X } from '#connectors/kit/x.ts'\nimport { Pool } from 'pg'\nexport const x: X[] = []\nexport const p = Pool",
  'engine/store/test-database.ts': 'export const x = 1',
  'connectors/kit/x.ts': "import { x } from '#core/x.ts'\nexport type X = typeof x",
  'connectors/okta/x.ts': "import { x as y } from '#core/x.ts'\nexport const x = y",
  'connectors/okta/stand-in/state.ts': 'export const x = 1',
  'connectors/jira/x.ts': 'export const x = 1',
  'connectors/index.ts': "import { x } from './okta/x.ts'\nexport const connectors = { okta: x }",
  'surfaces/api/x.ts': "import { x as y } from '#engine/x.ts'\nexport const x = y\nexport type X = typeof x",
  'surfaces/slack/x.ts': 'export const x = 1\nexport type X = typeof x',
  'surfaces/console/src/good.tsx': "import type { X } from '../../api/x.ts'\nexport type Y = X",
  'sandbox/x.ts': "import { x as y } from '#connectors/okta/stand-in/state.ts'\nexport const x = y",
  'server/x.ts': "import { connectors } from '#connectors/index.ts'\nexport const x = connectors",
  'server/lazily.ts': "export const y = () => import('#sandbox/x.ts')",
  'verify/x.ts': 'export const x = 1',
}

test('the walls hold', () => {
  assert.deepEqual(
    cruise(ROOT).map(({ rule, words }) => `${rule}: ${words}`),
    [],
  )
})

test('a breach of each wall is red, by alias and by path, and nothing else is', async () => {
  const { default: walls } = (await import(pathToFileURL(join(ROOT, '.dependency-cruiser.mjs')).href)) as {
    default: { forbidden: { name: string; comment: string }[] }
  }
  const names = walls.forbidden.map(({ name }) => name)
  assert.deepEqual(Object.keys(BREACHES).sort(), [...names].sort(), 'every wall has a planted breach')
  for (const { name, comment } of walls.forbidden) assert.ok(comment.length > 40, `${name} has no reason`)

  const findings = cruise(plant({ ...HARMLESS, ...Object.assign({}, ...Object.values(BREACHES)) }))
  const breachesOf = (file: string) => findings.filter((finding) => finding.file === file).map(({ rule }) => rule)
  for (const [wall, files] of Object.entries(BREACHES)) {
    for (const file of Object.keys(files)) assert.ok(breachesOf(file).includes(wall), `${file} does not break ${wall}`)
  }
  for (const file of Object.keys(HARMLESS)) assert.deepEqual(breachesOf(file), [], `${file} should be allowed`)
})
