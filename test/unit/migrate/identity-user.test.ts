import { expect, test } from 'vitest';
import { identityUserStatements } from '../../../src/adapters/mssql/migrations/identity-user.ts';

const clientId = '6c1f1b52-9d0f-4a0e-8a37-3a1f0a0d9a11';

test('the user is made from the number of the identity, its first three groups backwards', () => {
  const [, create, grant] = identityUserStatements({ name: 'id-vigia', clientId });
  expect(create).toContain('CREATE USER [id-vigia] WITH SID = 0x521B1F6C0F9D0E4A8A373A1F0A0D9A11, TYPE = E');
  expect(grant).toBe('GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO [id-vigia]');
});

test('a user of that name with another number was an identity that is gone', () => {
  const [drop] = identityUserStatements({ name: 'id-vigia', clientId });
  expect(drop).toMatch(
    /^IF EXISTS .* sid <> 0x521B1F6C0F9D0E4A8A373A1F0A0D9A11\)\n {2}DROP USER \[id-vigia\]$/,
  );
});

test('no name breaks out of its quotes', () => {
  const [drop, create] = identityUserStatements({ name: "a]b'; DROP TABLE x--", clientId });
  expect(create).toContain("name = N'a]b''; DROP TABLE x--'");
  expect(create).toContain("CREATE USER [a]]b'; DROP TABLE x--] WITH");
  expect(drop).toContain("DROP USER [a]]b'; DROP TABLE x--]");
});
