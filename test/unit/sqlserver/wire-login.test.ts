import { TYPES } from 'tedious';
import { expect, test } from 'vitest';
import { echo, scriptedEngine } from './wire-scripted-engine.ts';
import { aWire, query } from './wire-world.ts';

test('a driver logs in and reads a row', async () => {
  const world = await aWire(scriptedEngine(echo));
  const connection = await world.connect();
  const { rows } = await query(connection, 'select @a', (request) => {
    request.addParameter('a', TYPES.Int, 7);
  });
  expect(rows).toEqual([[7]]);
});
