import { configDefaults, defineConfig } from 'vitest/config';

/** Real servers (local SQL Server, Azurite, SMTP, HTTP), started once per run. Those of e2e tests are started by the commands. */
const withServers = {
  globalSetup: ['test/support/global-setup.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/**
 * A process for each file, and its modules read anew, would take as long as the tests. No test leaves anything behind in
 * them: test/support/end-of-file.ts.
 */
const inOneProcess = { setupFiles: ['test/support/every-file.ts'], isolate: false };

/** Windows has no signals between processes, no owners of files as Unix knows them, and no `sh`. */
const notHere = process.platform === 'win32' ? ['**/*.posix.test.ts'] : [];
const exclude = [...configDefaults.exclude, ...notHere];

export default defineConfig({
  test: {
    // Tests of the local stack wait most of their time: three files at once, on two cores as well.
    maxWorkers: 3,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], exclude, ...inOneProcess } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude,
          ...withServers,
          ...inOneProcess,
          // Of another SQL Server each file says for itself whether it can use it.
          isolate: process.env['TEST_SQLSERVER_URL'] !== undefined,
        },
      },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], exclude, testTimeout: 120_000 } },
    ],
  },
});
