import { configDefaults, defineConfig } from 'vitest/config';

/** Real servers (local SQL Server, Azurite, SMTP, HTTP), started once per run. Those of e2e tests are started by the commands. */
const withServers = {
  globalSetup: ['test/support/global-setup.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/** Windows has no signals between processes, no owners of files as Unix knows them, and no `sh`. */
const notHere = process.platform === 'win32' ? ['**/*.posix.test.ts'] : [];
const exclude = [...configDefaults.exclude, ...notHere];

export default defineConfig({
  test: {
    // Tests of the local stack wait most of their time: three files at once, on two cores as well.
    maxWorkers: 3,
    projects: [
      // Without a process for each file they take half the time; none of them leaves anything behind in its modules.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], exclude, isolate: false } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], exclude, ...withServers } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], exclude, testTimeout: 120_000 } },
    ],
  },
});
