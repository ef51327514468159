/** The version of SQL Server that clients are told: SQL Server 2022. */
export const serverVersion = { major: 16, minor: 0, build: 1000 } as const;

/** The name in messages and in LOGINACK. */
export const serverName = 'LOCAL';
export const programName = 'Microsoft SQL Server';
