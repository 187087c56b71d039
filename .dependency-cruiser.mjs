// The dependency rule of ARCHITECTURE.md, one rule per wall. Every rule has a name and a reason a person can argue with;
// tests/walls plants a violation of each one and expects red.

const OURS = '^(core|engine|connectors|surfaces|server|sandbox|simulation|verify|bench|judges|tests|bin)/'
/** Tests, and what only tests use. */
const TEST =
  '([.]test[.]ts$|-for-tests[.]ts$|/conformance[^/]*[.]ts$|/testing/|^surfaces/console/browser/|^(tests|judges)/)'
/** Outside the room itself, and outside npm and Node. */
const oursBut = (allowed) => ({ path: OURS, pathNot: allowed })

/** @type {import('dependency-cruiser').IConfiguration} */
const walls = {
  forbidden: [
    {
      name: 'core-imports-only-core',
      comment:
        'The core decides and does nothing else. What it needs to know is handed in as values, so that every decision can be replayed and tested without a world around it.',
      severity: 'error',
      from: { path: '^core/' },
      to: oursBut('^(core/|tests/given[.]ts$)'), // given / when / then, which only tests may use
    },
    {
      name: 'core-has-no-dependency',
      comment:
        'A library or a Node module in the core would bring a clock, chance or I/O with it. Tests of the core may use node:test, node:assert and fast-check.',
      severity: 'error',
      from: { path: '^core/', pathNot: TEST },
      to: { pathNot: OURS },
    },
    {
      name: 'core-tests-need-no-service',
      comment:
        'A test of the core is given / when / then over plain values: it needs the test runner, assertions and fast-check.',
      severity: 'error',
      from: { path: '^core/.*[.]test[.]ts$' },
      to: {
        pathNot: [OURS, '^(node:)?(test|assert|assert/strict|fs|fs/promises|path|crypto)$', 'node_modules/fast-check/'],
      },
    },
    {
      name: 'kit-imports-only-core',
      comment: 'The kit is the contract that all vendors share: it can know no vendor, and no engine that calls it.',
      severity: 'error',
      from: { path: '^connectors/kit/', pathNot: TEST },
      to: oursBut('^(core|connectors/kit)/'),
    },
    {
      name: 'vendor-imports-only-kit-and-core',
      comment:
        'A vendor folder can be read, tested and removed alone. What two vendors need belongs to the kit, moved there on the second use.',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/', pathNot: ['^connectors/kit/', TEST] },
      to: oursBut('^(core/|connectors/(kit|$1)/)'),
    },
    {
      name: 'engine-imports-no-vendor',
      comment:
        'The engine speaks to capabilities of the kit. The day it knows a vendor by name, a second vendor is a rewrite.',
      severity: 'error',
      from: { path: '^engine/', pathNot: TEST },
      to: oursBut('^(engine|core|connectors/kit)/'),
    },
    {
      name: 'surface-imports-no-vendor',
      comment:
        'A surface speaks to people, and reaches a vendor only through a capability of the kit (surfaces/jira speaks to Jira through `desk`). One surface never needs another; what two of them say lies in surfaces/words.',
      severity: 'error',
      from: { path: '^surfaces/([^/]+)/', pathNot: ['^surfaces/console/', TEST] },
      to: oursBut('^((engine|core|connectors/kit)/|surfaces/(words|$1)/)'),
    },
    {
      name: 'console-knows-only-what-the-api-tells',
      comment: 'The console speaks to the API, so it may know the types of the API and of the reads behind it.',
      severity: 'error',
      from: { path: '^surfaces/console/', pathNot: TEST },
      to: oursBut('^(engine|core|connectors/kit|surfaces/(console|api))/'),
    },
    {
      name: 'console-runs-in-a-browser',
      comment:
        'The console shares types with the engine, the kit and the API, never their code: that code is for a server.',
      severity: 'error',
      from: { path: '^surfaces/console/', pathNot: TEST },
      to: { path: '^(engine|connectors|surfaces/(?!console/))', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-the-engine-knows-postgresql',
      comment:
        'SQL in two rooms would be two truths about one table. Other rooms ask the engine, and may hand its pool on. (Benches measure a bare table beside it.)',
      severity: 'error',
      from: { path: OURS, pathNot: ['^(engine|bench)/', TEST] },
      to: { path: 'node_modules/(@types/)?pg/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'vendors-come-through-the-registry',
      comment:
        'Rooms that compose the product take vendors from connectors/index.ts: adding a vendor is one folder and one line. (A type may be named where it lies.)',
      severity: 'error',
      from: { path: '^(server|sandbox|simulation|bench)/', pathNot: TEST },
      to: { path: '^connectors/(?!kit/)[^/]+/(?!stand-in/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'stand-ins-are-not-product-code',
      comment:
        'An imitation of a vendor must not be reachable from what runs against a real one. The sandbox composes stand-ins.',
      severity: 'error',
      from: {
        path: '^(core|engine|connectors|surfaces|server|verify)/',
        pathNot: ['/stand-in/', '^connectors/[^/]+/test/', TEST],
      },
      to: { path: '^connectors/[^/]+/stand-in/' },
    },
    {
      name: 'verify-imports-nothing',
      comment:
        'Whoever checks our evidence must not have to trust us, nor anybody whose code we chose: Web Crypto only. (cli.ts reads the files of a pack, and nothing else.)',
      severity: 'error',
      from: { path: '^verify/', pathNot: [TEST, '^verify/cli[.]ts$'] },
      to: { pathNot: '^verify/' },
    },
    {
      name: 'verify-cli-only-reads-files',
      comment: 'The command around the verifier reads files and prints: it has no other dependency either.',
      severity: 'error',
      from: { path: '^verify/cli[.]ts$' },
      to: { pathNot: ['^verify/', '^(node:)?(fs|fs/promises|path|process|url|util)$'] },
    },
    {
      name: 'nothing-imports-the-composition-root',
      comment:
        'server/ puts everything together, so whoever imports it imports everything. (A bench measures the product as it is put together, and the simulation runs it so.)',
      severity: 'error',
      from: { path: OURS, pathNot: ['^(server|bin|bench|simulation)/', TEST] },
      to: { path: '^server/' },
    },
    {
      name: 'nothing-imports-the-workshop',
      comment:
        'The sandbox, the simulation, benches, judges and tests look at the product from outside. Only the server starts the sandbox, in sandbox mode.',
      severity: 'error',
      from: { path: OURS, pathNot: ['^(server|sandbox|simulation|bench|judges|tests)/', TEST] },
      to: { path: '^(sandbox|simulation|bench|judges|tests)/' },
    },
    {
      name: 'server-loads-the-sandbox-lazily',
      comment:
        'A server with a real connection must not even have the sandbox in memory: `await import(…)`, in sandbox mode only. (demo.ts is a program of its own and nothing but sandbox.)',
      severity: 'error',
      from: { path: '^server/', pathNot: ['^server/demo[.]ts$', TEST] },
      to: { path: '^(sandbox|simulation|bench|judges|tests)/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'test-tools-stay-in-tests',
      comment: 'What makes and drops databases for tests must not be reachable from the product.',
      severity: 'error',
      from: { path: OURS, pathNot: [TEST, '^(bench|tests|judges)/', '^engine/store/test-database(-keeper)?[.]ts$'] },
      to: { path: [TEST, '^engine/store/test-database'] },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one file, or lack a third one.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-development-dependency-in-the-product',
      comment: 'It would be missing where only `npm ci --omit=dev` ran.',
      severity: 'error',
      from: {
        path: '^(core|engine|connectors|surfaces/(?!console/)|server|sandbox|verify)/',
        pathNot: [TEST, '^engine/store/test-database'],
      },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'every-import-resolves',
      comment: 'An import that leads nowhere passes every other wall unseen.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true, // a type is knowledge too
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}

export default walls
