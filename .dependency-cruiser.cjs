/**
 * Who may import whom: kernel ← {event-store, jobs, platform} ← domain libs ← apps.
 * Every rule has a bad example in test/boundaries/fixtures/tree and a test that it fires there and nowhere else.
 *
 * Paths are relative to the folder the tool runs in, so that the same rules can judge the examples.
 */
const DOMAIN_LIBS =
  'adjustments|imports|charge-lines|splits|charges|periods|ledger|statements|site-templates|deliveries|journals|sources|funds|invoices|attribution-rules|review-rules|identity|audit';
const SPEC = '[.]spec[.]tsx?$';
/** Code that exists for tests; it may reach further than the program itself. */
const TEST_CODE = `${SPEC}|^test/|^libs/testing/|^libs/.+/testing/|^bench/|[.]config[.]ts$`;
/** Node's modules that touch the world outside the process. */
const OUTSIDE_WORLD =
  '^(node:)?(fs|process|child_process|cluster|worker_threads|net|http|http2|https|tls|dgram|dns|os|inspector|v8|vm)(/|$)';
const FRAMEWORKS = 'node_modules/(@nestjs/|typeorm/|pg[-/]|@types/pg[-/]|bullmq/|ioredis/|nodemailer/|express[-/])';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'kernel-alone',
      severity: 'error',
      comment: 'The kernel is plain TypeScript that everything rests on; it imports nothing but itself and the linear-time regex engine.',
      from: { path: '^libs/kernel/', pathNot: SPEC },
      to: { pathNot: '^libs/kernel/|node_modules/re2js/' },
    },
    {
      name: 'platform-on-kernel',
      severity: 'error',
      comment: 'The platform rests on the kernel; it runs the migrations and knows no other part of the product.',
      from: { path: '^libs/platform/', pathNot: TEST_CODE },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(kernel|platform)/' },
    },
    {
      name: 'event-store-on-platform',
      severity: 'error',
      comment: 'The event store rests on kernel and platform; it stores any event and knows none.',
      from: { path: '^libs/event-store/', pathNot: TEST_CODE },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(kernel|platform|event-store)/' },
    },
    {
      name: 'jobs-on-event-store',
      severity: 'error',
      comment: 'Jobs rest on kernel, platform and event store; what a job does is told by the domain libs.',
      from: { path: '^libs/jobs/', pathNot: TEST_CODE },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(kernel|platform|event-store|jobs)/' },
    },
    {
      name: 'migrations-alone',
      severity: 'error',
      comment: 'A migration must do the same for ever, so it rests on no code that changes.',
      from: { path: '^migrations/', pathNot: TEST_CODE },
      to: { path: '^(libs|apps)/' },
    },
    {
      name: 'no-lib-on-apps',
      severity: 'error',
      comment: 'Apps are put together from libs; a lib never knows the app it runs in.',
      from: { path: '^(libs|migrations)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-app-on-app',
      severity: 'error',
      comment: 'Apps are processes of their own; what two of them need is a lib.',
      from: { path: '^apps/([^/]+)/', pathNot: SPEC },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-deep-import',
      severity: 'error',
      comment: 'A lib is entered by its index.ts (as #name); what lies behind is its own business.',
      from: { pathNot: '^libs/' },
      to: { path: '^libs/[^/]+/', pathNot: '^libs/[^/]+/(index[.]ts$|testing/)|^libs/testing/program[.]ts$' },
    },
    {
      name: 'no-deep-import-between-libs',
      severity: 'error',
      comment: 'A lib is entered by its index.ts (as #name); what lies behind is its own business.',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/', pathNot: '^libs/$1/|^libs/[^/]+/(index[.]ts$|testing/)|^libs/testing/program[.]ts$' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'domain/ decides from what it is given: no framework, database, queue, file, network or process.',
      from: { path: '^libs/[^/]+/domain/', pathNot: SPEC },
      to: { path: `${FRAMEWORKS}|${OUTSIDE_WORLD}` },
    },
    {
      name: 'domain-is-innermost',
      severity: 'error',
      comment: 'The other layers of a lib use its domain; the domain knows none of them.',
      from: { path: '^libs/([^/]+)/domain/', pathNot: SPEC },
      to: { path: '^libs/$1/(application|projections|infra)/' },
    },
    {
      name: 'domain-without-machinery',
      severity: 'error',
      comment: 'Of the other libs, domain/ may use the kernel and the doors of domain libs, not the machinery.',
      from: { path: '^libs/[^/]+/domain/', pathNot: SPEC },
      to: { path: '^libs/', pathNot: `^libs/(kernel|event-store|${DOMAIN_LIBS})/` },
    },
    {
      name: 'bullmq-in-jobs',
      severity: 'error',
      comment: 'Only libs/jobs knows which queue there is; use #jobs.',
      from: { pathNot: '^libs/jobs/' },
      to: { path: 'node_modules/bullmq/' },
    },
    {
      name: 'console-on-sdk',
      severity: 'error',
      comment: 'The console talks to the server through the SDK only, as any other client could.',
      from: { path: '^apps/console/' },
      to: { path: '^(apps|libs|migrations)/', pathNot: '^(apps/console|libs/sdk)/' },
    },
    {
      name: 'sdk-alone',
      severity: 'error',
      comment: 'The SDK is what a client takes with it; it rests on no code of the server.',
      from: { path: '^libs/sdk/', pathNot: SPEC },
      to: { path: '^(apps|libs|migrations)/', pathNot: '^libs/sdk/' },
    },
    {
      name: 'no-test-code-in-program',
      severity: 'error',
      comment: 'Harness, factories and specs are not part of the program that is shipped.',
      from: { path: '^(apps|libs|migrations)/', pathNot: TEST_CODE },
      to: { path: `^test/|^libs/testing/|^libs/.+/testing/|^bench/|${SPEC}` },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two files that need each other are one thing or lack a third. Types alone may refer to each other.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that imports nothing and that nothing imports is dead, or is missing where it belongs.',
      from: { orphan: true, pathNot: `${TEST_CODE}|(^|/)(main|index)[.]tsx?$|[.]worker[.]ts$|[.]d[.]ts$|^scripts/` },
      to: {},
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      comment: 'The installed program has no development dependencies; move the package to dependencies.',
      from: { path: '^(apps|libs|migrations)/', pathNot: `${TEST_CODE}|^apps/console/|^libs/sdk/` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'not-to-unlisted',
      severity: 'error',
      comment: 'The package is not in package.json, so a clean install may lack it.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment: 'This import leads nowhere.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/|^apps/console/dist/|^libs/sdk/generated/|^test/boundaries/fixtures/' },
    // Imports that TypeScript erases are dependencies of the design all the same.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      // Subpath imports (#kernel) have their sources under this condition.
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      mainFields: ['main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
    cache: false,
  },
};
