// The import directions of the house. The ladder is the order in which a clearing house thinks:
// a room imports only rooms to its left.
const ladder = [
  'core',
  'reference',
  'market',
  'accounting',
  'margin',
  'venue',
  'risk',
  'simulation',
  'analysis',
  'training',
  'trading',
];
const tests = '\\.(test|bench)\\.tsx?$';
const upward = ladder.slice(0, -1).map((room, i) => ({
  name: `ladder-${room}`,
  severity: 'error',
  from: { path: `^engine/${room}/`, pathNot: tests },
  to: { path: `^engine/(${ladder.slice(i + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'engine-imports-only-itself',
      severity: 'error',
      from: { path: '^engine/', pathNot: `${tests}|^engine/testkit/` },
      to: { pathNot: '^engine/|^node_modules/(decimal\\.js|pure-rand|zod)/' },
    },
    {
      name: 'one-door-per-package',
      severity: 'error',
      from: { path: '^engine/', pathNot: `^engine/core/(money|rng)\\.ts$|${tests}|^engine/testkit/` },
      to: { path: '^node_modules/(decimal\\.js|pure-rand)/' },
    },
    {
      name: 'internal-is-private',
      severity: 'error',
      from: { path: '^engine/(.+?)/', pathNot: tests },
      to: { path: '/internal/', pathNot: '^engine/$1/' },
    },
    {
      name: 'testkit-from-tests-only',
      severity: 'error',
      from: { pathNot: `${tests}|^engine/testkit/|^e2e/|^bench/` },
      to: { path: '^engine/testkit/' },
    },
    {
      name: 'contract-is-pure',
      severity: 'error',
      from: { path: '^workers/contract/', pathNot: tests },
      to: { pathNot: '^workers/contract/|^engine/' },
    },
    {
      name: 'worker-shells',
      severity: 'error',
      from: { path: '^workers/(market|risk|lab|span)/', pathNot: tests },
      to: { pathNot: '^workers/($1|contract|shared)/|^engine/|^node_modules/comlink/' },
    },
    {
      name: 'client-sees-contract-and-core',
      severity: 'error',
      from: { path: '^workers/client/', pathNot: tests },
      to: {
        // The worker scripts themselves are named by URL only.
        pathNot:
          '^workers/(client|contract)/|^workers/(market|risk|lab|span)/worker\\.ts$|^engine/core/|^node_modules/comlink/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'app-knows-no-worker-insides',
      severity: 'error',
      from: { path: '^app/', pathNot: tests },
      to: { path: '^(workers/(market|risk|lab|span|shared)|proxy|e2e|bench)/' },
    },
    {
      name: 'app-takes-engine-values-from-core-only',
      severity: 'error',
      from: { path: '^app/', pathNot: tests },
      to: { path: '^engine/(?!core/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'proxy-sees-wire-only',
      severity: 'error',
      from: { path: '^proxy/', pathNot: tests },
      to: { path: '^(app|workers|e2e|bench|engine/(?!market/wire/|core/))' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.tsc|test-results)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
