import { ConnectionError } from 'tedious';
import { expect, test } from 'vitest';
import { refusedAddress } from '../../../../src/adapters/mssql/refused-address.ts';

const refused = {
  number: 40615,
  message:
    "Cannot open server 'sql-vigia' requested by the login. Client with IP address '203.0.113.7' is not allowed to access the server.",
};
const loginFailed = { number: 18456, message: "Login failed for user ''." };
const last = new ConnectionError(loginFailed.message, 'ELOGIN');

test.each([[[refused]], [[refused, loginFailed]], [[loginFailed, refused]]])(
  'the address that the firewall refuses is known, whatever else was told: %j',
  (said) => {
    const { message } = refused;
    expect(refusedAddress(last, said)).toMatchObject({
      ...{ message, address: '203.0.113.7', code: 'ELOGIN', cause: last },
    });
  },
);

test.each([
  [[]],
  [[loginFailed]],
  [[{ ...refused, number: 40914 }]],
  [[{ ...refused, message: 'No address.' }]],
])('nothing else that a server tells is a refused address: %j', (said) => {
  expect(refusedAddress(last, said)).toBeUndefined();
});
